"""Resources for every request of the desk: one object per application, returned by `desk()`."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from typing import cast

from flask import Flask, current_app, g, request
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session

from common.database.engine import Database
from common.database.models import Role, Via
from common.database.schema_watch import SchemaWatch
from common.errors import FelixError
from common.messaging.doorbell import Doorbell
from common.people import logins
from common.permissions import Action, Actor, may, require
from common.settings.config import WebSettings
from webapp.web import access
from webapp.web.callers.afterwards import Afterwards
from webapp.web.live import Hub
from webapp.web.page_cache import PageCache

EXTENSION = "felix"
WITHOUT_DATA = ("health", "scripts")  # blueprints: scripts of the pages; health says itself what is wrong


class AccessEnded(FelixError):
    """The reader's access ended while the request was under way."""


@dataclass(frozen=True)
class Desk:
    settings: WebSettings
    database: Database
    doorbell: Doorbell
    hub: Hub
    page_cache: PageCache
    afterwards: Afterwards
    schema_watch: SchemaWatch

    @property
    def is_https(self) -> bool:
        """Whether people reach the desk over HTTPS. A proxy before us then ends TLS: we speak plain HTTP."""
        return (self.settings.public_url or "").startswith("https://")

    @contextmanager
    def write(self, name: str = "write", *, durable: bool = True) -> Iterator[Session]:
        """The transaction of a reader's request: their session and role are looked up once more inside it.

        Raises:
            AccessEnded. Forbidden: their new role may not do it.
        """
        with self.database.write(name, durable=durable) as session:
            _confirm_reader(session)
            yield session


def desk() -> Desk:
    return cast(Desk, current_app.extensions[EXTENSION])


def check_schema() -> None:
    """Called before each request that needs the station's data. Raises: SchemaError when this program is too old."""
    if request.endpoint != "static" and request.blueprint not in WITHOUT_DATA:
        desk().schema_watch.check()


def settings_of(app: Flask) -> WebSettings:
    """The settings of an application, outside its requests."""
    return cast(Desk, app.extensions[EXTENSION]).settings


@dataclass(frozen=True)
class Reader:
    """The member of staff who is signed in."""

    session_digest: str  # the key of their session
    seen_at: datetime  # the session's last use, to some minutes
    person_id: int
    name: str
    role: Role
    language: str
    single_keys: bool
    has_access_news: bool  # whether something of their access changed that they have not read

    @property
    def actor(self) -> Actor:
        return Actor(self.person_id, self.role, Via.DESK)

    def may(self, action: Action) -> bool:
        return may(self.role, action)


def read_reader(session: Session, session_digest: str) -> Reader | None:
    """The reader of a session, if it is live and their role may see the desk."""
    found = logins.live_session(session, session_digest)
    if found is None or not may(found.person.role, Action.DESK_SEE):
        return None
    who = found.person
    return Reader(
        session_digest, found.seen_at, who.id, who.name, who.role, who.language, who.single_keys, who.has_access_news
    )


def is_signed_in(database: Database, session_digest: str) -> Callable[[], bool]:
    """The question whether a session still has its reader, for a stream that outlives the request's context."""

    def ask() -> bool:
        try:
            with database.read() as session:
                return read_reader(session, session_digest) is not None
        except SQLAlchemyError:  # asked again with the next ping
            return True

    return ask


def _confirm_reader(session: Session) -> None:
    """Look the reader of a request up again, unless its route is public. Raises: AccessEnded, Forbidden."""
    who, mark = maybe_reader(), access.requested_access()
    if who is None or mark is None or mark.action is None:
        return
    g.reader = read_reader(session, who.session_digest)
    if g.reader is None:
        raise AccessEnded
    require(g.reader.actor, mark.action)


def reader() -> Reader:
    """The signed-in reader; only for routes that are not `public`."""
    return cast(Reader, g.reader)


def maybe_reader() -> Reader | None:
    return cast("Reader | None", g.get("reader"))
