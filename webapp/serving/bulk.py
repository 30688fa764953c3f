"""Changes of many orders at once: each is changed separately, if it is as the reader saw it, and has its own result."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from flask import Blueprint, make_response, render_template, request
from markupsafe import Markup
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response as WerkzeugResponse

from common.database.models import Order, OrderState
from common.errors import InvalidInput, NotFound, StaleVersion, WrongState
from common.i18n import gettext
from common.orders import moves, owners, reading
from common.orders.moves import Collector, Move
from common.permissions import Action
from common.text.numbers import MAX_VERSION, parse_number
from webapp.orders import order_forms
from webapp.talk import timeline
from webapp.web.access import needs
from webapp.web.context import desk, reader
from webapp.wording import words

blueprint = Blueprint("bulk", __name__)
MAX_ORDERS = 100
ASSIGN = "assign"
MOVES = (Move.TAKE, Move.READY, Move.ISSUE, Move.CANCEL)


@dataclass(frozen=True)
class SeenOrder:
    """An order as its row on the page showed it."""

    order_id: int
    version: int


@dataclass(frozen=True)
class BulkOutcome:
    """The result for one order: its new state, or why it is unchanged."""

    order_id: int
    state: OrderState | None
    why: str | Markup = ""

    @property
    def is_done(self) -> bool:
        return self.state is not None


@dataclass(frozen=True)
class BulkPage:
    """The content of the page of results."""

    title: str
    back: str  # the address of the list that sent the form
    outcomes: Sequence[BulkOutcome] = ()
    wrong: str = ""  # why the whole form was refused

    @property
    def done(self) -> list[BulkOutcome]:
        return [outcome for outcome in self.outcomes if outcome.is_done]

    @property
    def unchanged(self) -> list[BulkOutcome]:
        return [outcome for outcome in self.outcomes if not outcome.is_done]


@blueprint.post("/orders/moves")
@needs(Action.ORDER_MOVE)
def move() -> WerkzeugResponse:
    """Move the ticked orders, or all of the page, each in a separate transaction."""
    back = _return_address()
    try:
        wanted, seen = _requested_move(), _picked_orders()
    except InvalidInput as error:
        page = BulkPage(gettext("Nothing was moved"), back, wrong=words.refusal(error))
        return make_response(render_template("serving/bulk.html", page=page), 400)
    title = gettext("Assign") if wanted is None else words.word_of(words.MOVES, wanted)
    page = BulkPage(title, back, [_change_one(one, wanted) for one in seen])
    return make_response(render_template("serving/bulk.html", page=page))


def _return_address() -> str:
    """The address of the list that sent the form, if it is a path of this desk."""
    given = request.form.get("back", "")
    return given if given.partition("?")[0] == "/orders" else "/orders"


def _requested_move() -> Move | None:
    """The move; None: the orders get an owner instead. Raises: InvalidInput."""
    given = request.form.get("move", "")
    if given == ASSIGN:
        return None
    if given not in MOVES:
        raise InvalidInput("form")
    wanted = Move(given)
    if moves.TRANSITIONS[wanted].needs_reason and not request.form.get("reason", "").strip():
        raise InvalidInput("reason_needed")
    return wanted


def _picked_orders() -> list[SeenOrder]:
    """Raises: InvalidInput `nothing_picked`, `too_many_picked`, `form`."""
    given = request.form.getlist("shown" if request.form.get("all") == "1" else "pick")
    if not given:
        raise InvalidInput("nothing_picked")
    if len(given) > MAX_ORDERS:
        raise InvalidInput("too_many_picked", most=MAX_ORDERS)
    return [_parse_seen(value) for value in dict.fromkeys(given)]


def _parse_seen(value: str) -> SeenOrder:
    number, _, seen = value.partition(":")
    order_id, version = parse_number(number), parse_number(seen, MAX_VERSION)
    if order_id is None or version is None:
        raise InvalidInput("form")
    return SeenOrder(order_id, version)


def _change_one(seen: SeenOrder, wanted: Move | None) -> BulkOutcome:
    try:
        with desk().write("desk") as session:
            order = _assign_order(session, seen) if wanted is None else _move_order(session, seen, wanted)
            return BulkOutcome(seen.order_id, order.state)
    except NotFound:
        return BulkOutcome(seen.order_id, None, gettext("There is no such order."))
    except InvalidInput as error:
        return BulkOutcome(seen.order_id, None, words.refusal(error))
    except (StaleVersion, WrongState):
        with desk().database.read() as session:
            return BulkOutcome(seen.order_id, None, _why_unchanged(session, seen))


def _move_order(session: Session, seen: SeenOrder, wanted: Move) -> Order:
    name = request.form.get("collector", "") if wanted is Move.ISSUE else ""
    return moves.move_order(
        session,
        reader().actor,
        seen.order_id,
        wanted,
        expected_version=seen.version,
        reason=request.form.get("reason", "") if moves.TRANSITIONS[wanted].needs_reason else "",
        collector=Collector(name) if name.strip() else None,
    )


def _assign_order(session: Session, seen: SeenOrder) -> Order:
    """Raises: InvalidInput `owner`."""
    owner = order_forms.owner_given()
    return owners.assign(session, reader().actor, seen.order_id, owner, expected_version=seen.version)


def _why_unchanged(session: Session, seen: SeenOrder) -> str | Markup:
    """The changes since the reader saw it, or that its state does not allow the move."""
    facts = timeline.since(session, seen.order_id, seen.version)
    if facts:
        return facts[-1].sentence
    state = words.word_of(words.STATES, reading.get_order(session, seen.order_id).state)
    return gettext("Its state does not allow it: %(state)s.") % {"state": state}
