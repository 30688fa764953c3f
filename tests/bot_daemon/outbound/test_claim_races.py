"""Two claimers at once, and the plans of the statements that look for rows."""

from __future__ import annotations

import re
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta

from sqlalchemy import Engine, event, insert, text
from sqlalchemy.orm import Session

from bot_daemon.bot_api.verdicts import Sent
from bot_daemon.outbound import claims, results
from common import clock
from common.database.engine import Database
from common.database.models import OutboxRow, OutboxState
from tests.bot_daemon import rows
from tests.bot_daemon.rows import claim

# Two at once ----------------------------------------------------------------------------------------------------------


def test_two_claimers_never_get_the_same_row_nor_two_rows_of_a_stream(any_database_url: str) -> None:
    streams, length = 12, 4
    ours = Database(any_database_url)
    with ours.write() as session:
        for number in range(streams * length):
            rows.queue(session, f"{number}", stream=f"s{number % streams}", chat_id=1000 + number % streams)
    taken: list[int] = []
    failures: list[BaseException] = []
    start = threading.Barrier(4)

    def work(epoch: int) -> None:
        own = Database(any_database_url)
        try:
            start.wait(10)
            for _ in range(60):
                ids = claim(own, epoch, limit=3)
                taken.extend(ids)
                assert_one_in_flight_per_stream(own)
                for outgoing in rows.stamp(own, ids, epoch):
                    with own.write() as session:
                        assert results.record(session, [results.SendResult(outgoing, Sent(1), 1)], epoch) == [True]
        except BaseException as error:
            failures.append(error)
        finally:
            own.dispose()

    threads = [threading.Thread(target=work, args=(epoch,)) for epoch in (1, 2, 3, 4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)

    assert failures == []
    assert sorted(taken) == sorted(set(taken)), "a row was claimed twice"
    assert set(rows.states(ours).values()) == {"sent"}
    assert_order_kept(ours)
    ours.dispose()


def assert_one_in_flight_per_stream(of: Database) -> None:
    busiest = (
        "SELECT max(n) FROM (SELECT count(*) AS n FROM outbox WHERE state IN ('leased','sending') GROUP BY stream) s"
    )
    with of.read() as session:
        assert (session.scalar(text(busiest)) or 0) <= 1


def assert_order_kept(of: Database) -> None:
    """Within a stream the attempts were made in the order of the rows."""
    with of.read() as session:
        seen = session.execute(
            text("SELECT o.stream, o.id FROM delivery d JOIN outbox o ON o.id = d.outbox_id ORDER BY d.at, d.id")
        ).all()
    last: dict[str, int] = {}
    for stream, row_id in seen:
        assert last.get(stream, 0) < row_id
        last[stream] = row_id


# Plans ----------------------------------------------------------------------------------------------------------------


@contextmanager
def statements(engine: Engine) -> Iterator[list[tuple[str, object]]]:
    """Every statement on the outbox that is run meanwhile."""
    seen: list[tuple[str, object]] = []

    def note(_connection: object, _cursor: object, statement: str, parameters: object, *_rest: object) -> None:
        if "outbox" in statement and not statement.startswith("INSERT"):
            seen.append((statement, parameters))

    event.listen(engine, "before_cursor_execute", note)
    try:
        yield seen
    finally:
        event.remove(engine, "before_cursor_execute", note)


def plan(session: Session, statement: str, parameters: object) -> str:
    explain = "EXPLAIN QUERY PLAN" if session.get_bind().dialect.name == "sqlite" else "EXPLAIN"
    found = session.connection().exec_driver_sql(f"{explain} {statement}", parameters)  # type: ignore[arg-type]
    return "\n".join(str(line) for line in found)


def much_finished(session: Session, finished: int) -> None:
    now = clock.utcnow()
    common = {
        "channel": "telegram",
        "kind": rows.HELP,
        "arguments": {},
        "priority": 0,
        "attempts": 1,
        "ambiguous": 0,
        "created_at": now,
        "due_at": now - timedelta(seconds=5),
        "expires_at": now + timedelta(hours=1),
    }
    session.execute(
        insert(OutboxRow),
        [
            {**common, "key": f"f{n}", "stream": f"s{n % 300}", "chat_id": n % 300 + 1, "state": OutboxState.SENT}
            for n in range(finished)
        ],
    )


def test_with_20_000_finished_rows_every_look_uses_the_partial_indexes(any_database: Database) -> None:
    with any_database.write() as session:
        much_finished(session, 20_000)
        for number in range(300):
            rows.queue(session, f"p{number}", stream=f"s{number}", chat_id=number + 1)
    with any_database.write() as session:
        if not any_database.is_sqlite:  # autovacuum does; SQLite plans without statistics here, as in production
            session.execute(text("ANALYZE outbox"))
    with statements(any_database.engine) as seen, any_database.write() as session:
        claims.is_anything_due(session)
        claims.next_due(session)
        claims.rescue_rows(session, 2)
        claims.expire(session)
        assert claims.claim(session, 1, room=claims.Room(8), row_lease=20, admit=lambda _chat: 0.0).ids

    with any_database.read() as session:
        looks = [s for s in seen if not (s[0].startswith("UPDATE") and "outbox.id = " in s[0])]
        plans = [plan(session, *look) for look in looks]
    assert len(plans) == 5
    for look in plans:
        assert "ix_outbox" in look, look
        assert "Seq Scan on outbox" not in look, look
        assert not re.search(r"SCAN (outbox|other)\b(?! USING)", look), look
    assert "ix_outbox_stream" in plans[-1]
    assert any_database.is_sqlite or "ix_outbox_due" in plans[-1]  # SQLite may take the one on state, and sort
