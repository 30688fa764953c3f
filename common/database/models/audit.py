"""The audit of people, roles, catalogue and tokens. It is append-only: no page can remove an entry."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from common.database.models.base import Base, Identifier, Json, code_type
from common.database.models.orders import Via
from common.database.models.people import Person


class AuditEntry(Base):
    """One change. `version` is the subject's version after it; `name` is the subject's name at the time."""

    __tablename__ = "audit"
    __table_args__ = (Index(None, "subject", "subject_id", "id"), {"sqlite_autoincrement": True})

    id: Mapped[int] = mapped_column(Identifier, primary_key=True)
    at: Mapped[datetime]
    kind: Mapped[str] = mapped_column(String(40))  # part.changed, person.role, …
    subject: Mapped[str] = mapped_column(String(24))  # part, category, person, …
    subject_id: Mapped[int | None] = mapped_column(Identifier)
    name: Mapped[str] = mapped_column(String(200))
    version: Mapped[int]
    actor_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    via: Mapped[Via] = mapped_column(code_type(Via))
    arguments: Mapped[dict[str, Any]] = mapped_column(Json)

    actor: Mapped[Person | None] = relationship()
