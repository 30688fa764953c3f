"""How staff sign in: argon2 passwords, and sessions that can be revoked."""

from __future__ import annotations

from datetime import timedelta

from argon2 import PasswordHasher
from argon2.exceptions import VerificationError
from sqlalchemy import bindparam, select, update
from sqlalchemy.orm import Session, joinedload

from common import clock
from common.database.models import Login, Person, StaffSession
from common.errors import InvalidInput
from common.people import passwords
from common.people.access import revocation
from common.people.access.revocation import AccessChange
from common.signing import digest, fresh_code

# OWASP's choice for argon2id: some 30 ms and 19 MiB each, so that eight at once fit a small machine.
HASHER = PasswordHasher(time_cost=2, memory_cost=19 * 1024, parallelism=1)
NOBODYS_HASH = "$argon2id$v=19$m=19456,t=2,p=1$c29tZXNhbHRzb21lc2FsdA$0000000000000000000000000000000000000000000"
SESSION_LIFE = timedelta(days=14)
IDLE_LIFE = timedelta(days=3)
MIN_PASSWORD, MAX_PASSWORD = 10, 200


def set_password(session: Session, person: Person, username: str, password: str, *, station: str = "") -> Login:
    """Give a person a login. `station`: its name, which makes no password.

    Raises: InvalidInput `username`, `username_taken`, `password_short`, `password_long`, `password_common`.
    """
    name = username.strip().lower()
    if not 2 <= len(name) <= 64 or not name.isprintable() or " " in name:
        raise InvalidInput("username")
    if len(password) < MIN_PASSWORD:
        raise InvalidInput("password_short", least=MIN_PASSWORD)
    if len(password) > MAX_PASSWORD:
        raise InvalidInput("password_long", most=MAX_PASSWORD)
    if passwords.is_guessable(password, (name, station)):
        raise InvalidInput("password_common")
    if session.scalar(select(Login.person_id).where(Login.username == name, Login.person_id != person.id)) is not None:
        raise InvalidInput("username_taken")
    login = session.get(Login, person.id) or Login(person_id=person.id)
    login.username, login.password_hash, login.changed_at = name, HASHER.hash(password), clock.utcnow()
    session.add(login)
    revocation.end(session, person, AccessChange.LOGIN)
    return login


def normal_name(username: str) -> str:
    """A typed username as it is stored."""
    return username.strip().lower()[:64]


def find(session: Session, username: str) -> tuple[int | None, str]:
    """The person of a username and the hash to verify; for an unknown name, an equally slow hash that never matches."""
    row = session.execute(
        select(Login.person_id, Login.password_hash)
        .join(Person, Person.id == Login.person_id)
        .where(Login.username == normal_name(username), Person.archived_at.is_(None))
    ).one_or_none()
    return (row[0], row[1]) if row else (None, NOBODYS_HASH)


def password_matches(password: str, password_hash: str) -> bool:
    """Whether the password matches. Call it outside any transaction: it takes some 30 ms on purpose."""
    try:
        return HASHER.verify(password_hash, password[:MAX_PASSWORD])
    except VerificationError:
        return False


def fresh_hash(password: str, password_hash: str) -> str:
    """The hash to keep of a verified password: another one if the cost was raised since it was made."""
    return HASHER.hash(password) if HASHER.check_needs_rehash(password_hash) else password_hash


def confirm_password(session: Session, person_id: int, verified: str, fresh: str) -> Person | None:
    """The person, locked, if the hash that was verified is still theirs: a new password may have come meanwhile.

    Args:
        fresh: the hash to keep from now on.
    """
    revocation.lock(session, person_id)
    login = session.get(Login, person_id, populate_existing=True)
    if login is None or login.password_hash != verified or login.person.archived_at is not None:
        return None
    login.password_hash = fresh
    return login.person


def open_session(session: Session, person_id: int, browser: str, chat_id: int | None = None) -> str:
    """Sign a browser in. Returns the cookie's value; only its digest is stored.

    Args:
        chat_id: the chat whose link signs it in; the session ends when that chat is unlinked.
    """
    token = fresh_code(32)
    now = clock.utcnow()
    session.add(
        StaffSession(
            digest=digest(token),
            person_id=person_id,
            created_at=now,
            seen_at=now,
            expires_at=now + SESSION_LIFE,
            browser=browser[:200],
            chat_id=chat_id,
        )
    )
    return token


# The session with its person in one query: every request of the desk runs it.
_LIVE_SESSION = (
    select(StaffSession).where(StaffSession.digest == bindparam("digest")).options(joinedload(StaffSession.person))
)


def live_session(session: Session, session_digest: str) -> StaffSession | None:
    """The session, if it is live: not revoked, not expired, not idle for days, its person not archived."""
    now = clock.utcnow()
    found = session.scalar(_LIVE_SESSION, {"digest": session_digest})
    if found is None or found.revoked_at or found.expires_at <= now or found.seen_at <= now - IDLE_LIFE:
        return None
    return None if found.person.archived_at else found


def close_session(session: Session, token: str) -> None:
    session.execute(update(StaffSession).where(StaffSession.digest == digest(token)).values(revoked_at=clock.utcnow()))


def close_browser(session: Session, person_id: int, session_digest: str) -> None:
    """Sign out one browser of a person; `digest` is the key of its row."""
    theirs = (StaffSession.digest == session_digest, StaffSession.person_id == person_id)
    session.execute(update(StaffSession).where(*theirs).values(revoked_at=clock.utcnow()))
