"""Access for programs: bearer tokens of the API, and the requests that were carried out with them."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey, Index, String, Text, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from common.database.models.base import Base, Identifier
from common.database.models.people import Person


class ApiToken(Base):
    """A program's key to the API: it acts as a person, within its scopes. Only the digest is stored."""

    __tablename__ = "api_token"
    __table_args__ = (Index(None, "person_id"), {"sqlite_autoincrement": True})

    id: Mapped[int] = mapped_column(Identifier, primary_key=True)
    digest: Mapped[str] = mapped_column(String(64), unique=True)
    name: Mapped[str] = mapped_column(String(80))  # the program it is for
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    scopes: Mapped[list[str]]
    created_at: Mapped[datetime]
    expires_at: Mapped[datetime | None]  # None: it is valid until it is revoked
    seen_at: Mapped[datetime | None]  # the last use, to about a minute
    revoked_at: Mapped[datetime | None]

    person: Mapped[Person] = relationship()


class ApiRequest(Base):
    """A POST carried out under an `Idempotency-Key`: a repetition only gets the stored answer."""

    __tablename__ = "api_request"
    __table_args__ = (UniqueConstraint("token_id", "key"), Index(None, "created_at"), {"sqlite_autoincrement": True})

    id: Mapped[int] = mapped_column(Identifier, primary_key=True)
    token_id: Mapped[int] = mapped_column(ForeignKey("api_token.id"))
    key: Mapped[str] = mapped_column(String(64))  # the digest of the key
    asked: Mapped[str] = mapped_column(String(64))  # the digest of the request: method, path, body
    status: Mapped[int] = mapped_column(default=0, server_default=text("0"))
    location: Mapped[str] = mapped_column(String(200), default="", server_default=text("''"))
    answer: Mapped[str | None] = mapped_column(Text)  # None: it held a secret that is shown only once
    created_at: Mapped[datetime]
