"""People, how staff log in, and how somebody new joins."""

from __future__ import annotations

import enum
from datetime import datetime

from sqlalchemy import BigInteger, ForeignKey, Index, String, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from common.database.models.base import NEXT_VERSION, Base, Identifier, Json, code_type


class Role(enum.StrEnum):
    MECHANIC = "mechanic"  # orders parts in the chat
    STOREKEEPER = "storekeeper"  # runs the desk
    MANAGER = "manager"  # runs the desk and its people


class Person(Base):
    """Somebody of the station. Never deleted: archived people keep their name on old orders."""

    __tablename__ = "person"
    __table_args__ = ({"sqlite_autoincrement": True},)

    id: Mapped[int] = mapped_column(Identifier, primary_key=True)
    name: Mapped[str] = mapped_column(String(80))
    role: Mapped[Role] = mapped_column(code_type(Role))
    language: Mapped[str] = mapped_column(String(8))
    language_chosen: Mapped[bool] = mapped_column(default=False)  # False: a guess, the chat still asks
    telegram_id: Mapped[int | None] = mapped_column(BigInteger, unique=True)  # also the id of the private chat
    # The notices they do not want, and the minutes after midnight, station's time, between which none may sound.
    muted: Mapped[list[str]] = mapped_column(Json, default=list, server_default=text("'[]'"))
    quiet_from: Mapped[int | None]
    quiet_until: Mapped[int | None]
    single_keys: Mapped[bool] = mapped_column(default=True, server_default=text("true"))  # one key does it, at the desk
    created_at: Mapped[datetime]
    archived_at: Mapped[datetime | None]
    version: Mapped[int] = mapped_column(default=1, onupdate=NEXT_VERSION, server_default=text("1"))

    login: Mapped[Login | None] = relationship(back_populates="person", uselist=False)


class Login(Base):
    """A member of staff's way into the desk. The name is kept in lower case, so it is unique whatever is typed."""

    __tablename__ = "login"

    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), primary_key=True, autoincrement=False)
    username: Mapped[str] = mapped_column(String(64), unique=True)
    password_hash: Mapped[str] = mapped_column(String(255))
    changed_at: Mapped[datetime]

    person: Mapped[Person] = relationship(back_populates="login")


class StaffSession(Base):
    """A signed-in browser. Only the digest of the cookie's value is stored; revoking the row signs it out."""

    __tablename__ = "staff_session"
    __table_args__ = (Index(None, "person_id"),)

    digest: Mapped[str] = mapped_column(String(64), primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    created_at: Mapped[datetime]
    seen_at: Mapped[datetime]
    expires_at: Mapped[datetime]
    revoked_at: Mapped[datetime | None]
    browser: Mapped[str] = mapped_column(String(200), default="")

    person: Mapped[Person] = relationship()


class LoginAttempt(Base):
    """A failed attempt, for the throttle. `subject` is the digest of a username or of an address."""

    __tablename__ = "login_attempt"
    __table_args__ = (Index(None, "subject", "at"), {"sqlite_autoincrement": True})

    id: Mapped[int] = mapped_column(Identifier, primary_key=True)
    subject: Mapped[str] = mapped_column(String(64))
    at: Mapped[datetime]


class LoginLink(Base):
    """A one-time way in for a member of staff, sent through Telegram, for the browser that asked for it alone."""

    __tablename__ = "login_link"
    __table_args__ = (Index(None, "person_id"),)

    digest: Mapped[str] = mapped_column(String(64), primary_key=True)  # of the code in the link
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    browser_digest: Mapped[str] = mapped_column(String(64))  # of the asking browser's cookie
    created_at: Mapped[datetime]
    expires_at: Mapped[datetime]
    used_at: Mapped[datetime | None]

    person: Mapped[Person] = relationship()


class InvitationWay(enum.StrEnum):
    """What an invitation opens: a code of one is none of the other."""

    CHAT = "chat"  # the bot: joining it, or linking the Telegram account of somebody who is here
    DESK = "desk"  # the desk: a new member of staff chooses a username and a password


class Invitation(Base):
    """A one-time way in. The code itself is shown once and stored only as its digest."""

    __tablename__ = "invitation"
    __table_args__ = ({"sqlite_autoincrement": True},)

    id: Mapped[int] = mapped_column(Identifier, primary_key=True)
    digest: Mapped[str] = mapped_column(String(64), unique=True)
    name: Mapped[str] = mapped_column(String(80))
    role: Mapped[Role] = mapped_column(code_type(Role))
    language: Mapped[str | None] = mapped_column(String(8))
    way: Mapped[InvitationWay] = mapped_column(
        code_type(InvitationWay), default=InvitationWay.CHAT, server_default=text("'chat'")
    )
    # Whose Telegram it links; None: it makes somebody new.
    person_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    created_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    created_at: Mapped[datetime]
    expires_at: Mapped[datetime]
    revoked_at: Mapped[datetime | None]
    used_at: Mapped[datetime | None]
    used_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"))


class JoinRequestState(enum.StrEnum):
    ASKED = "asked"
    APPROVED = "approved"
    REFUSED = "refused"


class JoinRequest(Base):
    """A stranger in the chat asks to be let in; a manager decides, in Telegram or at the desk. One row a stranger."""

    __tablename__ = "join_request"
    __table_args__ = (Index(None, "state", "id"), {"sqlite_autoincrement": True})

    id: Mapped[int] = mapped_column(Identifier, primary_key=True)
    telegram_id: Mapped[int] = mapped_column(BigInteger, unique=True)
    name: Mapped[str] = mapped_column(String(80))  # as Telegram shows it
    language: Mapped[str] = mapped_column(String(8))
    state: Mapped[JoinRequestState] = mapped_column(code_type(JoinRequestState))
    asked_at: Mapped[datetime]
    decided_at: Mapped[datetime | None]
    decided_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"))

    decider: Mapped[Person | None] = relationship()
