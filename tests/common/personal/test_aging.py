"""What nobody needs any more goes by itself; the numbers stay, and open orders keep everything."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import func, select

from common import clock
from common.database.engine import Database
from common.database.models import (
    AuditEntry,
    CarWord,
    ChatMessage,
    Media,
    MediaContent,
    Order,
    OrderLine,
    OrderWord,
    Person,
    Role,
    Vehicle,
)
from common.orders.moves import Move
from common.people import staff
from common.personal import aging
from common.settings.retention import RetentionSettings
from tests.common.personal.keeping import keeping
from tests.common.personal.planted import MARK, planted
from tests.support.cast import AVI, RINA, Member, acts, hire
from tests.webapp.desks import line, move, place

WORDS, CARS, AUDIT = keeping(keep_words_days=30), keeping(keep_cars_days=30), keeping(keep_audit_days=30)


def age(database: Database, retention: RetentionSettings) -> None:
    while True:
        with database.write() as session:
            if not aging.age(session, retention, "en"):
                return


def later(database: Database, retention: RetentionSettings, monkeypatch: pytest.MonkeyPatch, days: int = 31) -> None:
    then = clock.utcnow() + timedelta(days=days)
    monkeypatch.setattr(clock, "utcnow", lambda: then)
    age(database, retention)
    monkeypatch.undo()


def test_a_closed_order_loses_its_words_and_files_and_keeps_its_numbers(
    any_database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    planted(any_database)
    age(any_database, WORDS)
    with any_database.read() as session:
        assert session.get_one(Order, 1).comment
    later(any_database, WORDS, monkeypatch)
    with any_database.read() as session:
        order = session.get_one(Order, 1)
        assert (order.comment, order.forgotten_at is None) == ("", False)
        assert [one.words for one in order.lines] == [{"": "—"}]
        assert {said.text for said in session.scalars(select(ChatMessage).where(ChatMessage.order_id == 1))} == {""}
        assert not session.scalars(select(Media)).all()
        assert not session.scalars(select(MediaContent)).all()
        assert not session.scalars(select(OrderWord).where(OrderWord.word.contains(MARK))).all()
        assert [event.kind for event in order.events]


def test_an_open_order_keeps_everything_however_old(any_database: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    dima = hire(any_database, Member("Dima", "ru", Role.MECHANIC))
    order = place(any_database, dima, line("bolt"), comment="mine")
    later(any_database, keeping(keep_words_days=1, keep_cars_days=1, keep_audit_days=1), monkeypatch, days=9999)
    with any_database.read() as session:
        kept = session.get_one(Order, order.id)
        assert (kept.comment, kept.vehicle_id is None, kept.lines[0].words) == ("mine", False, {"": "bolt"})


def test_a_car_goes_when_nothing_was_ordered_for_it_lately(
    any_database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    dima, rina = hire(any_database, Member("Dima", "ru", Role.MECHANIC)), hire(any_database, RINA)
    old, other = place(any_database, dima, plate="1234567"), place(any_database, dima, plate="7654321")
    for what in (Move.TAKE, Move.READY, Move.ISSUE):
        move(any_database, old.id, what, rina)
    later(any_database, CARS, monkeypatch)
    with any_database.read() as session:
        assert session.get_one(Order, old.id).vehicle_id is None
        assert session.scalars(select(Vehicle.key)).all() == ["7654321"]
        assert {word.vehicle_id for word in session.scalars(select(CarWord))} == {other.vehicle_id}
        assert session.scalar(select(func.count()).select_from(OrderLine)) == 2


def test_the_audit_ends_with_its_days(any_database: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    avi = hire(any_database, AVI)
    with any_database.write() as session:
        staff.record(session, acts(avi), "person.added", session.get_one(Person, avi.id))
    age(any_database, AUDIT)
    assert _entries(any_database) == 1
    later(any_database, AUDIT, monkeypatch)
    assert _entries(any_database) == 0


def _entries(database: Database) -> int:
    with database.read() as session:
        return session.scalar(select(func.count()).select_from(AuditEntry)) or 0
