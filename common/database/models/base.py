"""The base of all tables: metadata with named constraints, aware times, codes stored as words."""

from __future__ import annotations

import enum
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import JSON, BigInteger, DateTime, Dialect, Enum, Integer, MetaData, String, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import DeclarativeBase
from sqlalchemy.types import TypeDecorator

NEXT_VERSION = text("version + 1")  # for `onupdate`: every change of a row raises its version
Identifier = BigInteger().with_variant(Integer(), "sqlite")  # SQLite assigns ids only to an INTEGER primary key
Json = JSON().with_variant(JSONB(), "postgresql")


class UtcDateTime(TypeDecorator[datetime]):
    """Aware UTC times in both directions. SQLite returns naive times; storing a naive time is a bug and refused."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("a time without a zone")
        utc = value.astimezone(UTC)
        return utc.replace(tzinfo=None) if dialect.name == "sqlite" else utc

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


class ReasonType(TypeDecorator[enum.StrEnum]):
    """A reason's code. A newer program may have written a code that this program does not know: the enumeration's
    `_missing_` decides how it reads.
    """

    impl = String(24)
    cache_ok = True

    def __init__(self, codes: type[enum.StrEnum]) -> None:
        super().__init__()
        self.codes = codes

    def process_bind_param(self, value: enum.StrEnum | None, dialect: Dialect) -> str | None:
        return None if value is None else self.codes(value).value

    def process_result_value(self, value: str | None, dialect: Dialect) -> enum.StrEnum | None:
        return None if value is None else self.codes(value)


def code_type(members: type[enum.StrEnum], length: int = 24) -> Enum:
    """A column type that stores the member's value as plain text, without a database type that needs migrations."""
    return Enum(
        members, native_enum=False, length=length, values_callable=lambda kind: [member.value for member in kind]
    )


class Base(DeclarativeBase):
    metadata = MetaData(
        naming_convention={
            "ix": "ix_%(table_name)s_%(column_0_N_name)s",
            "uq": "uq_%(table_name)s_%(column_0_N_name)s",
            "ck": "ck_%(table_name)s_%(constraint_name)s",
            "fk": "fk_%(table_name)s_%(column_0_name)s",
            "pk": "pk_%(table_name)s",
        }
    )
    type_annotation_map = {datetime: UtcDateTime(), dict[str, Any]: Json, list[str]: Json}  # noqa: RUF012
