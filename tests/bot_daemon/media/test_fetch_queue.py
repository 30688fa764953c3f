"""What is written of a wanted file: by its own leader, once, and told where it was lost."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import select

from bot_daemon.media import fetch_queue
from bot_daemon.media.fetch_queue import MAX_ATTEMPTS, FetchJob, Gone, Kept, Later, Refused
from common import clock
from common.database.engine import Database
from common.database.models import Event, Media, MediaReason, Person
from common.errors import LeaseLost
from common.events.kinds import EventKind
from common.orders import placing
from common.orders.placing import WantedLine
from tests.bot_daemon.fake_telegram import (
    FakeTelegram,
)
from tests.bot_daemon.fetching import (
    EPOCH,
    VOICE,
    contents,
    lead,
    outcomes,
    told,
    want,
    wanted_row,
)
from tests.support.cast import DIMA, acts, hire

KEPT = Kept("d" * 64, "audio/ogg", len(VOICE), VOICE, None)


def test_what_another_leader_fetches_is_not_written_by_us(any_database: Database, telegram: FakeTelegram) -> None:
    lead(any_database, EPOCH + 1)
    (row,) = want(any_database, telegram, VOICE)
    with pytest.raises(LeaseLost), any_database.write() as session:
        fetch_queue.record(session, EPOCH, row, KEPT)

    assert outcomes(any_database) == [("wanted", "")]


def test_a_result_that_comes_twice_changes_nothing(any_database: Database, telegram: FakeTelegram) -> None:
    lead(any_database, EPOCH)
    (row,) = want(any_database, telegram, VOICE)
    for result in (Refused(MediaReason.WRONG_TYPE), KEPT, Gone(MediaReason.GONE), Later(MediaReason.REFUSED)):
        with any_database.write() as session:
            fetch_queue.record(session, EPOCH, row, result)

    assert outcomes(any_database) == [("refused", "wrong_type")]
    assert len(told(any_database)) == 1


def test_what_was_pruned_with_its_draft_meanwhile_is_not_kept(any_database: Database) -> None:
    lead(any_database, EPOCH)
    with any_database.write() as session:
        row = wanted_row(session, 1, draft_key="K")
        session.delete(session.get_one(Media, row))
        session.flush()
        assert not fetch_queue.record(session, EPOCH, row, KEPT)
    assert contents(any_database) == []


def test_it_is_given_up_in_the_end(any_database: Database, telegram: FakeTelegram) -> None:
    lead(any_database, EPOCH)
    (row,) = want(any_database, telegram, VOICE)
    waits = []
    for _ in range(MAX_ATTEMPTS):
        with any_database.write() as session:
            fetch_queue.record(session, EPOCH, row, Later(MediaReason.HTTP_STATUS, "500"))
            waits.append(session.get_one(Media, row).due_at - clock.utcnow())

    assert outcomes(any_database) == [("gone", "unavailable")]
    assert waits[0] < timedelta(seconds=1)
    assert timedelta(hours=2) < waits[-1] < timedelta(hours=4)


def test_only_what_is_due_and_not_in_work_is_begun(any_database: Database, telegram: FakeTelegram) -> None:
    lead(any_database, EPOCH)
    first, second, third = want(any_database, telegram, VOICE, VOICE, VOICE)
    with any_database.write() as session:
        fetch_queue.record(session, EPOCH, second, Later(MediaReason.NETWORK, "away", 30))
        assert fetch_queue.due(session, 5, {first}) == [FetchJob(third, "F3", "photo")]
        assert 29 < fetch_queue.next_due(session) <= 30
        assert fetch_queue.due(session, 0, set()) == []


def test_an_orders_timeline_says_what_was_lost(any_database: Database) -> None:
    lead(any_database, EPOCH)
    dima = hire(any_database, DIMA)
    with any_database.write() as session:
        person = session.get_one(Person, dima.id)
        order, _ = placing.place_order(
            session, key="K", person=person, lines=[WantedLine({"": "x"})], actor=acts(person)
        )
        row = wanted_row(session, 1, order_id=order.id)
        fetch_queue.record(session, EPOCH, row, Refused(MediaReason.DAMAGED))
        event = session.scalars(select(Event).order_by(Event.id.desc())).first()

        assert event is not None
        assert (event.kind, event.order_id, event.arguments["reason"]) == (EventKind.MEDIA_REFUSED, order.id, "damaged")
