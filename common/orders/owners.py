"""Who is on an order: claimed, given to somebody else, let go of. Taking an order makes its taker the owner, too."""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.orm import Session

from common.database.models import CLOSED, Order, Person
from common.errors import InvalidInput, WrongState
from common.events.kinds import EventKind
from common.events.timeline import record_event
from common.facts.orders import OwnerChanged
from common.orders import locking, reading
from common.permissions import Action, Actor, may, require, roles_that

MAX_CANDIDATES = 200


def candidates(session: Session) -> list[Person]:
    """Who may be on an order, by name."""
    serving = select(Person).where(Person.role.in_(roles_that(Action.ORDER_MOVE)), Person.archived_at.is_(None))
    return list(session.scalars(serving.order_by(Person.name, Person.id).limit(MAX_CANDIDATES)))


def assign(session: Session, actor: Actor, order_id: int, person_id: int | None, *, expected_version: int) -> Order:
    """Assign the order to this person; None: to nobody. Assigning it to its present owner changes nothing.

    Raises:
        NotFound: no such order.
        StaleVersion: it changed since the caller read it.
        Forbidden: not by this role.
        WrongState: it is closed.
        InvalidInput: `owner`: nobody of that number serves orders.
    """
    require(actor, Action.ORDER_ASSIGN)
    person = _get_candidate(session, person_id) if person_id is not None else None
    present = reading.get_order(session, order_id)
    if present.owner_id == person_id and present.version == expected_version:
        return present
    order = locking.lock_at_version(session, order_id, expected_version)
    if order.state in CLOSED:
        raise WrongState("order", order.state)
    before, order.owner = order.owner, person
    session.flush()
    facts = OwnerChanged(before=before.name if before else "", owner=person.name if person else "")
    record_event(session, actor, order, _event_kind(actor, person), facts)
    return order


def _get_candidate(session: Session, person_id: int) -> Person:
    person = session.get(Person, person_id)
    if person is None or person.archived_at is not None or not may(person.role, Action.ORDER_MOVE):
        raise InvalidInput("owner")
    return person


def _event_kind(actor: Actor, person: Person | None) -> EventKind:
    if person is None:
        return EventKind.ORDER_RELEASED
    return EventKind.ORDER_CLAIMED if person.id == actor.person_id else EventKind.ORDER_ASSIGNED
