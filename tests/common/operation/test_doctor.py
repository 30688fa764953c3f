"""The doctor sees what is wrong, says it in one sentence, and never falls over it."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import delete, text, update

from common import clock
from common.database.engine import Database
from common.database.models import Bot, Lease, OrderIndex, OutboxRow, OutboxState
from common.media import attachments
from common.messaging import inbox, leases, outbox, processes
from common.messaging.inbox import read_envelope
from common.messaging.kinds import MessageKind
from common.messaging.leases import Identity
from common.operation import doctor
from common.operation.doctor import Arrangement, examine
from common.operation.findings import Finding, Level
from common.settings.config import StationSettings
from common.settings.version import version

SECRET = "Zr7Qm2xVbK9sLp4TnWc8dHy3"


def settings(**more: str) -> StationSettings:
    return StationSettings.from_env({"DATABASE_URL": "sqlite:///x", "DOORBELL_SECRET": SECRET, **more})


def running(database: Database, machine: str | None = None, webhook: Mapping[str, Any] | None = None) -> None:
    """A daemon that leads, here or elsewhere."""
    place = leases.machine() if machine is None else machine
    me = leases.identity("t")
    with database.write() as session:
        processes.record_heartbeat(session, "daemon:1", "daemon", clock.utcnow(), {"arrangement": {"machine": place}})
        leases.acquire(session, Identity(me.holder, place, me.pid, me.started), 60)
        session.add(
            Bot(bot_id=1, username="felix_bot", name="F", link_base="", active_at=clock.utcnow(), webhook=webhook or {})
        )


def found(database: Database, check: str, **more: str) -> list[Finding]:
    return [finding for finding in examine(database, settings(**more)) if finding.check == check]


def levels(database: Database, check: str, **more: str) -> set[Level]:
    return {finding.level for finding in found(database, check, **more)}


def test_a_healthy_station_is_fine(any_database: Database) -> None:
    running(any_database, webhook={"url": "https://felix.example.org/telegram/webhook"})
    findings = examine(any_database, settings())
    assert {finding.level for finding in findings} == {Level.OK}
    assert all(finding.text.endswith(".") for finding in findings)


def test_a_schema_that_is_newer_than_this_program_is_told_as_it_is(any_database: Database) -> None:
    with any_database.write() as session:
        session.execute(text("UPDATE alembic_version SET version_num = '9999_later'"))
    (finding,) = found(any_database, "schema")
    assert finding.level is Level.WARN
    assert finding.text.startswith("The database's schema 9999_later is newer than this program's (0")


def test_a_process_of_another_version_is_told(any_database: Database) -> None:
    running(any_database)
    assert levels(any_database, "version") == {Level.OK}
    with any_database.write() as session:
        session.execute(text("UPDATE process SET version = '0.0.9+12345678'"))
    (finding,) = found(any_database, "version")
    assert finding.level is Level.WARN
    assert finding.text.startswith(f"This is Felix Hub {version()}, but 0.0.9+12345678 runs: ")


def test_orders_that_a_search_may_miss_are_told_with_the_command_that_helps(any_database: Database) -> None:
    with any_database.write() as session:
        session.execute(update(OrderIndex).values(version=0))
    (finding,) = found(any_database, "order_index")
    assert finding.level is Level.WARN
    assert finding.text.endswith("run felix-hub reindex.")


def test_a_database_that_does_not_answer_is_one_finding() -> None:
    for url in ("sqlite:////nowhere/at/all.sqlite3", "postgresql+psycopg://felix:geheim@127.0.0.1:1/felix"):
        database = Database(url)
        (finding,) = examine(database, settings())
        database.dispose()
        assert (finding.level, finding.check) == (Level.FAIL, "database")
        assert finding.text.startswith("The database does not answer: ")
        assert "geheim" not in finding.text


def test_a_schema_that_does_not_fit_names_the_command(empty_database: Database) -> None:
    assert "run felix-hub migrate" in found(empty_database, "schema")[0].text


def test_a_station_without_a_daemon_is_told_how_to_start_one(any_database: Database) -> None:
    assert "No daemon has ever run" in found(any_database, "daemon")[0].text
    running(any_database)
    with clock.travel(timedelta(minutes=3)):
        (finding,) = found(any_database, "daemon")
        assert finding.level is Level.FAIL
        assert "silent for 180 s" in finding.text


def test_a_daemon_that_does_not_lead_is_noticed(any_database: Database) -> None:
    running(any_database)
    with any_database.write() as session:
        session.execute(delete(Lease))
    assert levels(any_database, "daemon") == {Level.OK, Level.WARN}


HOST, BOOT = leases.machine().split(" ")[:2]


@pytest.mark.parametrize(
    ("machine", "seen"),
    [
        (leases.machine(), Arrangement.ONE_MACHINE),
        (f"container-2 {BOOT} pid:[4026539999]", Arrangement.CONTAINERS),
        ("elsewhere 5e0a pid:[4026531836]", Arrangement.SEPARATE),
        ("", Arrangement.UNKNOWN),
    ],
)
def test_the_arrangement_is_named(any_database: Database, machine: str, seen: Arrangement) -> None:
    running(any_database, machine)
    with any_database.read() as session:
        assert doctor.arrangement(session) is seen


def test_separate_machines_need_postgresql_and_do_not_hear_the_doorbell(
    any_database: Database,
) -> None:
    running(any_database, "elsewhere 5e0a pid:[4026531836]")
    assert levels(any_database, "doorbell") == {Level.WARN}
    assert levels(any_database, "doorbell", DOORBELL_SECRET="") == set()
    assert levels(any_database, "media", MEDIA_STORE="directory") >= {Level.FAIL}
    assert (Level.FAIL in levels(any_database, "arrangement")) is any_database.is_sqlite


def test_one_machine_without_a_doorbell_is_told(any_database: Database) -> None:
    running(any_database)
    assert levels(any_database, "doorbell", DOORBELL_SECRET="") == {Level.WARN}


def test_a_media_directory_must_be_writable(any_database: Database, tmp_path: Path) -> None:
    here = {"MEDIA_STORE": "directory", "MEDIA_DIR": str(tmp_path / "not" / "yet")}
    assert levels(any_database, "media", **here) == {Level.OK}
    file = tmp_path / "file"
    file.touch()
    assert levels(any_database, "media", **{**here, "MEDIA_DIR": str(file / "below")}) == {Level.FAIL}


def test_photos_that_wait_long_to_be_fetched_are_told(any_database: Database) -> None:
    assert levels(any_database, "fetching") == {Level.OK}
    with any_database.write() as session:
        attachments.queue_fetch(
            session,
            chat_id=1,
            message_id=1,
            group_id="",
            file_id="F",
            file_unique_id="U",
            kind="photo",
            caption="",
            seconds=None,
            person_id=None,
        )
    assert levels(any_database, "fetching") == {Level.OK}
    with clock.travel(timedelta(seconds=doctor.LATE + 1)):
        assert levels(any_database, "fetching") == {Level.WARN}


def test_the_clocks_are_compared_where_there_are_two(any_database: Database) -> None:
    assert levels(any_database, "clock") == (set() if any_database.is_sqlite else {Level.OK})


@pytest.mark.parametrize(
    ("webhook", "says"),
    [
        ({"url": ""}, "@felix_bot polls for its updates."),
        ({"problem": "Bad Request: bad webhook"}, "The webhook is not set: Bad Request: bad webhook"),
        ({"url": "https://x", "last_error_date": "now", "last_error_message": "502"}, "could not deliver updates: 502"),
        ({"url": "https://x", "pending_update_count": 1200}, "1200 updates wait at Telegram."),
    ],
)
def test_what_the_daemon_saw_of_telegram_is_told(any_database: Database, webhook: dict[str, Any], says: str) -> None:
    if "last_error_date" in webhook:
        webhook = {**webhook, "last_error_date": int(clock.utcnow().timestamp())}
    running(any_database, webhook=webhook)
    assert any(says in finding.text for finding in found(any_database, "telegram"))


def test_an_error_of_long_ago_is_history(any_database: Database) -> None:
    running(any_database, webhook={"url": "https://x", "last_error_date": 1_000_000_000, "last_error_message": "502"})
    assert levels(any_database, "telegram") == {Level.OK}


def test_a_pause_that_telegram_asked_for_is_told(any_database: Database) -> None:
    running(any_database)
    with any_database.write() as session:
        session.get_one(Bot, 1).paused_until = clock.utcnow() + timedelta(minutes=5)
    assert levels(any_database, "telegram") == {Level.OK, Level.WARN}


def test_boxes_that_fill_up_are_noticed(any_database: Database) -> None:
    with any_database.write() as session:
        inbox.record(session, 1, [read_envelope(b'{"update_id":1,"message":{}}')])
        outbox.enqueue(session, key="a", kind=MessageKind.CARD, chat_id=1, stream="s")
    assert levels(any_database, "inbox") == levels(any_database, "outbox") == {Level.OK}
    with clock.travel(timedelta(minutes=2)):
        assert levels(any_database, "inbox") == levels(any_database, "outbox") == {Level.WARN}


def test_what_needs_a_person_is_counted(any_database: Database) -> None:
    with any_database.write() as session:
        inbox.record(session, 1, [read_envelope(b"nonsense")])
        for number, state in enumerate((OutboxState.HELD, OutboxState.FAILED, OutboxState.DEAD)):
            row_id = outbox.enqueue(session, key=f"{number}", kind=MessageKind.CARD, chat_id=1, stream="s")
            session.get_one(OutboxRow, row_id).state = state
    texts = " ".join(finding.text for finding in examine(any_database, settings()))
    assert "may or may not have arrived: 1." in texts
    assert "failed within a week: 2." in texts
    assert "Updates in quarantine: 1." in texts
    with clock.travel(timedelta(days=8)):
        assert levels(any_database, "failed") == {Level.OK}
        assert levels(any_database, "unknown") == {Level.WARN}


def test_the_doctor_changes_nothing(any_database: Database) -> None:
    running(any_database)
    with any_database.write() as session:
        before = session.execute(text("SELECT value FROM revision")).scalar_one()
    examine(any_database, settings())
    with any_database.read() as session:
        assert session.execute(text("SELECT value FROM revision")).scalar_one() == before
