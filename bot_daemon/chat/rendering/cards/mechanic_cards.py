"""An order's card: the one message per order and reader that always shows the order's state."""

from __future__ import annotations

from collections.abc import Callable

from sqlalchemy.orm import Session

from bot_daemon.chat import buttons
from bot_daemon.chat.content import Button, Content, NothingToSay
from bot_daemon.chat.rendering import times, words
from bot_daemon.chat.rendering.cards import order_lines
from bot_daemon.chat.rendering.messages import questions
from bot_daemon.chat.rendering.text import day, escape, fits_message, plate
from common.counter import pickup
from common.database.models import Additives, ChatMessage, Order, OrderState, OutboxRow, Person
from common.events import queue
from common.events.kinds import EventKind
from common.i18n import gettext as _
from common.i18n import ngettext
from common.orders import reasons
from common.orders.moves import REASON_WITHDRAWN
from common.orders.states import CHANGED_AT_ONCE, CHANGED_ON_REQUEST
from common.talk import change_requests, chat
from common.talk.change_requests import Wish
from common.talk.questions import open_in_order

ROOMS = (2300, 1600, 0)  # units for the lines: the first with which the card fits into a message
MAX_WISHES = 3
LATEST = 20  # newest messages searched for the last one of each side


def order_of(session: Session, row: OutboxRow, reader: Person | None) -> Order:
    """The order of a row. Raises: NothingToSay when the order is gone, or its reader was removed."""
    order = session.get(Order, row.order_id) if row.order_id else None
    if order is None or reader is None or reader.archived_at is not None:
        raise NothingToSay
    return order


def card(session: Session, row: OutboxRow, reader: Person | None) -> Content:
    """The card of the mechanic who ordered; any other reader gets no buttons."""
    order = order_of(session, row, reader)
    text = fit_text(lambda room: describe(session, order, room))
    return Content(text, _buttons(session, order) if reader is order.person else [])


def fit_text(text_of: Callable[[int], str]) -> str:
    """The text with the most room for the lines that still fits one message."""
    texts = (text_of(room) for room in ROOMS)
    return next((text for text in texts if fits_message(text)), text_of(ROOMS[-1]))


def describe(session: Session, order: Order, room: int) -> str:
    """All details of an order, in a text with `room` units for its lines."""
    return "\n".join(
        (
            heading(order),
            *_car(order),
            "",
            *order_lines.lines_with_state(order, room),
            *additives(order),
            *_comment(order, 500 if room else 150),
            *_section(*_progress(session, order)),
            *_section(*_question(session, order, 300 if room else 120)),
            *_section(*wishes(session, order, 80 if room else 40), *_last_messages(session, order)),
        )
    )


def heading(order: Order) -> str:
    return f"<b>{words.order(order.id)}</b> · {words.state(order.state)}"


def _section(*facts: str) -> list[str]:
    return ["", *facts] if facts else []


def _car(order: Order) -> list[str]:
    return [f"🚗 {plate(order.vehicle.raw)}", *words.make(order.vehicle.vin)] if order.vehicle else []


def additives(order: Order) -> list[str]:
    """The line for an order explicitly without additives; wanted additives are lines of the order."""
    return ["🚫 " + words.additives(order.additives)] if order.additives is Additives.WITHOUT else []


def _comment(order: Order, most: int) -> list[str]:
    return ["", f"💬 {escape(order.comment, most)}"] if order.comment else []


def _progress(session: Session, order: Order) -> list[str]:
    """The place in the queue, the owner, the reason and end of a wait, the collector, the receiver."""
    facts = [*_in_the_queue(session, order)]
    if order.owner is not None and order.state is not OrderState.CANCELLED:
        facts.append(f"👤 {escape(order.owner.name)}")
    if order.reason:
        facts.append(f"📝 {reason_text(order.reason)}")
    if order.expected_on is not None:
        facts.append("📅 " + _("Expected %(day)s") % {"day": day(order.expected_on)})
    return [*facts, *_pickup(session, order), *_receiver(order)]


def _in_the_queue(session: Session, order: Order) -> list[str]:
    place = queue.place_of(session, order)
    if place is None:
        return []
    if place > queue.PLACES:
        return ["🔢 " + _("More than %(count)s orders are before it.") % {"count": queue.PLACES}]
    before = ngettext("%(count)s order is before it.", "%(count)s orders are before it.", place - 1)
    return ["🔢 " + (before % {"count": place - 1} if place > 1 else _("It is the next one."))]


def _pickup(session: Session, order: Order) -> list[str]:
    if order.state is not OrderState.READY:
        return []
    plan = pickup.current_plan(session, order)
    plans = {
        EventKind.PICKUP_COMING: "🚶 " + _("You are on your way."),
        EventKind.PICKUP_LATER: "🕐 " + _("You come later."),
    }
    facts = [plans[EventKind(plan.kind)]] if plan is not None else []
    if order.pickup_code:
        code = f"<b>{order.pickup_code}</b>"
        facts.append("🔑 " + _("Whoever collects it for you says %(code)s.") % {"code": code})
    return facts


def _receiver(order: Order) -> list[str]:
    if order.state is not OrderState.ISSUED:
        return []
    when = times.time_text(order.state_since)
    if order.issued_to:
        return ["🤝 " + _("Issued to %(name)s, %(time)s") % {"name": escape(order.issued_to, 80), "time": when}]
    return ["🤝 " + _("Issued to you, %(time)s") % {"time": when}]


def _question(session: Session, order: Order, most: int) -> list[str]:
    """The oldest open question, and the number of others."""
    waiting = open_in_order(session, order)
    if not waiting:
        return []
    lines = ["❓ " + _("The desk asks:"), *questions.question_lines(waiting[0], most)]
    if waiting[0].answer:
        lines.append(questions.answer_line(waiting[0]))
    more = len(waiting) - 1
    rest = ngettext("and %(count)s more question", "and %(count)s more questions", more) % {"count": more}
    return [*lines, rest] if more else lines


def wishes(session: Session, order: Order, most: int) -> list[str]:
    """The wishes that the desk has not decided yet, each with so many units for its words."""
    waiting = change_requests.open_requests(session, order)
    lines = [f"📨 {words.wish(Wish(request.kind), request.arguments, most)}" for request in waiting[:MAX_WISHES]]
    more = len(waiting) - MAX_WISHES
    if more > 0:
        lines.append(ngettext("and %(count)s more", "and %(count)s more", more) % {"count": more})
    return ["<i>" + _("Asked of the desk:") + "</i>", *lines] if lines else []


def _last_messages(session: Session, order: Order) -> list[str]:
    """The last message of each side."""
    last: dict[bool, ChatMessage] = {}
    for message in chat.of_order(session, order.id, LATEST):
        last[message.author_id == order.person_id] = message
    return [_message(order, message) for message in sorted(last.values(), key=lambda message: message.id)]


def _message(order: Order, message: ChatMessage) -> str:
    mine = message.author_id == order.person_id
    who = _("You") if mine else escape(message.author.name, 40)
    text = escape(message.text, 120) if message.text else "📎"
    edited = " <i>" + _("(edited)") + "</i>" if message.edited_at else ""
    return f"{'✍️' if mine else '💬'} {who}: {text}{edited}"


def reason_text(text: str) -> str:
    return _("You cancelled it.") if text == REASON_WITHDRAWN else escape(reasons.reason_text(text), 300)


# The mechanic's buttons -----------------------------------------------------------------------------------------------


def _buttons(session: Session, order: Order) -> list[list[Button]]:
    waiting = open_in_order(session, order)
    rows = questions.answer_buttons(waiting[0]) if waiting else []
    if order.state is OrderState.READY:
        rows += ready_buttons(order)
    write = buttons.WRITE.button("✍️ " + _("Write about it"), order=order.id)
    if order.state in CHANGED_AT_ONCE:
        change = buttons.CHANGE.button("✏️ " + _("Change it"), order=order.id, page=0)
        cancel = buttons.CANCEL.button("✖️ " + _("Cancel the order"), order=order.id)
        return [*rows, [change, write], [cancel]]
    if order.state in CHANGED_ON_REQUEST:
        return [*rows, [buttons.CHANGE.button("✏️ " + _("Ask for a change"), order=order.id, page=0), write]]
    return [*rows, [write]] if order.state is OrderState.READY else rows


def ready_buttons(order: Order) -> list[list[Button]]:
    """The answers to "ready"."""
    coming = buttons.COMING.button("🚶 " + _("On my way"), order=order.id)
    later = buttons.LATER.button("🕐 " + _("Later"), order=order.id)
    other = buttons.SOMEBODY_ELSE.button("🔑 " + _("Somebody else collects"), order=order.id)
    return [[coming, later], [other]]
