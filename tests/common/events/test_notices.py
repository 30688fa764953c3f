"""Every notice of every event, by the table: who hears of it once, and who does not. A new row comes along."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from common.database.engine import Database
from common.database.models import Order, OutboxRow, Person, Role
from common.events.kinds import Audience, EventKind
from common.events.timeline import record_event
from common.messaging.kinds import MessageKind
from common.people import people, preferences
from tests.support.cast import acts
from tests.support.counter import Station
from tests.support.examples import example

# Of this event this audience gets this notice.
NOTICES = [(event, who, kind) for event in EventKind for who, kind in event.spec.told.items() if kind is not None]


@pytest.fixture
def station(database: Database, dima: Person, rina: Person) -> Station:
    return Station(database, dima, rina)


@pytest.fixture
def olga(database: Database) -> Person:
    """A storekeeper who linked her Telegram, and is on every order here."""
    with database.write() as session:
        return people.add_person(session, name="Olga", role=Role.STOREKEEPER, language="en", telegram_id=77)


def happens(station: Station, event: EventKind, kind: MessageKind, by: Person, olga: Person) -> list[int | None]:
    """The event happens to an order that has just been placed. Returns who is sent its notice."""
    order_id = station.place(taken=False)
    with station.database.write() as session:
        order = session.get_one(Order, order_id)
        order.owner_id, order.version = olga.id, 2
        recorded = record_event(session, acts(by), order, event, example(kind)).id
        sent = select(OutboxRow.person_id).where(OutboxRow.kind == kind, OutboxRow.event_id == recorded)
        return list(session.scalars(sent))


def mute(station: Station, *kinds: str) -> None:
    """Both readers switch these off, and nothing else."""
    with station.database.write() as session:
        for person in session.scalars(select(Person).where(Person.telegram_id.is_not(None))):
            person.muted = list(kinds)


def test_its_reader_hears_of_it_once(station: Station, dima: Person, olga: Person) -> None:
    mute(station)
    for event, audience, kind in NOTICES:
        reader = dima if audience is Audience.MECHANIC else olga
        assert happens(station, event, kind, station.rina, olga) == [reader.id], event


def test_nobody_hears_of_what_they_did_themselves(station: Station, dima: Person, olga: Person) -> None:
    mute(station)
    for event, audience, kind in NOTICES:
        reader = dima if audience is Audience.MECHANIC else olga
        assert happens(station, event, kind, reader, olga) == [], event


def test_who_switched_it_off_hears_of_what_cannot_be_switched_off_only(station: Station, olga: Person) -> None:
    mute(station, *MessageKind)
    for event, _, kind in NOTICES:
        hears = happens(station, event, kind, station.rina, olga)
        assert bool(hears) is (kind not in preferences.MUTABLE), event
