"""Pruning takes what has done its work, and nothing that needs a person."""

from __future__ import annotations

from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from common import clock
from common.database.engine import Database
from common.database.models import (
    ChatMessage,
    Delivery,
    Draft,
    InboxRow,
    InboxState,
    KnownBrowser,
    LoginAttempt,
    Media,
    MediaContent,
    MediaState,
    OutboxRow,
    OutboxState,
    Person,
    StaffSession,
    ThrottleCount,
)
from common.media import attachments
from common.messaging import outbox
from common.messaging.kinds import MessageKind
from common.operation import pruning
from common.operation.pruning import prune
from common.orders import placing
from common.orders.placing import WantedLine
from common.people import known_browsers, logins
from common.throttling import counting
from common.throttling.limits import CountKey, Kind
from tests.support.cast import DIMA, RINA, acts, hire
from tests.support.examples import example

DAY = timedelta(days=1)


def message(database: Database, state: OutboxState, age: timedelta) -> int:
    with clock.travel(-age), database.write() as session:
        kind = MessageKind.NOTICE_READY
        key = f"{state}:{age}"
        row_id = outbox.enqueue(session, key=key, kind=kind, arguments=example(kind), chat_id=1, stream="s") or 0
        row = session.get_one(OutboxRow, row_id)
        row.state = state
        row.sent_at = clock.utcnow() if state is OutboxState.SENT else None
        row.expires_at = clock.utcnow()
        session.add(Delivery(outbox_id=row_id, epoch=1, at=clock.utcnow(), method="sendMessage"))
    return row_id


def update(database: Database, state: InboxState, age: timedelta, number: int = 1) -> None:
    past = clock.utcnow() - age
    with database.write() as session:
        session.add(
            InboxRow(
                bot_id=1, update_id=number, lane="u:1", kind="message", state=state, received_at=past, done_at=past
            )
        )


def left(database: Database, table: type) -> int:
    with database.read() as session:
        return session.scalar(select(func.count()).select_from(table)) or 0


def pruned(database: Database, bite: int = 500) -> list[int]:
    """What each bite took, until there was nothing to take."""
    taken = []
    while True:
        with database.write() as session:
            taken.append(prune(session, bite))
        if not taken[-1]:
            return taken


@pytest.mark.parametrize(
    ("state", "kept", "gone"),
    [
        (OutboxState.SENT, 89 * DAY, 91 * DAY),
        (OutboxState.SUPERSEDED, 13 * DAY, 15 * DAY),
        (OutboxState.EXPIRED, 13 * DAY, 15 * DAY),
    ],
)
def test_messages_that_did_their_work_go_in_time_with_their_deliveries(
    any_database: Database, state: OutboxState, kept: timedelta, gone: timedelta
) -> None:
    stays = message(any_database, state, kept)
    message(any_database, state, gone)
    assert pruned(any_database) == [1, 0]
    with any_database.read() as session:
        assert list(session.scalars(select(OutboxRow.id))) == [stays]
        assert list(session.scalars(select(Delivery.outbox_id))) == [stays]


NEED_SOMEBODY = set(OutboxState) - {OutboxState.SENT, OutboxState.SUPERSEDED, OutboxState.EXPIRED}


def test_no_message_that_waits_or_needs_a_person_is_ever_pruned(any_database: Database) -> None:
    for state in NEED_SOMEBODY:
        message(any_database, state, 1000 * DAY)
    assert pruned(any_database) == [0]
    assert left(any_database, OutboxRow) == len(NEED_SOMEBODY)


@pytest.mark.parametrize(
    ("state", "kept", "gone"),
    [(InboxState.DONE, 2 * DAY, 4 * DAY), (InboxState.QUARANTINED, 29 * DAY, 31 * DAY)],
)
def test_updates_go_when_telegram_cannot_repeat_them_any_more(
    any_database: Database, state: InboxState, kept: timedelta, gone: timedelta
) -> None:
    update(any_database, state, kept, 1)
    update(any_database, state, gone, 2)
    update(any_database, InboxState.RECEIVED, 1000 * DAY, 3)
    assert pruned(any_database) == [1, 0]
    with any_database.read() as session:
        assert set(session.scalars(select(InboxRow.update_id))) == {1, 3}


def test_old_attempts_ended_sessions_and_forgotten_browsers_go(any_database: Database) -> None:
    rina: Person = hire(any_database, RINA)
    with any_database.write() as session:
        counting.reserve(session, [CountKey(Kind.PASSWORD, "rina 192.0.2.1")])
        session.add(LoginAttempt(subject="of an older program", at=clock.utcnow()))
        logins.open_session(session, rina.id, "a browser")
        known_browsers.remember(session, rina.id, "")
    with clock.travel(timedelta(minutes=45)):
        assert pruned(any_database) == [0]
    with clock.travel(logins.SESSION_LIFE + 2 * DAY):
        assert sum(pruned(any_database)) == 3
    with clock.travel(known_browsers.LIFE + DAY):
        assert sum(pruned(any_database)) == 1
    tables = (LoginAttempt, ThrottleCount, StaffSession, KnownBrowser)
    assert [left(any_database, table) for table in tables] == [0, 0, 0, 0]


def photo(session: Session, number: int, digest: str, **more: Any) -> int:
    """A kept photo and its content."""
    row = attachments.queue_fetch(
        session,
        chat_id=1,
        message_id=number,
        group_id="",
        file_id="F",
        file_unique_id="U",
        kind="photo",
        caption="",
        seconds=None,
        person_id=None,
        **more,
    )
    assert row is not None
    row.state, row.digest = MediaState.KEPT, digest
    if session.get(MediaContent, digest) is None:
        session.add(MediaContent(digest=digest, type="image/jpeg", size=1, body=b"x", created_at=clock.utcnow()))
    return row.id


def test_photos_of_drafts_that_were_dropped_go_and_their_contents_after_them(any_database: Database) -> None:
    dima: Person = hire(any_database, DIMA)
    with any_database.write() as session:
        session.add(Draft(person_id=dima.id, key="LIVE", content={}, updated_at=clock.utcnow()))
        order, _new = placing.place_order(
            session, key="K", person=session.merge(dima), lines=[WantedLine({"": "x"})], actor=acts(dima)
        )
        said = ChatMessage(author_id=dima.id, at=clock.utcnow())
        session.add(said)
        session.flush()
        stays = [
            photo(session, 1, "a", draft_key="LIVE"),
            photo(session, 2, "b", order_id=order.id),
            photo(session, 3, "c", chat_message_id=said.id),
        ]
        photo(session, 4, "d", draft_key="DROPPED")
        photo(session, 5, "a", draft_key="DROPPED")  # the same file as one that stays
        photo(session, 6, "e")

    assert pruned(any_database) == [0], "nothing so new goes"
    with clock.travel(2 * DAY):
        assert sum(pruned(any_database)) == 3 + 2
    with any_database.read() as session:
        assert list(session.scalars(select(Media.id).order_by(Media.id))) == stays
        assert set(session.scalars(select(MediaContent.digest))) == {"a", "b", "c"}


@pytest.mark.parametrize(("days", "after", "left_over"), [(7, 6, 2), (7, 8, 1), (30, 29, 2), (30, 31, 1), (0, 4000, 2)])
def test_files_whose_order_was_never_named_go_when_the_setting_says(
    any_database: Database, days: int, after: int, left_over: int
) -> None:
    dima: Person = hire(any_database, DIMA)
    with any_database.write() as session:
        order, _new = placing.place_order(
            session, key="K", person=session.merge(dima), lines=[WantedLine({"": "x"})], actor=acts(dima)
        )
        unassigned, said = (ChatMessage(author_id=dima.id, at=clock.utcnow(), order_id=of) for of in (None, order.id))
        session.add_all([unassigned, said])
        session.flush()
        photo(session, 1, "a", chat_message_id=unassigned.id)
        photo(session, 2, "b", chat_message_id=said.id, order_id=order.id)
    with clock.travel(after * DAY):
        while True:
            with any_database.write() as session:
                if not prune(session, unassigned_days=days):
                    break
    assert left(any_database, Media) == left_over
    assert left(any_database, MediaContent) == left_over


def test_files_that_no_row_knows_are_unneeded(any_database: Database) -> None:
    with any_database.write() as session:
        photo(session, 1, "a")
        files = [Path("/media/aa/a"), Path("/media/bb/b"), Path("/media/aa/a-1.part")]

        assert pruning.unneeded(session, files) == files[1:]
        assert len(pruning.unneeded(session, files * 400)) == 800


def test_it_goes_a_bite_at_a_time(any_database: Database) -> None:
    for number in range(7):
        update(any_database, InboxState.DONE, 9 * DAY, number)
    message(any_database, OutboxState.SENT, 99 * DAY)
    assert pruned(any_database, bite=3) == [3, 3, 2, 0]


def test_pruning_raises_no_revision_and_rings_no_bell(any_database: Database) -> None:
    rings: list[datetime] = []
    update(any_database, InboxState.DONE, 9 * DAY)
    any_database.on_work = lambda _work: rings.append(clock.utcnow())
    assert pruned(any_database) == [1, 0]
    assert rings == []
