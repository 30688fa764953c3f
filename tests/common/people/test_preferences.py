"""Which notices sound: choices, quiet hours around midnight, and what cannot be switched off."""

from __future__ import annotations

import pytest

from common.database.engine import Database
from common.database.models import Person
from common.errors import InvalidInput
from common.messaging.kinds import MessageKind
from common.messaging.message_spec import Family
from common.orders.moves import Move
from common.people import preferences
from common.people.preferences import MUTABLE
from common.talk import chat, questions
from tests.support.cast import DIMA, RINA, hire
from tests.support.counter import Station


@pytest.fixture
def station(any_database: Database) -> Station:
    return Station(any_database, hire(any_database, DIMA), hire(any_database, RINA))


def mute(station: Station, kind: str, muted: bool = True) -> None:
    with station.database.write() as session:
        preferences.set_muted(session, session.get_one(Person, station.dima.id), kind, muted)


def test_a_notice_that_is_switched_off_is_not_sent_and_the_card_follows(station: Station) -> None:
    for _ in range(2):
        mute(station, MessageKind.NOTICE_READY)
    order_id = station.place()
    station.move(order_id, Move.READY)
    assert not station.queued(MessageKind.NOTICE_READY)
    assert station.queued("card")
    station.move(order_id, Move.REOPEN)
    for _ in range(2):
        mute(station, MessageKind.NOTICE_READY, muted=False)
    station.move(order_id, Move.READY)
    assert station.queued(MessageKind.NOTICE_READY)


def test_a_message_that_staff_wrote_is_sent_all_the_same(station: Station) -> None:
    mute(station, "chat")
    order_id = station.place()
    with station.database.write() as session:
        chat.write(session, station.desk, order_id, "x", key="k")
        dima = session.get_one(Person, station.dima.id)
        assert preferences.is_silent(dima, "chat", 600)
        assert not preferences.is_silent(dima, MessageKind.NOTICE_READY, 600)
    assert station.queued("chat")


@pytest.mark.parametrize("kind", [MessageKind.NOTICE_QUESTION, MessageKind.NOTICE_SUBSTITUTE, "card", "nonsense"])
def test_what_asks_for_an_answer_cannot_be_switched_off(station: Station, kind: str) -> None:
    with pytest.raises(InvalidInput, match="notice"):
        mute(station, kind)


def test_a_question_is_sent_whatever_is_muted(station: Station) -> None:
    for kind in MUTABLE:
        mute(station, kind)
    order_id = station.place()
    with station.database.write() as session:
        questions.ask(session, station.desk, order_id, "side", "?", expected_version=2)
    assert station.queued(MessageKind.NOTICE_QUESTION)


def test_every_notice_but_a_question_and_a_correction_can_be_switched_off() -> None:
    notices = {kind for kind in MessageKind if kind.spec.family in (Family.NOTICE, Family.CHAT)}
    assert notices - set(MUTABLE) == {
        MessageKind.NOTICE_QUESTION,
        MessageKind.NOTICE_SUBSTITUTE,
        MessageKind.NOTICE_UNDONE,
    }
    assert set(MUTABLE) <= notices


@pytest.mark.parametrize(
    ("hours", "quiet", "loud"),
    [
        ((22 * 60, 7 * 60), [22 * 60, 23 * 60 + 59, 0, 7 * 60 - 1], [7 * 60, 12 * 60, 22 * 60 - 1]),
        ((13 * 60, 14 * 60), [13 * 60, 14 * 60 - 1], [13 * 60 - 1, 14 * 60, 0]),
        ((0, 7 * 60), [0, 1], [7 * 60, 23 * 60 + 59]),
        (None, [], [0, 720]),
    ],
)
def test_quiet_hours_span_midnight(
    database: Database, dima: Person, hours: tuple[int, int] | None, quiet: list[int], loud: list[int]
) -> None:
    with database.write() as session:
        person = session.get_one(Person, dima.id)
        preferences.set_quiet(session, person, hours)
        assert all(preferences.is_quiet(person, minute) for minute in quiet)
        assert not any(preferences.is_quiet(person, minute) for minute in loud)


@pytest.mark.parametrize("hours", [(0, 0), (-1, 60), (60, 1440)])
def test_hours_that_are_none_are_refused(database: Database, dima: Person, hours: tuple[int, int]) -> None:
    with pytest.raises(InvalidInput, match="quiet_hours"), database.write() as session:
        preferences.set_quiet(session, session.get_one(Person, dima.id), hours)


def test_every_message_that_can_be_switched_off_has_a_name() -> None:
    assert [kind for kind in MessageKind if kind.spec.switch] == [*MUTABLE]
