"""API tokens: a token is made for a program, acts as a member of staff, is shown once, and is stored as its digest."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime, timedelta

from sqlalchemy import or_, select, update
from sqlalchemy.orm import Session, joinedload

from common import audit, clock
from common.database.models import ApiToken, Person
from common.errors import InvalidInput, NotFound
from common.people.people import clean_name
from common.people.scopes import Scope
from common.permissions import Action, Actor, may
from common.signing import digest, fresh_code

PREFIX = "fh_"  # lets secret scanners recognise a token
MAX_TOKEN = 100  # characters; our tokens have 46
TOUCH_EVERY = timedelta(minutes=1)


def create(
    session: Session,
    actor: Actor,
    *,
    person: Person,
    name: str,
    scopes: Collection[Scope],
    life: timedelta | None = None,
) -> tuple[ApiToken, str]:
    """Create a token that acts as this person, within these scopes.

    Returns:
        The row and the token, which cannot be shown later.

    Raises:
        InvalidInput: `name`; `scopes`: there is none; `token_person`: not an active member of staff.
    """
    if not scopes:
        raise InvalidInput("scopes")
    if person.archived_at is not None or not may(person.role, Action.DESK_SEE):
        raise InvalidInput("token_person", name=person.name)
    value, now = PREFIX + fresh_code(32), clock.utcnow()
    row = ApiToken(
        digest=digest(value),
        name=clean_name(name),
        person_id=person.id,
        scopes=[scope.value for scope in Scope if scope in scopes],
        created_at=now,
        expires_at=now + life if life is not None else None,
    )
    session.add(row)
    session.flush()
    _record(session, actor, "token.made", row)
    return row, value


def find(session: Session, value: str) -> ApiToken | None:
    """The live token of this value, with its person."""
    if not value.startswith(PREFIX) or len(value) > MAX_TOKEN or not value.isascii():
        return None
    wanted = select(ApiToken).where(ApiToken.digest == digest(value)).options(joinedload(ApiToken.person))
    row = session.scalar(wanted)
    return row if row is not None and is_live(row) else None


def is_live(row: ApiToken) -> bool:
    """Whether the token is neither revoked nor expired, and its person is still a member of staff."""
    expired = row.expires_at is not None and row.expires_at <= clock.utcnow()
    gone = row.person.archived_at is not None or not may(row.person.role, Action.DESK_SEE)
    return row.revoked_at is None and not expired and not gone


def is_touch_due(seen_at: datetime | None) -> bool:
    """Whether the time of last use is old enough to be written again."""
    return seen_at is None or seen_at <= clock.utcnow() - TOUCH_EVERY


def touch(session: Session, token_id: int) -> None:
    """Record that the token was just used; of several simultaneous calls, only one writes."""
    old = or_(ApiToken.seen_at.is_(None), ApiToken.seen_at <= clock.utcnow() - TOUCH_EVERY)
    session.execute(update(ApiToken).where(ApiToken.id == token_id, old).values(seen_at=clock.utcnow()))


def all_tokens(session: Session, after: int = 0, limit: int = 100) -> list[ApiToken]:
    """All tokens by id, including revoked and expired ones."""
    rows = select(ApiToken).where(ApiToken.id > after).order_by(ApiToken.id).limit(limit)
    return list(session.scalars(rows.options(joinedload(ApiToken.person))))


def revoke(session: Session, actor: Actor, token_id: int) -> ApiToken:
    """Revoke a token: it is refused from now on. Raises: NotFound."""
    row = session.get(ApiToken, token_id, options=[joinedload(ApiToken.person)])
    if row is None:
        raise NotFound("token", token_id)
    if row.revoked_at is None:
        row.revoked_at = clock.utcnow()
        session.flush()
        _record(session, actor, "token.revoked", row)
    return row


def _record(session: Session, actor: Actor, kind: str, row: ApiToken) -> None:
    facts = {"scopes": row.scopes, "as": row.person_id}
    audit.record(session, actor, kind, subject_id=row.id, name=row.name, arguments=facts)
