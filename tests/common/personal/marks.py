"""Where a person's rows are, and which of their columns hold the mark."""

from __future__ import annotations

from sqlalchemy import JSON, Enum, LargeBinary, Select, String, func, select

from common.database.engine import Database
from common.database.models import Base, Person
from common.personal import belonging
from common.personal.belonging import Subject
from common.personal.register import PERSONAL, SECRETS
from tests.common.personal.planted import MARK, TELEGRAM


def rows_of(database: Database, person: Person) -> dict[str, int]:
    with database.read() as session:
        who = Subject.of(session, person)
        return {
            table.__tablename__: session.scalar(select(func.count()).select_from(table).where(which(who))) or 0
            for table, which in belonging.ROWS.items()
        }


# Columns that hold no text of a person's: codes, and digests of what only they know.
UNMARKED = {
    ("login_attempt", "subject"),
    ("person", "language"), ("person", "muted"), ("invitation", "language"), ("join_request", "language"),
    ("orders", "pickup_code"), ("api_request", "location"),
    ("media", "group_id"),
}  # fmt: skip


def unmarked(database: Database, person: Person) -> set[tuple[str, str]]:
    """The columns about people, able to hold a text, in which no row of this person has the mark."""
    with database.read() as session:
        who = Subject.of(session, person)
        return {
            (model.__tablename__, column)
            for model, which in belonging.ROWS.items()
            for column in PERSONAL[model.__tablename__].split()
            if column not in SECRETS and _holds_text(model, column)
            if not any(_is_marked(value) for value in session.scalars(_values(model, column).where(which(who))))
        }


def _holds_text(model: type[Base], column: str) -> bool:
    kind = model.metadata.tables[model.__tablename__].c[column].type
    return isinstance(kind, (String, JSON, LargeBinary)) and not isinstance(kind, Enum)


def _values(model: type[Base], column: str) -> Select[object]:
    return select(model.metadata.tables[model.__tablename__].c[column]).select_from(model)


def _is_marked(value: object) -> bool:
    text = value.decode("utf-8", "replace") if isinstance(value, bytes) else str(value)
    return MARK in text or str(TELEGRAM) in text
