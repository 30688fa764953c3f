"""People, the logins of staff, and the ways in for new people."""

from __future__ import annotations

import enum
from datetime import datetime

from sqlalchemy import BigInteger, ForeignKey, Index, String, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from common.database.models.base import NEXT_VERSION, Base, Identifier, Json, code_type


class Role(enum.StrEnum):
    MECHANIC = "mechanic"  # orders parts in the chat
    STOREKEEPER = "storekeeper"  # runs the desk
    MANAGER = "manager"  # runs the desk and its people


class Person(Base):
    """A person of the station. People are never deleted: archived people keep their name on old orders."""

    __tablename__ = "person"
    __table_args__ = ({"sqlite_autoincrement": True},)

    id: Mapped[int] = mapped_column(Identifier, primary_key=True)
    name: Mapped[str] = mapped_column(String(80))
    role: Mapped[Role] = mapped_column(code_type(Role))
    language: Mapped[str] = mapped_column(String(8))
    language_chosen: Mapped[bool] = mapped_column(default=False)  # False: a guess, the chat still asks
    telegram_id: Mapped[int | None] = mapped_column(BigInteger, unique=True)  # also the id of the private chat
    # The switched-off notices; the quiet hours, in minutes after midnight, station's time.
    muted: Mapped[list[str]] = mapped_column(Json, default=list, server_default=text("'[]'"))
    quiet_from: Mapped[int | None]
    quiet_until: Mapped[int | None]
    single_keys: Mapped[bool] = mapped_column(default=True, server_default=text("true"))  # the desk's one-key shortcuts
    # Whether something of their access changed that they have not read at the desk: a new browser, another chat.
    has_access_news: Mapped[bool] = mapped_column(default=False, server_default=text("false"))
    created_at: Mapped[datetime]
    archived_at: Mapped[datetime | None]
    # Erasing is asked for, then worked off; after it the name is a neutral one.
    erasing_since: Mapped[datetime | None]
    erased_at: Mapped[datetime | None]
    version: Mapped[int] = mapped_column(default=1, onupdate=NEXT_VERSION, server_default=text("1"))

    login: Mapped[Login | None] = relationship(back_populates="person", uselist=False)


class Login(Base):
    """The desk login of a member of staff. The username is stored in lower case, so it is unique in any case."""

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
    chat_id: Mapped[int | None] = mapped_column(BigInteger)  # of the link that signed it in; None: a password did

    person: Mapped[Person] = relationship()


class KnownBrowser(Base):
    """A browser in which a person has signed in: strangers' failures do not keep them out of it.

    It opens nothing by itself. Only the digest of the cookie's value is stored; one browser may be known for several
    people.
    """

    __tablename__ = "known_browser"
    __table_args__ = (UniqueConstraint("person_id", "digest"), {"sqlite_autoincrement": True})

    id: Mapped[int] = mapped_column(Identifier, primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    digest: Mapped[str] = mapped_column(String(64))
    seen_at: Mapped[datetime]  # the last sign-in
    expires_at: Mapped[datetime]
    revoked_at: Mapped[datetime | None]
    network: Mapped[str] = mapped_column(String(64))  # of that sign-in, as the throttle counts it
    hops: Mapped[int]  # the addresses that proxies had named then, for the doctor


class ThrottleCount(Base):
    """Attempts of a name, a network or a browser. `key` is a digest: no name and no address is stored."""

    __tablename__ = "throttle_count"
    __table_args__ = (Index(None, "at"), {"sqlite_autoincrement": True})

    id: Mapped[int] = mapped_column(Identifier, primary_key=True)
    key: Mapped[str] = mapped_column(String(64), unique=True)
    at: Mapped[datetime]  # the last attempt
    empty_at: Mapped[datetime]  # each attempt puts it off; how far off it is says how many count


class SignInKind(enum.StrEnum):
    """How a sign-in ended."""

    PASSWORD = "password"  # noqa: S105  it succeeded, by a password
    LINK = "link"  # it succeeded, by a link in Telegram
    INVITATION = "invitation"  # it succeeded, by an invitation to the desk
    FAILED = "failed"  # a wrong password
    PAUSED = "paused"  # locked out for a while, after too many failures


class SignIn(Base):
    """A sign-in, or failures of one network that followed one another. No name is stored that nobody here has."""

    __tablename__ = "sign_in"
    __table_args__ = (Index(None, "person_id", "id"), Index(None, "kind", "network"), {"sqlite_autoincrement": True})

    id: Mapped[int] = mapped_column(Identifier, primary_key=True)
    at: Mapped[datetime]  # of the last one
    person_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))  # None: nobody has that username
    kind: Mapped[SignInKind] = mapped_column(code_type(SignInKind))
    is_new: Mapped[bool]  # whether the browser had not been seen before
    browser: Mapped[str] = mapped_column(String(200))
    network: Mapped[str] = mapped_column(String(64))
    count: Mapped[int]


class LoginAttempt(Base):
    """A failed attempt, as the program before this one counts it. The next release drops the table."""

    __tablename__ = "login_attempt"
    __table_args__ = (Index(None, "subject", "at"), {"sqlite_autoincrement": True})

    id: Mapped[int] = mapped_column(Identifier, primary_key=True)
    subject: Mapped[str] = mapped_column(String(64))
    at: Mapped[datetime]


class LoginLink(Base):
    """A one-time login link for a member of staff, sent through Telegram, for the browser that asked for it only."""

    __tablename__ = "login_link"
    __table_args__ = (Index(None, "person_id"),)

    digest: Mapped[str] = mapped_column(String(64), primary_key=True)  # of the code in the link
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    browser_digest: Mapped[str] = mapped_column(String(64))  # of the asking browser's cookie
    chat_id: Mapped[int | None] = mapped_column(BigInteger)  # where it was sent: it is good while that chat is linked
    created_at: Mapped[datetime]
    expires_at: Mapped[datetime]
    used_at: Mapped[datetime | None]

    person: Mapped[Person] = relationship()


class InvitationWay(enum.StrEnum):
    """Where an invitation leads: codes of one kind are not valid for the other."""

    CHAT = "chat"  # the bot: joining, or linking an existing person's Telegram account
    DESK = "desk"  # the desk: a new member of staff chooses a username and a password


class Invitation(Base):
    """A one-time invitation. The code is shown once and stored only as its digest."""

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
    # The person whose Telegram account it links; None: it admits a new person.
    person_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    created_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    created_at: Mapped[datetime]
    expires_at: Mapped[datetime]
    revoked_at: Mapped[datetime | None]
    used_at: Mapped[datetime | None]
    used_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    browser: Mapped[str] = mapped_column(String(200), default="", server_default=text("''"))  # that asked for one's own


class JoinRequestState(enum.StrEnum):
    ASKED = "asked"
    APPROVED = "approved"
    REFUSED = "refused"


class JoinRequest(Base):
    """A stranger's request to join; a manager decides, in Telegram or at the desk. One row per stranger."""

    __tablename__ = "join_request"
    __table_args__ = (Index(None, "state", "id"), {"sqlite_autoincrement": True})

    id: Mapped[int] = mapped_column(Identifier, primary_key=True)
    telegram_id: Mapped[int] = mapped_column(BigInteger, unique=True)
    name: Mapped[str] = mapped_column(String(80))  # the name that Telegram shows
    language: Mapped[str] = mapped_column(String(8))
    state: Mapped[JoinRequestState] = mapped_column(code_type(JoinRequestState))
    asked_at: Mapped[datetime]
    decided_at: Mapped[datetime | None]
    decided_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"))

    decider: Mapped[Person | None] = relationship()
