"""Slips: orders on paper. The timeline records each printing, so that a second slip can be marked as a copy."""

from __future__ import annotations

import enum
from collections.abc import Collection, Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session

from common.database.models import Event, Order
from common.errors import InvalidInput
from common.events.kinds import EventKind
from common.events.timeline import record_event
from common.facts.orders import SlipPrinted
from common.orders import locking
from common.permissions import Action, Actor, require

MAX_SLIPS = 50  # slips in one print
PRINTED, FAILED = EventKind.SLIP_PRINTED, EventKind.SLIP_FAILED


class Width(enum.StrEnum):
    """The width of the printer's paper."""

    ROLL_80 = "80"  # mm
    ROLL_58 = "58"
    A4 = "a4"


def prints(session: Session, order_ids: Collection[int], kind: EventKind = PRINTED) -> dict[int, list[Event]]:
    """The printed slips of each of these orders, oldest first."""
    found: dict[int, list[Event]] = {order_id: [] for order_id in order_ids}
    asked = select(Event).where(Event.order_id.in_(found), Event.kind == kind).order_by(Event.id)
    for event in session.scalars(asked):
        found[event.order_id].append(event)
    return found


def print_of_key(events: Sequence[Event], key: str) -> Event | None:
    """The slip that this press of the button printed."""
    return next((event for event in events if SlipPrinted.read(event.arguments).key == key), None)


def record_printed(session: Session, actor: Actor, order_ids: Collection[int], width: Width, *, key: str) -> None:
    """Record on each order's timeline that its slip is printed, with the number of the copy. Sends no messages.

    The version stays, because printing does not change the order.

    Args:
        key: of this press of the button; a repeated request counts as the same slip.

    Raises:
        NotFound, Forbidden.
        InvalidInput: `slips_none`, `slips_many`.
    """
    for order, papers in _lock_orders(session, actor, order_ids):
        if print_of_key(papers, key) is None:
            facts = SlipPrinted(copy=len(papers) + 1, width=width.value, key=key)
            record_event(session, actor, order, PRINTED, facts)


def record_failed(session: Session, actor: Actor, order_ids: Collection[int], *, key: str) -> None:
    """Record on the timeline that the slips of this press did not come out; a second call has no effect.

    Raises: as `record_printed`.
    """
    for order, papers in _lock_orders(session, actor, order_ids):
        paper = print_of_key(papers, key)
        failures = prints(session, [order.id], FAILED)[order.id]
        if paper is not None and print_of_key(failures, key) is None:
            record_event(session, actor, order, FAILED, SlipPrinted.read(paper.arguments))


def _lock_orders(session: Session, actor: Actor, order_ids: Collection[int]) -> list[tuple[Order, list[Event]]]:
    """The orders with their slips. They are locked in one fixed sequence, so that two calls cannot deadlock."""
    require(actor, Action.SLIP_PRINT)
    wanted = sorted(set(order_ids))
    if not wanted:
        raise InvalidInput("slips_none")
    if len(wanted) > MAX_SLIPS:
        raise InvalidInput("slips_many", most=MAX_SLIPS)
    held = [locking.lock_order(session, order_id) for order_id in wanted]
    papers = prints(session, wanted)
    return [(order, papers[order.id]) for order in held]
