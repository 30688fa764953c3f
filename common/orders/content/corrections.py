"""Corrections of what is wanted of a line: how much of it, in which unit, and what was said of it."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from common.database import rows
from common.database.models import CLOSED, Event, Order, OrderLine, Unit
from common.errors import WrongState
from common.events.kinds import EventKind
from common.facts.orders import LineCounted, LineRemarked
from common.orders import lines, locking
from common.orders.states import WAS_HANDED_OUT
from common.permissions import Action, Actor, require


@dataclass(frozen=True)
class Wanted:
    """What is wanted of a line beside its part."""

    quantity: int
    unit: Unit
    remark: str

    @classmethod
    def of(cls, line: OrderLine) -> Wanted:
        return cls(line.quantity, line.unit, line.remark)


@dataclass(frozen=True)
class Corrected:
    """The last change of an order was this line's correction; it was wanted otherwise `before`."""

    line: OrderLine
    before: Wanted


def is_correctable(order: Order, line: OrderLine) -> bool:
    """Whether the line may still be wanted otherwise."""
    return order.state not in CLOSED and line.state not in WAS_HANDED_OUT


def correct_line(
    session: Session, actor: Actor, order_id: int, line_id: int, wanted: Wanted, *, expected_version: int
) -> Order:
    """Correct what is wanted of a line, if nobody changed the order meanwhile. What is so already changes nothing.

    Raises:
        NotFound: no such order, or no such line of it.
        StaleVersion: the order changed since the caller read it.
        Forbidden: not by this role.
        WrongState: the order is closed, or the line was handed out.
        InvalidInput: `quantity`, `remark`.
    """
    require(actor, Action.LINE_CHANGE)
    order = locking.lock_order(session, order_id)
    rows.check_version(order, expected_version, "order")
    line = lines.get_line(order, line_id)
    if not is_correctable(order, line):
        raise WrongState("order", order.state) if order.state in CLOSED else WrongState("line", line.state)
    remark = lines.clean_remark(wanted.remark)
    if Wanted(wanted.quantity, wanted.unit, remark) != Wanted.of(line):
        locking.bump_version(order)
        lines.set_quantity(session, actor, order, line, wanted.quantity, wanted.unit)
        lines.set_remark(session, actor, order, line, remark)
    return order


def last_correction(session: Session, order: Order, person_id: int) -> Corrected | None:
    """The correction that this person made last, as long as nothing happened to the order since: it can be undone."""
    newest = select(Event).where(Event.order_id == order.id, Event.version == order.version)
    events = session.scalars(newest).all()
    found = [EventKind(event.kind).spec.arguments.read(event.arguments) for event in events if _is_by(event, person_id)]
    facts = [one for one in found if isinstance(one, LineCounted | LineRemarked)]
    line = next((line for line in order.lines if facts and line.id == facts[0].line), None)
    if line is None or len(facts) < len(events) or not is_correctable(order, line):
        return None
    return Corrected(line, _before(line, facts))


def _is_by(event: Event, person_id: int) -> bool:
    return event.actor_id == person_id and event.kind in (EventKind.LINE_COUNTED, EventKind.LINE_REMARKED)


def _before(line: OrderLine, facts: list[LineCounted | LineRemarked]) -> Wanted:
    wanted = Wanted.of(line)
    for fact in facts:
        if isinstance(fact, LineCounted):
            wanted = Wanted(int(fact.before), fact.unit_before, wanted.remark)
        else:
            wanted = Wanted(wanted.quantity, wanted.unit, fact.remark_before)
    return wanted
