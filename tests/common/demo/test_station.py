"""The demo's station looks like one at work, and nothing of its past is sent again."""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy import func, select

from common import clock
from common.cars.vehicles import read_plate
from common.database.engine import Database
from common.database.models import (
    Card,
    Event,
    Invitation,
    Order,
    OrderState,
    OutboxRow,
    OutboxState,
    Person,
    Role,
    Screen,
)
from common.demo import station
from common.demo.stories import STORIES
from common.people import invitations, logins, people

PASSWORD = "oak-otter-dynamo"


def test_there_are_orders_in_every_state(any_database: Database) -> None:
    station.seed(any_database, PASSWORD)
    with any_database.read() as session:
        found = list(session.scalars(select(Order).order_by(Order.id)))
        assert {order.state for order in found} == set(OrderState)
        assert [order.created_at for order in found] == sorted(order.created_at for order in found)
        assert all(order.lines and order.vehicle for order in found)


def test_every_part_named_in_a_story_is_in_the_catalogue_and_every_plate_is_one(any_database: Database) -> None:
    station.seed(any_database, PASSWORD)
    with any_database.read() as session:
        lines = [line for order in session.scalars(select(Order)) for line in order.lines]
        assert [line.words[""] for line in lines if line.part_id is None] == ["Прокладка клапанной крышки, мотор 1.6"]
    assert {read_plate(story.plate).country for story in STORIES} == {"il", "ru"}


def test_nothing_happened_in_the_future_and_nothing_waits_to_be_sent(any_database: Database) -> None:
    station.seed(any_database, PASSWORD)
    with any_database.read() as session:
        assert session.scalars(select(func.max(Event.at))).one() <= clock.utcnow()
        states = set(session.scalars(select(OutboxRow.state)))
        assert states == {OutboxState.SENT, OutboxState.SUPERSEDED}
        for order in session.scalars(select(Order)):
            times = [event.at for event in order.events]
            assert times == sorted(times)


def test_staff_can_log_in_and_mechanics_are_the_emulators_cast(any_database: Database) -> None:
    station.seed(any_database, PASSWORD)
    with any_database.read() as session:
        for username, role in (("rina", Role.STOREKEEPER), ("avi", Role.MANAGER)):
            person_id, hashed = logins.find(session, username)
            assert logins.password_matches(PASSWORD, hashed)
            assert session.get_one(Person, person_id).role is role
        languages = [person.language for number in (1001, 1002) if (person := people.by_telegram(session, number))]
    assert languages == ["ru", "he"]


def test_a_second_start_keeps_what_is_there(any_database: Database) -> None:
    station.seed(any_database, PASSWORD)
    station.seed(any_database, "another-password")
    with any_database.read() as session:
        assert session.scalar(select(func.count()).select_from(Order)) == len(STORIES)
        assert logins.password_matches(PASSWORD, logins.find(session, "rina")[1])


def test_the_chats_of_the_last_run_are_forgotten(any_database: Database) -> None:
    station.seed(any_database, PASSWORD)
    with any_database.write() as session:
        session.scalars(select(Card).limit(1)).one().message_id = 7
        session.add(Screen(chat_id=1001, view="menu", arguments={}, message_id=8))
    station.forget_chats(any_database)
    with any_database.read() as session:
        assert set(session.scalars(select(Card.message_id))) == {None}
        assert session.scalar(select(func.count()).select_from(Screen)) == 0


def test_the_invitation_stays_the_same_while_it_is_open(any_database: Database) -> None:
    first = station.open_invitation(any_database, "")
    assert station.open_invitation(any_database, first) == first
    with clock.travel(timedelta(hours=23)):
        later = station.open_invitation(any_database, first)
    assert later != first
    with any_database.write() as session:
        invitations.accept(session, later, telegram_id=1003, language="en")
    assert station.open_invitation(any_database, later) not in (first, later)
    with any_database.read() as session:
        assert session.scalar(select(func.count()).select_from(Invitation)) == 3
