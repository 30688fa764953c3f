"""Authentication by bearer token only. A session's cookie opens no endpoint, so no page can misuse it."""

from __future__ import annotations

import logging
from dataclasses import dataclass
from datetime import datetime

from flask import request
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from common.database.engine import is_transient
from common.database.models import ApiToken, Via
from common.people import tokens
from common.people.scopes import Scope
from common.permissions import Action, Actor, may
from webapp.web.context import desk
from webapp.wording.problems import Problem

log = logging.getLogger(__name__)
REALM = 'Bearer realm="felix-hub"'


@dataclass(frozen=True)
class Bearer:
    """A token and its owner."""

    token_id: int
    name: str
    person_name: str
    scopes: frozenset[str]
    actor: Actor
    expires_at: datetime | None
    seen_at: datetime | None


def authenticate(session: Session) -> Bearer:
    """Raises: Problem `unauthorized` (RFC 6750, section 3)."""
    scheme, _, value = request.headers.get("Authorization", "").partition(" ")
    if scheme.lower() != "bearer" or not value.strip():
        raise Problem("unauthorized", headers={"WWW-Authenticate": REALM})
    row = tokens.find(session, value.strip())
    if row is None:
        raise Problem("unauthorized", headers={"WWW-Authenticate": f'{REALM}, error="invalid_token"'})
    return _bearer_of_row(row)


def _bearer_of_row(row: ApiToken) -> Bearer:
    return Bearer(
        row.id,
        row.name,
        row.person.name,
        frozenset(row.scopes),
        Actor.of(row.person, Via.API),
        row.expires_at,
        row.seen_at,
    )


def require(bearer: Bearer, scope: Scope | None, action: Action) -> None:
    """Raises: Problem `scope`, `role`."""
    if scope is not None and scope.value not in bearer.scopes:
        challenge = f'{REALM}, error="insufficient_scope", scope="{scope.value}"'
        raise Problem("scope", members={"scope": scope.value}, headers={"WWW-Authenticate": challenge})
    if not may(bearer.actor.role, action):
        raise Problem("role", members={"action": action.value})


def touch(bearer: Bearer) -> None:
    """Record the last use, at most once a minute, after the answer is made: a busy database fails no request."""
    if not tokens.is_touch_due(bearer.seen_at):
        return
    try:
        with desk().database.write() as session:
            tokens.touch(session, bearer.token_id)
    except DBAPIError as error:
        if not is_transient(error):
            raise
        log.warning("The last use of token %s was not written: %s", bearer.token_id, type(error.orig).__name__)
