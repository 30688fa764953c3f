"""Orders that staff place at the counter, for a person who stands there or calls."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session

from common.cars import vehicles
from common.catalogue import catalogue
from common.database.engine import storable
from common.database.models import Grade, Order, Part, Person, Role, Unit
from common.errors import InvalidInput
from common.orders import locking, moves, placing
from common.orders.lines import clean_remark
from common.orders.moves import TRANSITIONS, Move
from common.orders.placing import WantedLine
from common.permissions import Action, Actor, require

MOST_FOUND = 8


def find_people(session: Session, typed: str) -> list[Person]:
    """People whose name contains this, mechanics first. Case is folded here: SQLite ignores case for ASCII only."""
    wanted = typed.casefold().split()
    if not wanted:
        return []
    here = select(Person.id, Person.name, Person.role).where(Person.archived_at.is_(None)).order_by(Person.name)
    names = [(role is not Role.MECHANIC, name.casefold(), number) for number, name, role in session.execute(here)]
    found = sorted(one for one in names if all(word in one[1] for word in wanted))[:MOST_FOUND]
    return [session.get_one(Person, number) for *_, number in found]


def wanted_line(
    session: Session, part_id: int | None, words: str, *, quantity: int, unit: Unit, grade: Grade, remark: str
) -> WantedLine:
    """A line for a live part of the catalogue, in its names, or else a line with the given words.

    Raises:
        InvalidInput: `part_gone`.
    """
    remark = clean_remark(remark)
    if part_id is None:
        return WantedLine({"": " ".join(storable(words).split())}, quantity, None, grade, unit, remark)
    part: Part | None = catalogue.live_part(session, part_id)
    if part is None:
        raise InvalidInput("part_gone")
    return WantedLine(dict(part.names), quantity, part.id, grade, unit, remark)


def place_at_desk(
    session: Session,
    *,
    key: str,
    person_id: int | None,
    car: str,
    lines: Sequence[WantedLine],
    actor: Actor,
    comment: str = "",
    take: bool = False,
) -> tuple[Order, bool]:
    """Place an order for another person. A second call with the same `key` returns the existing order.

    The mechanic gets its card without a sound; the timeline names the person who placed it and the mechanic.

    Args:
        car: a plate, VIN or frame number, as typed.
        take: the actor becomes its owner at once.

    Returns:
        The order, and whether it is new.

    Raises:
        InvalidInput: `person_needed`, `plate_empty`, `plate_long`, and see `placing.place_order`.
        Forbidden: the role does not allow it.
    """
    require(actor, Action.ORDER_PLACE_FOR)
    person = session.get(Person, person_id) if person_id is not None else None
    if person is None or person.archived_at is not None:
        raise InvalidInput("person_needed")
    vehicle = vehicles.remember(session, vehicles.read_vehicle(car))
    order, is_new = placing.place_order(
        session,
        key=f"desk:{key}",
        person=person,
        lines=lines,
        actor=actor,
        vehicle=vehicle,
        comment=storable(comment).strip(),
    )
    if is_new and take:
        locking.bump_version(order)
        moves.apply_move(session, actor, order, TRANSITIONS[Move.TAKE])
    return order, is_new
