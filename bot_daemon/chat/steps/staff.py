"""Linked staff: new orders, their own orders, and the desk's moves, with the desk's permissions and versions."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps

from sqlalchemy import select
from sqlalchemy.orm import Session

from bot_daemon.chat import buttons
from bot_daemon.chat.incoming import Answer, Incoming, Step
from bot_daemon.chat.rendering import words
from bot_daemon.chat.screens import ScreenView
from bot_daemon.chat.steps.access import MemberStep, for_members, is_in_place, show
from bot_daemon.chat.steps.cards import send_anew
from bot_daemon.chat.steps.home import answer_outdated
from bot_daemon.chat.steps.replies import cause_key
from common.database.models import Event, Order, Person, Via
from common.errors import InvalidInput, NotFound, StaleVersion, WrongState
from common.events import cards
from common.i18n import gettext as _
from common.i18n import isolated
from common.orders import moves, reading, reasons
from common.orders.moves import TRANSITIONS, Move
from common.permissions import Action, Actor, may


def for_staff(step: MemberStep) -> Step:
    """Wrap a step for staff. A press by anyone else is forged, or from before a change of role."""

    @wraps(step)
    def guarded(session: Session, incoming: Incoming, person: Person) -> Answer:
        if not may(person.role, Action.ORDER_MOVE):
            return answer_outdated(session, incoming)
        return step(session, incoming, person)

    return for_members(guarded)


@for_staff
def show_desk(session: Session, incoming: Incoming, person: Person) -> Answer:
    values = buttons.DESK.read(incoming.text)
    return show(session, incoming, person, ScreenView.DESK, {"which": values["which"], "page": int(values["page"])})


OrderStep = Callable[[Session, Incoming, Person, Order, dict[str, str]], Answer]


def at_order(press: buttons.Press) -> Callable[[OrderStep], Step]:
    """The step of a button that names an order."""

    def decorate(step: OrderStep) -> Step:
        @wraps(step)
        def pressed(session: Session, incoming: Incoming, person: Person) -> Answer:
            values = press.read(incoming.text)
            try:
                order = reading.get_order(session, int(values["order"]))
            except NotFound:
                return Answer(_("There is no such order."))
            return step(session, incoming, person, order, values)

        return for_staff(pressed)

    return decorate


@at_order(buttons.STAFF_ORDER)
def show_card(session: Session, incoming: Incoming, person: Person, order: Order, values: dict[str, str]) -> Answer:
    send_anew(session, incoming, order, person)
    return Answer(_("Order %(number)s is below.") % {"number": order.id})


@at_order(buttons.WHY)
def ask_reason(session: Session, incoming: Incoming, person: Person, order: Order, values: dict[str, str]) -> Answer:
    """Ask for the reason of a move, unless the order has changed already."""
    if values["move"] not in {move.value for move in reasons.OFFERED}:
        return answer_outdated(session, incoming)
    if int(values["version"]) != order.version:
        return _answer_overtaken(session, incoming, person, order, Move(values["move"]), int(values["version"]))
    arguments = {"order": order.id, "version": order.version, "move": values["move"]}
    return show(session, incoming, person, ScreenView.WHY, arguments)


@at_order(buttons.MOVE)
def move(session: Session, incoming: Incoming, person: Person, order: Order, values: dict[str, str]) -> Answer:
    return _move(session, incoming, person, order, values)


@at_order(buttons.MOVE_WHY)
def move_with_reason(
    session: Session, incoming: Incoming, person: Person, order: Order, values: dict[str, str]
) -> Answer:
    answer = _move(session, incoming, person, order, values)
    if is_in_place(session, incoming):
        show(session, incoming, person, ScreenView.HOME)
    return answer


def _move(session: Session, incoming: Incoming, person: Person, order: Order, values: dict[str, str]) -> Answer:
    if values["move"] not in set(Move):
        return answer_outdated(session, incoming)
    wanted, seen = Move(values["move"]), int(values["version"])
    reason = reasons.reason_code(values["reason"]) if values.get("reason") in reasons.OFFERED.get(wanted, ()) else ""
    try:
        with session.begin_nested():  # a refusal leaves no trace of the attempt
            actor = Actor.of(person, Via.BOT)
            moves.move_order(
                session, actor, order.id, wanted, expected_version=seen, reason=reason, day_unknown=True
            )  # the buttons offer reasons, not days
    except (StaleVersion, WrongState):
        return _answer_overtaken(session, incoming, person, order, wanted, seen)
    except InvalidInput:
        return answer_outdated(session, incoming)
    return Answer(_order_text(order))


def _answer_overtaken(
    session: Session, incoming: Incoming, person: Person, order: Order, wanted: Move, seen: int
) -> Answer:
    """Tell the change made meanwhile, and send the present card. A repeat of one's own press is answered as done."""
    session.refresh(order)
    cards.update_card(session, order, person, cause=cause_key(incoming))
    since = select(Event).where(Event.order_id == order.id, Event.version > seen).order_by(Event.id.desc())
    newest = session.scalars(since.limit(1)).first()
    mine = newest is not None and newest.actor_id == person.id
    if mine and order.state is TRANSITIONS[wanted].target:
        return Answer(_order_text(order))
    if newest is None or newest.actor is None or mine:
        return Answer(_("Not done, it has changed meanwhile. %(order)s") % {"order": _order_text(order)}, alert=True)
    facts = {"who": isolated(newest.actor.name), "order": _order_text(order)}
    return Answer(_("Not done: %(who)s was first. %(order)s") % facts, alert=True)


def _order_text(order: Order) -> str:
    return f"{words.order(order.id)}: {words.state(order.state)}"
