"""A request that began before its reader's access ended changes nothing: the body is read first, then who asks."""

from __future__ import annotations

import io
import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import func, select
from sqlalchemy.orm import Session
from typing_extensions import Buffer

from common.database.engine import Database
from common.database.models import Invitation, Person, Role, StaffSession
from common.people import logins, people, staff, tokens
from tests.support.cast import AVI, PASSWORD, RINA, Member, acts, hire
from tests.webapp.api.client import BASE, token
from tests.webapp.desks import OpenApp, signed_in
from tests.webapp.visitor import OWN, Visitor

OLGA = Member("Olga", "ru", Role.MANAGER, username="olga")
FORM = "application/x-www-form-urlencoded"
ROOT = Path(__file__).parents[3]
Change = Callable[[Database, Person, Person], None]


class SlowBody(io.BytesIO):
    """A body whose client waits while something happens, and then sends it."""

    def __init__(self, body: bytes, meanwhile: Callable[[], None]) -> None:
        super().__init__(body)
        self._meanwhile: Callable[[], None] | None = meanwhile

    def read(self, size: int | None = -1) -> bytes:
        if self._meanwhile is not None:
            meanwhile, self._meanwhile = self._meanwhile, None
            meanwhile()
        return super().read(size)

    def readinto(self, buffer: Buffer, /) -> int:
        room = memoryview(buffer).cast("B")
        piece = self.read(len(room))
        room[: len(piece)] = piece
        return len(piece)


def close(database: Database, avi: Person, olga: Person) -> None:
    with database.write() as session:
        people.archive(session, acts(avi), olga.id)


def demote(database: Database, avi: Person, olga: Person) -> None:
    with database.write() as session:
        staff.change_role(session, acts(avi), olga.id, Role.STOREKEEPER, expected_version=olga.version)


def sign_out(database: Database, avi: Person, olga: Person) -> None:
    with database.write() as session:
        staff.sign_out(session, acts(avi), olga.id)


def give_a_password(database: Database, avi: Person, olga: Person) -> None:
    with database.write() as session:
        logins.set_password(session, session.get_one(Person, olga.id), "olga", PASSWORD)


def invitations(database: Database) -> int:
    with database.read() as session:
        return session.scalar(select(func.count()).select_from(Invitation)) or 0


@pytest.fixture
def desk(app_on: OpenApp, any_database: Database) -> Flask:
    return app_on(any_database, any_database.engine.url.render_as_string(hide_password=False))


@pytest.mark.parametrize("change", [close, demote, sign_out, give_a_password])
def test_a_form_whose_body_arrives_after_the_access_ended_is_refused(
    desk: Flask, any_database: Database, change: Change
) -> None:
    olga, avi = hire(any_database, OLGA), hire(any_database, AVI)
    visitor, body = signed_in(desk, any_database, olga), b"name=Lev&role=manager"
    slow = SlowBody(body, lambda: change(any_database, avi, olga))
    answer = visitor.post(
        "/people/invitations", headers=OWN, input_stream=slow, content_length=len(body), content_type=FORM
    )
    assert answer.status_code in (303, 403)
    assert invitations(any_database) == 0


class WaitingDatabase(Database):
    """A database on which the next write waits for another one."""

    meanwhile: Callable[[], None] | None = None
    waits_for = "write"

    @contextmanager
    def write(self, name: str = "write", *, durable: bool = True) -> Iterator[Session]:
        if self.meanwhile is not None and name == self.waits_for:
            meanwhile, self.meanwhile = self.meanwhile, None
            meanwhile()
        with super().write(name, durable=durable) as session:
            yield session


@pytest.mark.parametrize("change", [close, demote, sign_out, give_a_password])
def test_a_form_that_waits_for_its_transaction_while_the_access_ends_is_refused(
    app_on: OpenApp, any_database: Database, change: Change
) -> None:
    url = any_database.engine.url.render_as_string(hide_password=False)
    waiting = WaitingDatabase(url, synchronous="NORMAL")
    olga, avi = hire(any_database, OLGA), hire(any_database, AVI)
    visitor = signed_in(app_on(waiting, url), any_database, olga)
    waiting.meanwhile = lambda: change(any_database, avi, olga)
    answer = visitor.post("/people/invitations", {"name": "Lev", "role": "manager"})
    waiting.dispose()
    assert answer.status_code in (303, 403)
    assert invitations(any_database) == 0


def test_a_reader_who_is_out_is_sent_to_the_login_which_says_what_was_lost(desk: Flask, any_database: Database) -> None:
    olga, avi = hire(any_database, OLGA), hire(any_database, AVI)
    visitor = signed_in(desk, any_database, olga)
    slow = SlowBody(b"name=Lev", lambda: close(any_database, avi, olga))
    answer = visitor.post(
        "/people/invitations",
        headers={**OWN, "HX-Request": "true"},
        input_stream=slow,
        content_length=8,
        content_type=FORM,
    )
    assert (answer.status_code, answer.headers.get("HX-Redirect")) == (401, "/login?lost=form")


@pytest.mark.parametrize("change", [close, give_a_password])
def test_a_sign_in_that_waits_while_the_password_changes_lets_nobody_in(
    app_on: OpenApp, any_database: Database, change: Change
) -> None:
    url = any_database.engine.url.render_as_string(hide_password=False)
    waiting = WaitingDatabase(url, synchronous="NORMAL")
    olga, avi = hire(any_database, OLGA, password="the former password"), hire(any_database, AVI)
    visitor = Visitor(app_on(waiting, url))
    waiting.waits_for, waiting.meanwhile = "sign_in", lambda: change(any_database, avi, olga)
    answer = visitor.post("/login", {"username": "olga", "password": "the former password"})
    waiting.dispose()
    assert waiting.meanwhile is None
    assert answer.status_code == 401
    with any_database.read() as session:
        assert session.scalar(select(func.count()).select_from(StaffSession)) == 0


@pytest.mark.parametrize(("change", "status"), [(close, 401), (demote, 403)])
def test_a_call_of_the_api_whose_body_arrives_after_the_access_ended_is_refused(
    desk: Flask, any_database: Database, change: Change, status: int
) -> None:
    olga, avi = hire(any_database, OLGA), hire(any_database, AVI)
    bearer, body = token(any_database, olga), b'{"name": "Lev", "role": "manager"}'
    slow = SlowBody(body, lambda: change(any_database, avi, olga))
    answer = desk.test_client().post(
        f"{BASE}/invitations",
        headers={"Authorization": f"Bearer {bearer}"},
        input_stream=slow,
        content_length=len(body),
        content_type="application/json",
    )
    assert answer.status_code == status
    assert invitations(any_database) == 0


def test_a_token_revoked_while_a_call_is_on_its_way_does_nothing(desk: Flask, any_database: Database) -> None:
    rina, avi = hire(any_database, RINA), hire(any_database, AVI)
    bearer = token(any_database, rina)

    def revoke() -> None:
        with any_database.write() as session:
            tokens.revoke(session, acts(avi), 1)

    answer = desk.test_client().post(
        f"{BASE}/invitations",
        headers={"Authorization": f"Bearer {bearer}"},
        input_stream=SlowBody(b'{"name": "Lev"}', revoke),
        content_length=15,
        content_type="application/json",
    )
    assert answer.status_code == 401
    assert invitations(any_database) == 0


def test_every_page_writes_through_the_one_place_that_looks_the_reader_up_again() -> None:
    """The API looks its token up again in `calls`; webhook, touch, last use, work after answers know no reader."""
    own = {
        "people/sign_in/login_link.py",
        "web/context.py",
        "web/callers/sessions.py",
        "api/bearer.py",
        "api/calls.py",
        "station/telegram.py",
    }
    room = ROOT / "webapp"
    writes = {
        path.relative_to(room).as_posix()
        for path in room.rglob("*.py")
        if re.search(r"\bdatabase\.write\(", path.read_text(encoding="utf-8"))
    }
    assert writes == own
