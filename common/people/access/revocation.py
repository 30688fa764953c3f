"""What a change of access ends: one table, and one function that every such change calls.

A credential opens the desk, the chat or the API without asking once more who its holder is. Rights are not credentials:
every request and every press looks up the person and the role anew.
"""

from __future__ import annotations

import enum
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, func, or_, select, update
from sqlalchemy.orm import Session

from common import clock
from common.database.models import (
    ApiRequest,
    ApiToken,
    Invitation,
    InvitationWay,
    KnownBrowser,
    LoginLink,
    Person,
    Role,
    StaffSession,
)
from common.people import rights
from common.permissions import Action, may


class AccessChange(enum.StrEnum):
    """The changes of a person's access."""

    CLOSED = "closed"  # dismissed: archived
    RETURNED = "returned"  # let in again: nothing from before comes back
    LOST_DESK = "lost_desk"  # a new role that may not see the desk
    ROLE = "role"  # another role that may see the desk, higher or lower
    LOGIN = "login"  # a new password, chosen or given
    SIGNED_OUT = "signed_out"  # everywhere, by oneself or by a manager
    CHAT = "chat"  # another Telegram account, or none


class Credential(enum.StrEnum):
    """What a person, or whoever acted as them, may hold."""

    BROWSERS = "browsers"  # sessions of the desk, with their live streams
    KNOWN_BROWSERS = "known_browsers"  # browsers in which strangers' failures do not keep the person out
    LINK_BROWSERS = "link_browsers"  # those of them that a link in Telegram signed in
    LOGIN_LINKS = "login_links"  # one-time links to sign in, sent to the chat
    LINKS_FOR = "links_for"  # open invitations for the person: to link a chat, or to choose a password
    LINKS_BY = "links_by"  # open invitations that they made
    LINKS_BEYOND = "links_beyond"  # those of them that the present role may not make
    TOKENS = "tokens"  # of the API
    ANSWERS = "answers"  # stored answers of the API, made with the rights of then


C = Credential
# A token acts for a program: it stays when a person recovers their own access.
_RECOVERY = frozenset({C.BROWSERS, C.KNOWN_BROWSERS, C.LOGIN_LINKS, C.LINKS_FOR, C.LINKS_BY})
_EVERYTHING = _RECOVERY | {C.TOKENS, C.ANSWERS}

ENDS: dict[AccessChange, frozenset[Credential]] = {
    AccessChange.CLOSED: _EVERYTHING,
    AccessChange.RETURNED: _EVERYTHING,
    AccessChange.LOST_DESK: _EVERYTHING,
    AccessChange.ROLE: frozenset({C.LOGIN_LINKS, C.LINKS_FOR, C.LINKS_BEYOND, C.ANSWERS}),
    AccessChange.LOGIN: _RECOVERY,
    AccessChange.SIGNED_OUT: _RECOVERY,
    AccessChange.CHAT: frozenset({C.LINK_BROWSERS, C.LOGIN_LINKS, C.LINKS_FOR}),
}


def of_role(role: Role) -> AccessChange:
    """The change that a new role is."""
    return AccessChange.ROLE if may(role, Action.DESK_SEE) else AccessChange.LOST_DESK


@dataclass(frozen=True)
class Holder:
    """Whose credentials are meant: the person, in the role that they have after the change."""

    person_id: int
    role: Role


Live = Callable[[Holder, datetime], tuple[ColumnElement[bool], ...]]


@dataclass(frozen=True)
class _Rows:
    """The rows of a credential: which of them are live, and the values that end one."""

    table: type[StaffSession | KnownBrowser | LoginLink | Invitation | ApiToken | ApiRequest]
    live: Live
    ended: Callable[[datetime], Mapping[str, datetime | None]] = lambda now: {"revoked_at": now}


def _live_browsers(holder: Holder, now: datetime) -> tuple[ColumnElement[bool], ...]:
    return StaffSession.person_id == holder.person_id, StaffSession.revoked_at.is_(None), StaffSession.expires_at > now


def _known_browsers(holder: Holder, now: datetime) -> tuple[ColumnElement[bool], ...]:
    return KnownBrowser.person_id == holder.person_id, KnownBrowser.revoked_at.is_(None), KnownBrowser.expires_at > now


def _live_link_browsers(holder: Holder, now: datetime) -> tuple[ColumnElement[bool], ...]:
    return *_live_browsers(holder, now), StaffSession.chat_id.is_not(None)


def _live_login_links(holder: Holder, now: datetime) -> tuple[ColumnElement[bool], ...]:
    return LoginLink.person_id == holder.person_id, LoginLink.used_at.is_(None), LoginLink.expires_at > now


def _open(now: datetime) -> tuple[ColumnElement[bool], ...]:
    return Invitation.used_at.is_(None), Invitation.revoked_at.is_(None), Invitation.expires_at > now


def _links_for(holder: Holder, now: datetime) -> tuple[ColumnElement[bool], ...]:
    return Invitation.person_id == holder.person_id, *_open(now)


def _links_by(holder: Holder, now: datetime) -> tuple[ColumnElement[bool], ...]:
    """Without the link for one's own chat, which is one for the person."""
    of_others = Invitation.person_id.is_distinct_from(holder.person_id)
    return Invitation.created_by == holder.person_id, of_others, *_open(now)


def _links_beyond(holder: Holder, now: datetime) -> tuple[ColumnElement[bool], ...]:
    makes = [role for role in Role if may(holder.role, rights.inviting(role))]
    beyond: list[ColumnElement[bool]] = [Invitation.role.not_in(makes)]
    if not may(holder.role, Action.PEOPLE_STAFF):
        beyond.append(Invitation.way == InvitationWay.DESK)
    return *_links_by(holder, now), or_(*beyond)


def _live_tokens(holder: Holder, now: datetime) -> tuple[ColumnElement[bool], ...]:
    unexpired = or_(ApiToken.expires_at.is_(None), ApiToken.expires_at > now)
    return ApiToken.person_id == holder.person_id, ApiToken.revoked_at.is_(None), unexpired


def _stored_answers(holder: Holder, now: datetime) -> tuple[ColumnElement[bool], ...]:
    theirs = select(ApiToken.id).where(ApiToken.person_id == holder.person_id)
    return ApiRequest.token_id.in_(theirs), ApiRequest.answer.is_not(None)


_ROWS: dict[Credential, _Rows] = {
    C.BROWSERS: _Rows(StaffSession, _live_browsers),
    C.KNOWN_BROWSERS: _Rows(KnownBrowser, _known_browsers),
    C.LINK_BROWSERS: _Rows(StaffSession, _live_link_browsers),
    C.LOGIN_LINKS: _Rows(LoginLink, _live_login_links, lambda now: {"expires_at": now}),
    C.LINKS_FOR: _Rows(Invitation, _links_for),
    C.LINKS_BY: _Rows(Invitation, _links_by),
    C.LINKS_BEYOND: _Rows(Invitation, _links_beyond),
    C.TOKENS: _Rows(ApiToken, _live_tokens),
    C.ANSWERS: _Rows(ApiRequest, _stored_answers, lambda now: {"answer": None}),
}


def lock(session: Session, person_id: int) -> None:
    """Lock the person's row: signing in and ending access run one after the other, whichever comes first."""
    session.execute(select(Person.id).where(Person.id == person_id).with_for_update())


def end(session: Session, person: Person, change: AccessChange) -> None:
    """End what this change of access ends. Call it in the transaction of the change, with the new role in place."""
    session.flush()
    lock(session, person.id)
    holder, now = Holder(person.id, person.role), clock.utcnow()
    for credential in ENDS[change]:
        rows = _ROWS[credential]
        session.execute(update(rows.table).where(*rows.live(holder, now)).values(rows.ended(now)))


def end_all(session: Session) -> None:
    """End what everybody holds, and the open invitations that the host made."""
    for person in session.scalars(select(Person).order_by(Person.id)):
        end(session, person, AccessChange.CLOSED)
    now = clock.utcnow()
    session.execute(update(Invitation).where(*_open(now)).values(revoked_at=now))


def count(session: Session, holder: Holder, change: AccessChange) -> dict[Credential, int]:
    """How many of each credential the change would end, without those of which there are none."""
    # A known browser opens nothing: nobody need be told.
    credentials, now = sorted(ENDS[change] - {C.KNOWN_BROWSERS}), clock.utcnow()
    counts = (select(func.count()).where(*_ROWS[one].live(holder, now)).scalar_subquery() for one in credentials)
    numbers = session.execute(select(*counts)).one()
    return {credential: number for credential, number in zip(credentials, numbers, strict=True) if number}
