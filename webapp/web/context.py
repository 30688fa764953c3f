"""Resources for every request of the desk: one object per application, returned by `desk()`."""

from __future__ import annotations

from dataclasses import dataclass
from typing import cast

from flask import current_app, g

from common.database.engine import Database
from common.database.models import Role, Via
from common.messaging.doorbell import Doorbell
from common.permissions import Action, Actor, may
from common.settings.config import WebSettings
from webapp.web.live import Hub
from webapp.web.page_cache import PageCache

EXTENSION = "felix"


@dataclass(frozen=True)
class Desk:
    settings: WebSettings
    database: Database
    doorbell: Doorbell
    hub: Hub
    page_cache: PageCache

    @property
    def is_https(self) -> bool:
        """Whether people reach the desk over HTTPS. A proxy before us then ends TLS: we speak plain HTTP."""
        return (self.settings.public_url or "").startswith("https://")


def desk() -> Desk:
    return cast(Desk, current_app.extensions[EXTENSION])


@dataclass(frozen=True)
class Reader:
    """The member of staff who is signed in."""

    person_id: int
    name: str
    role: Role
    language: str
    single_keys: bool = True

    @property
    def actor(self) -> Actor:
        return Actor(self.person_id, self.role, Via.DESK)

    def may(self, action: Action) -> bool:
        return may(self.role, action)


def reader() -> Reader:
    """The signed-in reader; only for routes that are not `public`."""
    return cast(Reader, g.reader)


def maybe_reader() -> Reader | None:
    return cast("Reader | None", g.get("reader"))
