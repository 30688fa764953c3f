"""The operator's page: what runs, what waits, what does not fit. Also what `/health/system` judges by."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from flask import Blueprint, render_template
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from common import inbox, leases, outbox, processes, schema
from common.database import Database, sqlite_is_safe, sqlite_module
from common.i18n import N_
from common.models import Bot, InboxRow, InboxState, Lease, OutboxRow, OutboxState, Process
from common.permissions import Action
from webapp.desk import Desk, desk
from webapp.sessions import needs

blueprint = Blueprint("system", __name__)
RECEIPT_WORDS = {"failed": N_("Failed"), "unreachable": N_("Unreachable"), "unknown": N_("Unknown")}
SILENT = 60.0  # seconds without a heartbeat after which the daemon counts as gone


TOGETHER = N_("processes on one machine")
APART = N_("processes on separate machines")
UNKNOWN = N_("not known until a daemon leads")


@dataclass(frozen=True)
class State:
    """What there is to know of the running system."""

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
    def arrangement(self) -> str:
        """Where the processes are to each other, as far as this one can see."""
        if self.leader is None:
            return UNKNOWN
        return TOGETHER if self.leader.machine == leases.machine() else APART

    @property
    def daemon_lives(self) -> bool:
        return self.daemon_age is not None and self.daemon_age <= SILENT


def read_state(session: Session, database: Database) -> State:
    depth, age = outbox.depth(session)
    waiting, oldest = inbox.depth(session)
    return State(
        daemon_age=processes.heartbeat_age(session),
        processes=processes.running(session),
        leader=leases.leader(session),
        bot=inbox.active_bot(session),
        outbox_depth=depth,
        outbox_age=age,
        outbox=_troubled(session),
        inbox_depth=waiting,
        inbox_age=oldest,
        quarantined=_quarantined(session),
        database=_engine(database),
        schema=schema.present(session.connection()) or "",
    )


def _troubled(session: Session) -> dict[str, int]:
    """How many messages did not arrive, a receipt each."""
    rows = session.execute(
        select(OutboxRow.state, func.count()).where(OutboxRow.state.in_(outbox.REPAIRABLE)).group_by(OutboxRow.state)
    )
    counts: dict[str, int] = {}
    for state, count in rows:
        receipt = outbox.RECEIPTS[OutboxState(state)]
        counts[receipt] = counts.get(receipt, 0) + count
    return counts


def _quarantined(session: Session) -> int:
    return session.scalar(select(func.count()).where(InboxRow.state == InboxState.QUARANTINED)) or 0


def _engine(database: Database) -> str:
    return f"SQLite {sqlite_module().sqlite_version}" if database.is_sqlite else "PostgreSQL"


def misfits(state: State, of: Desk) -> list[str]:
    """What does not fit together, for the operator; English sentences to translate where they are shown."""
    found = []
    if not state.daemon_lives:
        found.append(N_("No daemon runs: orders from the chat wait, and nothing is sent. Start python -m bot_daemon."))
    if of.database.is_sqlite and not sqlite_is_safe():
        found.append(N_("This SQLite can corrupt a file that two processes write: install the pysqlite3 wheel."))
    if not of.settings.doorbell_secret:
        found.append(N_("There is no doorbell: the daemon finds new rows by its poll, within a second."))
    if of.settings.demo:
        found.append(N_("This is the demo: everybody who sees the login page can log in."))
    if state.arrangement == APART:
        found += _misfits_apart(of)
    if state.quarantined:
        found.append(N_("Some updates are in quarantine: see felix-hub quarantine list."))
    return found


def _misfits_apart(of: Desk) -> list[str]:
    found = []
    if of.database.is_sqlite:
        found.append(N_("SQLite is a file of one machine, and the daemon runs on another: use PostgreSQL."))
    if of.settings.media_store == "directory":
        found.append(N_("Photos are kept in a directory of one machine: set MEDIA_STORE=database."))
    if of.settings.doorbell_secret and not of.settings.doorbell_url:
        found.append(
            N_("The doorbell rings on loopback, which does not reach another machine: rows wait for the poll.")
        )
    return found


@blueprint.get("/system")
@needs(Action.SYSTEM_SEE)
def page() -> str:
    own = desk()
    with own.database.read() as session:
        state = read_state(session, own.database)
        return render_template(
            "system.html", state=state, misfits=misfits(state, own), desk=own, receipt_words=RECEIPT_WORDS
        )
