"""Heartbeats: which processes run, and what each says of itself."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from common import clock
from common.database.models import Process
from common.settings.version import version

FORGET_AFTER = timedelta(days=1)
STALE_AFTER = timedelta(seconds=60)


def record_heartbeat(session: Session, name: str, kind: str, started_at: datetime, details: Mapping[str, Any]) -> None:
    """Say that a process lives; rows nobody renewed for a day are swept away."""
    now = clock.utcnow()
    row = session.get(Process, name) or Process(name=name, kind=kind, started_at=started_at)
    row.version, row.heartbeat_at, row.details = version(), now, dict(details)
    session.add(row)
    session.execute(delete(Process).where(Process.heartbeat_at < now - FORGET_AFTER))


def remove(session: Session, name: str) -> None:
    session.execute(delete(Process).where(Process.name == name))


def running(session: Session, kind: str | None = None) -> list[Process]:
    """The processes whose heartbeat is younger than a minute, newest beat first."""
    statement = select(Process).where(Process.heartbeat_at > clock.utcnow() - STALE_AFTER)
    if kind:
        statement = statement.where(Process.kind == kind)
    return list(session.scalars(statement.order_by(Process.heartbeat_at.desc())))


def heartbeat_age(session: Session, kind: str = "daemon") -> float | None:
    """Seconds since the youngest heartbeat of a kind, None when there never was one."""
    newest = session.scalar(
        select(Process.heartbeat_at).where(Process.kind == kind).order_by(Process.heartbeat_at.desc()).limit(1)
    )
    return (clock.utcnow() - newest).total_seconds() if newest else None
