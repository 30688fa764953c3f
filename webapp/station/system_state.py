"""The state of the running system: processes, waiting rows, the database. Page, health and metrics judge by it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy.orm import Session

from common.database import schema
from common.database.engine import Database, sqlite_module
from common.database.models import Bot, Lease, Process
from common.messaging import bots, inbox, leases, outbox, processes
from common.operation.doctor import SILENT


@dataclass(frozen=True)
class SystemState:
    """The state of the running system."""

    daemon_age: float | None
    processes: list[Process]
    leader: Lease | None
    bot: Bot | None
    outbox_depth: int
    outbox_age: timedelta
    undelivered: dict[str, int]  # by receipt
    inbox_depth: int
    inbox_age: float
    quarantined: int
    database: str
    schema: str

    @property
    def daemon_lives(self) -> bool:
        return self.daemon_age is not None and self.daemon_age <= SILENT


def read_state(session: Session, database: Database) -> SystemState:
    depth, age = outbox.depth(session)
    waiting, oldest = inbox.depth(session)
    return SystemState(
        daemon_age=processes.heartbeat_age(session),
        processes=processes.running(session),
        leader=leases.leader(session),
        bot=bots.active_bot(session),
        outbox_depth=depth,
        outbox_age=age,
        undelivered=outbox.undelivered_counts(session),
        inbox_depth=waiting,
        inbox_age=oldest,
        quarantined=inbox.quarantined_count(session),
        database=_engine_name(database),
        schema=schema.current_revision(session.connection()) or "",
    )


def _engine_name(database: Database) -> str:
    return f"SQLite {sqlite_module().sqlite_version}" if database.is_sqlite else "PostgreSQL"
