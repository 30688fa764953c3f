"""Placing orders: what an order may hold, and that the same key places it once."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from common import clock
from common.database.models import Additives, Grade, LineState, Order, OrderLine, OrderState, Person, Unit, Vehicle
from common.errors import InvalidInput
from common.events.kinds import EventKind
from common.events.timeline import record_event
from common.facts.orders import OrderPlaced
from common.orders.content.quantities import MAX_QUANTITY
from common.permissions import Action, Actor, require

MAX_LINES = 50
MAX_WORDS = 200
MAX_REMARK = 300
MAX_COMMENT = 1000


@dataclass(frozen=True)
class WantedLine:
    """A line to order: a part's words in all languages, or free text under the key `""`.

    `quantity` is in `unit` (see `quantities.whole`). `remark` is what was said of the part, as typed.
    """

    words: dict[str, str]
    quantity: int = 1
    part_id: int | None = None
    grade: Grade = Grade.ANY
    unit: Unit = Unit.PIECE
    remark: str = ""


def place_order(
    session: Session,
    *,
    key: str,
    person: Person,
    lines: Sequence[WantedLine],
    actor: Actor,
    vehicle: Vehicle | None = None,
    comment: str = "",
    additives: Additives = Additives.UNSAID,
) -> tuple[Order, bool]:
    """Place an order; the same `key` again returns the order that is there.

    Returns:
        The order, and whether it is new.

    Raises:
        InvalidInput: `no_lines`, `too_many_lines`, `words`, `quantity`, `remark`, `comment`.
        Forbidden: the actor's role may not place orders.
    """
    require(actor, Action.ORDER_PLACE)
    present = session.scalar(select(Order).where(Order.key == key))
    if present is not None:
        return present, False
    _check_lines(lines, comment)
    now = clock.utcnow()
    order = Order(
        key=key,
        person=person,
        vehicle=vehicle,
        state=OrderState.NEW,
        state_since=now,
        comment=comment,
        additives=additives,
        version=1,
        created_at=now,
        updated_at=now,
    )
    order.lines = [new_line(position, wanted) for position, wanted in enumerate(lines, start=1)]
    session.add(order)
    session.flush()
    on_behalf_of = person.name if actor.person_id not in (None, person.id) else ""
    facts = OrderPlaced(lines=len(lines), on_behalf_of=on_behalf_of)
    record_event(session, actor, order, EventKind.ORDER_PLACED, facts)
    return order, True


def _check_lines(lines: Sequence[WantedLine], comment: str) -> None:
    if not lines:
        raise InvalidInput("no_lines")
    if len(lines) > MAX_LINES:
        raise InvalidInput("too_many_lines", most=MAX_LINES)
    for line in lines:
        check_line(line)
    if len(comment) > MAX_COMMENT:
        raise InvalidInput("comment", most=MAX_COMMENT)


def check_line(wanted: WantedLine) -> None:
    """Raises: InvalidInput `words`, `quantity`, `remark`."""
    if not wanted.words or not all(1 <= len(words) <= MAX_WORDS for words in wanted.words.values()):
        raise InvalidInput("words", most=MAX_WORDS)
    check_quantity(wanted.quantity)
    check_remark(wanted.remark)


def check_quantity(quantity: int) -> None:
    """Raises: InvalidInput `quantity`."""
    if not 1 <= quantity <= MAX_QUANTITY:
        raise InvalidInput("quantity", most=MAX_QUANTITY)


def check_remark(remark: str) -> None:
    """Raises: InvalidInput `remark`."""
    if len(remark) > MAX_REMARK:
        raise InvalidInput("remark", most=MAX_REMARK)


def new_line(position: int, wanted: WantedLine) -> OrderLine:
    return OrderLine(
        position=position,
        part_id=wanted.part_id,
        words=wanted.words,
        quantity=wanted.quantity,
        unit=wanted.unit,
        remark=wanted.remark,
        grade=wanted.grade,
        state=LineState.REQUESTED,
    )
