"""Rows that two transactions may want at once: they are inserted once, and locked at the version the caller saw.

The versions of people, parts and categories rise by themselves at every flush that writes them: they are read FOR
UPDATE and compared by `check_version`. `lock_at_version` raises the versions of orders, quick replies and views.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar, cast

from sqlalchemy import Table, update
from sqlalchemy.dialects.postgresql import Insert as PostgresqlInsert
from sqlalchemy.dialects.postgresql import insert as postgresql_insert
from sqlalchemy.dialects.sqlite import Insert as SqliteInsert
from sqlalchemy.dialects.sqlite import insert as sqlite_insert
from sqlalchemy.engine import CursorResult
from sqlalchemy.orm import Session

from common import clock
from common.database.models import Base, Category, Order, Part, Person, QuickReply, SavedView
from common.errors import NotFound, StaleVersion

Insert = SqliteInsert | PostgresqlInsert
# By the name of the database's dialect.
INSERTS: dict[str, Callable[[Table], Insert]] = {"sqlite": sqlite_insert, "postgresql": postgresql_insert}
Counted = TypeVar("Counted", Order, QuickReply, SavedView)


def insert(session: Session, model: type[Base]) -> Insert:
    """An INSERT with ON CONFLICT, in the dialect of the session's database; plain, without the mapper."""
    return INSERTS[session.get_bind().dialect.name](cast(Table, model.__table__))


def lock_at_version(session: Session, model: type[Counted], row_id: int, version: int, what: str) -> Counted:
    """Lock the row and raise its version: the first statement of every change.

    Raises:
        NotFound, StaleVersion.
    """
    hit = session.execute(
        update(model)
        .where(model.id == row_id, model.version == version)
        .values(version=model.version + 1, updated_at=clock.utcnow())
        .execution_options(synchronize_session=False)
    )
    row = session.get(model, row_id, populate_existing=True)
    if row is None:
        raise NotFound(what, row_id)
    assert isinstance(hit, CursorResult)
    if hit.rowcount != 1:
        raise StaleVersion(what, row_id, version, row.version)
    return row


def check_version(row: Person | Category | Part | Order, version: int, what: str) -> None:
    """Raises: StaleVersion when the locked row is not at the version the caller saw."""
    if row.version != version:
        raise StaleVersion(what, row.id, version, row.version)
