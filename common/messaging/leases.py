"""Leadership: one row, the same on both databases. The epoch fences every write-back of an old holder."""

from __future__ import annotations

import os
import socket
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache
from pathlib import Path

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from common.database import rows
from common.database.engine import now
from common.database.models import Lease
from common.errors import LeaseLost

LEADER = "leader"


@dataclass(frozen=True)
class Identity:
    """A process as others can check it. A pid means something only on the same boot and in the same namespace."""

    holder: str
    machine: str
    pid: int
    started: str


@cache
def machine() -> str:
    try:
        boot = Path("/proc/sys/kernel/random/boot_id").read_text().strip()
        return f"{socket.gethostname()} {boot} {os.readlink('/proc/self/ns/pid')}"[:120]
    except OSError:
        return ""


def process_started(pid: int) -> str:
    """The start time of a process in clock ticks since boot (proc(5), stat field 22); empty when it is gone."""
    try:
        stat = Path(f"/proc/{pid}/stat").read_text()
    except OSError:
        return ""
    fields = stat.rpartition(")")[2].split()
    return "" if fields[0] in ("Z", "X") else fields[19]


def identity(token: str) -> Identity:
    pid = os.getpid()
    return Identity(f"{pid}-{token}", machine(), pid, process_started(pid))


def is_gone(lease: Lease) -> bool:
    """Whether the holder is a process of this machine that no longer runs: its lease counts as expired at once."""
    return bool(lease.machine) and lease.machine == machine() and process_started(lease.pid) != lease.started


def acquire(session: Session, me: Identity, ttl: float, doorbell_url: str = "") -> int | None:
    """Take or renew the lease. Returns the epoch, None while somebody else holds it."""
    present = now(session)
    lease = _lock_row(session, present)
    if lease.holder == me.holder and lease.expires_at > present:
        lease.expires_at = present + timedelta(seconds=ttl)
        return lease.epoch
    if lease.holder and lease.expires_at > present and not is_gone(lease):
        return None
    lease.holder, lease.epoch = me.holder, lease.epoch + 1
    lease.machine, lease.pid, lease.started = me.machine, me.pid, me.started
    lease.doorbell_url = doorbell_url
    lease.expires_at = present + timedelta(seconds=ttl)
    session.flush()
    return lease.epoch


def _lock_row(session: Session, present: datetime) -> Lease:
    """The one row, locked. The first two contenders of a new database must not both insert it."""
    lease = session.get(Lease, LEADER, with_for_update=True)
    if lease is not None:
        return lease
    nobody = {"holder": "", "epoch": 0, "machine": "", "pid": 0, "started": "", "doorbell_url": ""}
    session.execute(
        rows.insert(session, Lease).values(name=LEADER, expires_at=present, **nobody).on_conflict_do_nothing()
    )
    return session.get_one(Lease, LEADER, with_for_update=True, populate_existing=True)


def release(session: Session, me: Identity) -> None:
    """Give it back: the row stays, so that epochs go on rising."""
    session.execute(
        update(Lease).where(Lease.name == LEADER, Lease.holder == me.holder).values(holder="", expires_at=now(session))
    )


def guard(session: Session, epoch: int) -> None:
    """Raises: LeaseLost when the lease has gone to somebody else; for writes that no row's own lease fences."""
    if session.scalar(select(Lease.epoch).where(Lease.name == LEADER)) != epoch:
        raise LeaseLost(f"epoch {epoch} is over")


def doorbell_address(session: Session) -> str | None:
    """The address that the last leader published."""
    return session.scalar(select(Lease.doorbell_url).where(Lease.name == LEADER)) or None


def leader(session: Session) -> Lease | None:
    """The lease of a holder that is believed to be alive."""
    lease = session.get(Lease, LEADER)
    return lease if lease is not None and lease.holder and lease.expires_at > now(session) else None
