"""The audit: who changed people, roles, catalogue, tokens. Append-only; written in the transaction of the change."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from common import clock
from common.database.engine import bump_revision
from common.database.models import AuditEntry
from common.permissions import Actor

MOST_NAME = 200
Changes = dict[str, list[Any]]  # field -> [before, after]


def record(
    session: Session,
    actor: Actor,
    kind: str,
    *,
    subject_id: int | None = None,
    name: str = "",
    version: int = 0,
    arguments: Mapping[str, Any] | None = None,
) -> AuditEntry:
    """Add an entry; its subject is the first word of its kind. Flush the change first: the entry has the new one."""
    made = new_entry(kind, actor, subject_id=subject_id, name=name, version=version, arguments=arguments)
    session.add(made)
    session.flush()
    bump_revision(session)
    return made


def new_entry(
    kind: str,
    actor: Actor,
    *,
    subject_id: int | None = None,
    name: str = "",
    version: int = 0,
    arguments: Mapping[str, Any] | None = None,
) -> AuditEntry:
    """An entry that the caller adds to the session itself, for changes in bulk."""
    return AuditEntry(
        at=clock.utcnow(),
        kind=kind,
        subject=kind.partition(".")[0],
        subject_id=subject_id,
        name=name[:MOST_NAME],
        version=version,
        actor_id=actor.person_id,
        via=actor.via,
        arguments=dict(arguments or {}),
    )


def differences(row: object, wanted: Mapping[str, Any]) -> Changes:
    """The fields whose value would change: field -> before and after."""
    return {field: [getattr(row, field), value] for field, value in wanted.items() if getattr(row, field) != value}


def since(session: Session, subject: str, subject_id: int, version: int) -> list[AuditEntry]:
    """The entries of a subject after one of its versions, oldest first."""
    newer = (AuditEntry.subject == subject, AuditEntry.subject_id == subject_id, AuditEntry.version > version)
    return list(session.scalars(_entries().where(*newer).order_by(AuditEntry.id).limit(50)))


def of(session: Session, subject: str, subject_id: int, limit: int = 20) -> list[AuditEntry]:
    """The latest entries of a subject, newest first."""
    its = (AuditEntry.subject == subject, AuditEntry.subject_id == subject_id)
    return list(session.scalars(_entries().where(*its).order_by(AuditEntry.id.desc()).limit(limit)))


def last(session: Session, kind: str, subject_id: int) -> AuditEntry | None:
    """The latest entry of this kind about a subject."""
    its = (AuditEntry.subject == kind.partition(".")[0], AuditEntry.subject_id == subject_id, AuditEntry.kind == kind)
    return session.scalars(_entries().where(*its).order_by(AuditEntry.id.desc()).limit(1)).first()


def latest(session: Session, *, subject: str = "", before: int | None = None, limit: int = 50) -> list[AuditEntry]:
    """Entries of all subjects, or of one kind of subject, newest first, older than the entry `before`."""
    found = _entries().order_by(AuditEntry.id.desc()).limit(limit)
    if subject:
        found = found.where(AuditEntry.subject == subject)
    if before is not None:
        found = found.where(AuditEntry.id < before)
    return list(session.scalars(found))


def _entries() -> Any:
    return select(AuditEntry).options(joinedload(AuditEntry.actor))
