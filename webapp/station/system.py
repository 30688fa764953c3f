"""The operator's page: running processes, waiting rows, mismatches. `/health/system` judges by the same values."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from flask import Blueprint, render_template
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from common.database import schema
from common.database.engine import Database, sqlite_module
from common.database.models import Bot, InboxRow, InboxState, Lease, OutboxRow, OutboxState, Process
from common.i18n import N_
from common.messaging import bots, inbox, leases, outbox, processes
from common.operation import doctor
from common.operation.doctor import SILENT, Level
from common.permissions import Action
from webapp.web.access import needs
from webapp.web.context import desk

blueprint = Blueprint("system", __name__)
RECEIPT_WORDS = {"failed": N_("Failed"), "unreachable": N_("Unreachable"), "unknown": N_("Unknown")}


@dataclass(frozen=True)
class SystemState:
    """The state of the running system."""

    daemon_age: float | None
    processes: list[Process]
    leader: Lease | None
    bot: Bot | None
    outbox_depth: int
    outbox_age: timedelta
    outbox: dict[str, int]
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
        outbox=_undelivered_counts(session),
        inbox_depth=waiting,
        inbox_age=oldest,
        quarantined=_quarantined_count(session),
        database=_engine_name(database),
        schema=schema.current_revision(session.connection()) or "",
    )


def _undelivered_counts(session: Session) -> dict[str, int]:
    """The number of messages that did not arrive, by receipt."""
    rows = session.execute(
        select(OutboxRow.state, func.count()).where(OutboxRow.state.in_(outbox.REPAIRABLE)).group_by(OutboxRow.state)
    )
    counts: dict[str, int] = {}
    for state, count in rows:
        receipt = outbox.RECEIPTS[OutboxState(state)]
        counts[receipt] = counts.get(receipt, 0) + count
    return counts


def _quarantined_count(session: Session) -> int:
    return session.scalar(select(func.count()).where(InboxRow.state == InboxState.QUARANTINED)) or 0


def _engine_name(database: Database) -> str:
    return f"SQLite {sqlite_module().sqlite_version}" if database.is_sqlite else "PostgreSQL"


@blueprint.get("/system")
@needs(Action.SYSTEM_SEE)
def page() -> str:
    own = desk()
    found = doctor.examine(own.database, own.settings)
    with own.database.read() as session:
        return render_template(
            "station/system.html",
            state=read_state(session, own.database),
            arrangement=[finding.text for finding in found if finding.check == "arrangement"],
            troubles=[finding for finding in found if finding.level is not Level.OK],
            desk=own,
            receipt_words=RECEIPT_WORDS,
        )
