"""The doctor: checks of a station that return findings, for `felix-hub doctor` and the operator's page.

Each check is a function of the database (and the settings) that returns findings. `examine` runs them all as far as it
can: without a database, no other check is possible.
"""

from __future__ import annotations

import enum
import os
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from common import clock
from common.database import schema
from common.database.engine import Database, now, sqlite_is_safe, sqlite_module
from common.database.models import InboxRow, InboxState, OutboxRow, OutboxState
from common.errors import SchemaError
from common.i18n import N_
from common.media import attachments, quotas
from common.messaging import bots, inbox, leases, outbox, processes
from common.operation import file_modes, reindexing
from common.operation.findings import Finding, Level
from common.operation.hosts import check_hosts
from common.operation.proxies import check_proxies
from common.settings.config import StationSettings
from common.settings.version import version

SILENT = 60.0  # seconds without a heartbeat after which the daemon counts as gone
LATE = 60.0  # seconds a row may wait before a person should look
SKEW_SEEN, SKEW_WRONG = 2.0, 30.0  # seconds; a signed ring is accepted for 60
MANY_AT_TELEGRAM = 100  # updates that Telegram holds for us
LATELY = timedelta(days=7)  # older failures are ignored


def examine(database: Database, settings: StationSettings) -> list[Finding]:
    """Every finding, the foundations first. The problems that it checks for never make it raise."""
    try:
        found = [*check_schema(database), check_sqlite(database)]
        if any(finding.level is Level.FAIL for finding in found):
            return found
        with database.read() as session:
            return found + [finding for check in CHECKS for finding in check(session, settings)]
    except DBAPIError as error:
        why = " ".join(str(error.orig).split())[:200]
        return [Finding(Level.FAIL, "database", N_("The database does not answer: %(why)s"), {"why": why})]


def check_schema(database: Database) -> list[Finding]:
    try:
        found = schema.check(database)
    except SchemaError as error:
        return [Finding(Level.FAIL, "schema", "%(why)s", {"why": str(error)})]
    values = {"schema": found, "own": schema.head_revision()}
    if found > values["own"]:
        words = N_(
            "The database's schema %(schema)s is newer than this program's (%(own)s): it works, but update the program."
        )
        return [Finding(Level.WARN, "schema", words, values)]
    return [Finding(Level.OK, "schema", N_("The database answers, its schema fits (%(schema)s)."), values)]


def check_sqlite(database: Database) -> Finding:
    if not database.is_sqlite:
        return Finding(Level.OK, "engine", N_("The database is PostgreSQL."))
    values = {"version": sqlite_module().sqlite_version}
    if sqlite_is_safe():
        return Finding(Level.OK, "engine", N_("The database is SQLite %(version)s."), values)
    words = N_("SQLite %(version)s can corrupt a file that two processes write: install the pysqlite3 wheel.")
    return Finding(Level.FAIL, "engine", words, values)


# The arrangement ------------------------------------------------------------------------------------------------------


class Arrangement(enum.StrEnum):
    ONE_MACHINE = "one_machine"  # or one container
    CONTAINERS = "containers"  # one machine, separate process namespaces
    SEPARATE = "separate"
    UNKNOWN = "unknown"  # no process runs, or this system has no /proc


def arrangement(session: Session) -> Arrangement:
    """The arrangement of the running processes, this one included, as far as they report it."""
    reported = [process.details.get("arrangement") or {} for process in processes.running(session)]
    places = {str(one.get("machine", "")) for one in reported}
    leader = leases.leader(session)
    places.add(leader.machine if leader else "")
    others = places - {""}
    if not others or not leases.machine():
        return Arrangement.UNKNOWN
    places = others | {leases.machine()}
    if len(places) == 1:
        return Arrangement.ONE_MACHINE
    boots = {place.split(" ")[1] for place in places if " " in place}
    return Arrangement.CONTAINERS if len(boots) == 1 else Arrangement.SEPARATE


def check_arrangement(session: Session, settings: StationSettings) -> list[Finding]:
    """Reports which of the two arrangements this is, and the processes that do not fit it."""
    seen = arrangement(session)
    lite, bell = session.get_bind().dialect.name == "sqlite", settings.doorbell_secret is not None
    found = [Finding(Level.OK, "arrangement", _ARRANGEMENTS[seen])]
    if seen is Arrangement.SEPARATE and lite:
        words = N_("SQLite cannot be shared between machines: use PostgreSQL.")
        found.append(Finding(Level.FAIL, "arrangement", words))
    if seen is Arrangement.SEPARATE and settings.media_store == "directory":
        words = N_("Separate machines share no directory: set MEDIA_STORE=database.")
        found.append(Finding(Level.FAIL, "media", words))
    if seen is Arrangement.SEPARATE and bell:
        words = N_("The doorbell does not work between separate machines: leave DOORBELL_SECRET empty.")
        found.append(Finding(Level.WARN, "doorbell", words))
    if not bell and seen is not Arrangement.SEPARATE:
        words = N_("There is no doorbell: the daemon polls for new rows every second.")
        found.append(Finding(Level.WARN, "doorbell", words))
    return found


_ARRANGEMENTS = {
    Arrangement.ONE_MACHINE: N_("The processes run on one machine."),
    Arrangement.CONTAINERS: N_("The processes run on one machine, in separate containers."),
    Arrangement.SEPARATE: N_("The processes run on separate machines."),
    Arrangement.UNKNOWN: N_("No running process reports where it runs."),
}


def check_disk(_: Session, settings: StationSettings) -> list[Finding]:
    free = quotas.free_bytes(quotas.files_place(settings))
    if free is None or free >= settings.media_min_free_mb << 20:
        return []
    words = N_(
        "%(free)s MB are free on the disk of the files: below MEDIA_MIN_FREE_MB, photos are not kept. Make room."
    )
    return [Finding(Level.FAIL, "disk", words, {"free": free >> 20})]


def check_media(_: Session, settings: StationSettings) -> list[Finding]:
    if settings.media_store == "database":
        return [Finding(Level.OK, "media", N_("Photos and voice notes are kept in the database."))]
    place = Path(settings.media_dir).absolute()
    nearest = next(p for p in (place, *place.parents) if p.exists())
    if nearest.is_dir() and os.access(nearest, os.W_OK | os.X_OK):
        return [Finding(Level.OK, "media", N_("Photos and voice notes are kept in %(place)s."), {"place": place})]
    words = N_("MEDIA_DIR is %(place)s, which is not writable.")
    return [Finding(Level.FAIL, "media", words, {"place": place})]


def check_files(session: Session, settings: StationSettings) -> list[Finding]:
    """Reports files and directories that other users of this machine can read or replace."""
    words = N_("Other users of this machine can reach %(place)s: run chmod %(mode)s %(place)s.")
    return [
        Finding(Level.FAIL, "files", words, {"place": one.path, "mode": one.mode})
        for one in file_modes.exposed(session, settings)
    ] or [Finding(Level.OK, "files", N_("No other user of this machine can read the station's files."))]


# The processes --------------------------------------------------------------------------------------------------------


def check_daemon(session: Session, _: StationSettings) -> list[Finding]:
    age = processes.heartbeat_age(session)
    if age is None:
        return [Finding(Level.FAIL, "daemon", N_("No daemon has ever run: start python -m bot_daemon."))]
    if age > SILENT:
        words = N_("The daemon has been silent for %(seconds)d s: start python -m bot_daemon.")
        return [Finding(Level.FAIL, "daemon", words, {"seconds": age})]
    found = [Finding(Level.OK, "daemon", N_("The daemon's last heartbeat was %(seconds)d s ago."), {"seconds": age})]
    if leases.leader(session) is None:
        found.append(Finding(Level.WARN, "daemon", N_("No daemon holds the lease at the moment, so nothing is sent.")))
    return found


def check_versions(session: Session, _: StationSettings) -> list[Finding]:
    """Checks for processes that run other files: not restarted after an update, or another copy of the program."""
    others = sorted({process.version for process in processes.running(session)} - {version()})
    values = {"own": version(), "others": ", ".join(others)}
    if not others:
        return [Finding(Level.OK, "version", N_("This is Felix Hub %(own)s."), values)]
    words = N_("This is Felix Hub %(own)s, but %(others)s runs: restart it, or use one copy of the program.")
    return [Finding(Level.WARN, "version", words, values)]


def check_clock(session: Session, _: StationSettings) -> list[Finding]:
    """Checks the clock against the database's; only PostgreSQL has its own clock."""
    if session.get_bind().dialect.name == "sqlite":
        return []
    skew = abs((now(session) - clock.utcnow()).total_seconds())
    level = Level.FAIL if skew > SKEW_WRONG else Level.WARN if skew > SKEW_SEEN else Level.OK
    words = N_("This machine's clock and the database's are %(seconds).1f s apart.")
    return [Finding(level, "clock", words, {"seconds": skew})]


def check_telegram(session: Session, _: StationSettings) -> list[Finding]:
    """Checks the daemon's last view of the bot and its webhook (`getWebhookInfo`)."""
    bot = bots.active_bot(session)
    if bot is None:
        return [Finding(Level.WARN, "telegram", N_("No daemon has reported its bot yet."))]
    url, pending = bot.webhook.get("url"), int(bot.webhook.get("pending_update_count") or 0)
    values = {"bot": bot.username, "url": url, "count": pending, "why": bot.webhook.get("last_error_message")}
    words = N_("Telegram sends the updates of @%(bot)s to %(url)s.") if url else N_("@%(bot)s polls for its updates.")
    found = [Finding(Level.OK, "telegram", words, values)]
    if problem := bot.webhook.get("problem"):
        found.append(Finding(Level.FAIL, "telegram", N_("The webhook is not set: %(why)s"), {"why": problem}))
    if url and _failed_lately(bot.webhook.get("last_error_date")):
        found.append(Finding(Level.WARN, "telegram", N_("Telegram could not deliver updates: %(why)s"), values))
    if pending >= MANY_AT_TELEGRAM:
        found.append(Finding(Level.WARN, "telegram", N_("%(count)d updates wait at Telegram."), values))
    if bot.paused_until is not None and bot.paused_until > clock.utcnow():
        values = {"until": f"{bot.paused_until:%H:%M:%S} UTC"}
        found.append(Finding(Level.WARN, "telegram", N_("Telegram asked us to send nothing until %(until)s."), values))
    return found


def _failed_lately(stamp: object) -> bool:
    return isinstance(stamp, int) and clock.utcnow().timestamp() - stamp < LATE * 5


def check_order_index(session: Session, _: StationSettings) -> list[Finding]:
    if reindexing.is_current(session):
        return [Finding(Level.OK, "order_index", N_("The order index is current."))]
    words = N_("The order index is not current, so a search may miss orders: run felix-hub reindex.")
    return [Finding(Level.WARN, "order_index", words)]


# The boxes ------------------------------------------------------------------------------------------------------------


def check_boxes(session: Session, _: StationSettings) -> list[Finding]:
    updates, age = inbox.depth(session)
    messages, due = outbox.depth(session)
    files, waited = attachments.depth(session)
    return [
        _box("inbox", N_("Updates to process: %(count)d."), updates, age),
        _box("outbox", N_("Messages to send: %(count)d."), messages, due.total_seconds()),
        _fetch_queue(files, waited.total_seconds()),
    ]


def _box(name: str, words: str, count: int, age: float) -> Finding:
    late = N_("%(count)d wait, the oldest for %(seconds)d s: check that the daemon runs and that Telegram answers.")
    values = {"count": count, "seconds": age}
    return Finding(Level.WARN, name, late, values) if age > LATE else Finding(Level.OK, name, words, values)


def _fetch_queue(count: int, age: float) -> Finding:
    values = {"count": count, "seconds": age}
    late = N_("Photos and voice notes to fetch: %(count)d, the oldest for %(seconds)d s. The daemon's log says why.")
    words = N_("Photos and voice notes to fetch: %(count)d.")
    return Finding(Level.WARN, "fetching", late, values) if age > LATE else Finding(Level.OK, "fetching", words, values)


def check_troubles(session: Session, _: StationSettings) -> list[Finding]:
    """Reports rows that need a person: unknown and failed messages, updates in quarantine."""
    held = _count(session, OutboxRow.state == OutboxState.HELD)
    failed = _count(session, OutboxRow.state.in_(FAILED), OutboxRow.created_at > clock.utcnow() - LATELY)
    quarantined = _count(session, InboxRow.state == InboxState.QUARANTINED)
    return [
        _trouble("unknown", N_("Messages that may or may not have arrived: %(count)d."), held),
        _trouble("failed", N_("Messages that failed within a week: %(count)d."), failed),
        _trouble("quarantine", N_("Updates in quarantine: %(count)d."), quarantined),
    ]


FAILED = (OutboxState.FAILED, OutboxState.DEAD, OutboxState.EXPIRED)


def _count(session: Session, *conditions: Any) -> int:
    return session.scalar(select(func.count()).where(*conditions)) or 0


def _trouble(name: str, words: str, count: int) -> Finding:
    return Finding(Level.WARN if count else Level.OK, name, words, {"count": count})


CHECKS: tuple[Callable[[Session, StationSettings], list[Finding]], ...] = (
    check_arrangement,
    check_media,
    check_disk,
    check_files,
    check_daemon,
    check_versions,
    check_clock,
    check_telegram,
    check_hosts,
    check_proxies,
    check_order_index,
    check_boxes,
    check_troubles,
)
