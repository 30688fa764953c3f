"""Telegram's webhook at the desk: record, commit, then answer."""

from __future__ import annotations

import io
import json

import pytest
from sqlalchemy import select, text
from werkzeug.test import TestResponse

from common.clock import utcnow
from common.database.engine import Database
from common.database.models import Bot, InboxRow, InboxState
from common.messaging.inbox import MAX_BODY
from tests.webapp.desks import WEBHOOK_SECRET, OpenApp
from tests.webapp.visitor import Visitor
from webapp.station.telegram import SECRET_HEADER

PATH = "/telegram/webhook"


@pytest.fixture
def hook(any_database: Database, any_database_url: str, app_on: OpenApp) -> Visitor:
    """Telegram, calling a desk on either database whose daemon has run."""
    with any_database.write() as session:
        session.add(Bot(bot_id=7, username="b", name="B", link_base="", active_at=utcnow(), webhook={}))
    return Visitor(app_on(any_database, any_database_url, WEBHOOK_SECRET_PREVIOUS="pR9kT2vX7mQ4wL8zH3cN6bJ1"))


@pytest.fixture
def rung(any_database: Database, hook: Visitor) -> list[int]:
    """A mark for each ring of the doorbell, with the rows that were committed by then."""
    marks: list[int] = []
    any_database.on_work = lambda _work: marks.append(len(rows(any_database)))
    return marks


def call(visitor: Visitor, body: bytes | dict[str, object], secret: str | None = WEBHOOK_SECRET) -> TestResponse:
    data = body if isinstance(body, bytes) else json.dumps(body).encode()
    headers = {"Content-Type": "application/json", **({SECRET_HEADER: secret} if secret is not None else {})}
    return visitor.post(PATH, data, headers)


def update(number: int = 1) -> dict[str, object]:
    return {"update_id": number, "message": {"from": {"id": 5}, "chat": {"id": 5}, "text": "hello"}}


def rows(database: Database) -> list[InboxRow]:
    with database.read() as session:
        return list(session.scalars(select(InboxRow).order_by(InboxRow.seq)))


@pytest.mark.parametrize("secret", [WEBHOOK_SECRET, "pR9kT2vX7mQ4wL8zH3cN6bJ1"], ids=["present", "previous"])
def test_an_update_is_recorded_then_answered_with_nothing(
    hook: Visitor, any_database: Database, rung: list[int], secret: str
) -> None:
    answer = call(hook, update(), secret)
    assert (answer.status_code, answer.data) == (200, b"")
    (row,) = rows(any_database)
    assert (row.bot_id, row.update_id, row.lane, row.kind, row.state) == (7, 1, "u:5", "message", InboxState.RECEIVED)
    assert json.loads(row.body or b"") == update()
    assert rung == [1], "the bell rings once, after the commit"


def test_the_same_update_again_is_the_same_row(hook: Visitor, any_database: Database) -> None:
    assert [call(hook, update()).status_code for _ in range(3)] == [200, 200, 200]
    assert len(rows(any_database)) == 1


@pytest.mark.parametrize("secret", [None, "", "wrong", WEBHOOK_SECRET + "x", "ünïcode"])
def test_a_wrong_secret_is_refused_and_nothing_is_kept(
    hook: Visitor, any_database: Database, rung: list[int], secret: str | None
) -> None:
    assert call(hook, update(), secret).status_code == 401
    assert rows(any_database) == []
    assert rung == []


def test_without_a_secret_in_the_settings_nothing_is_authentic(
    database_url: str, database: Database, make_app: OpenApp
) -> None:
    assert call(Visitor(make_app(WEBHOOK_SECRET="")), update(), "").status_code == 401


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"\0",
        b"{",
        b"[]",
        b"null",
        b'{"update_id": "1"}',
        b'{"update_id": -1}',
        b'{"update_id": 1e400}',
        b"\xff\xfe",
        b"[" * 100_000,
    ],
    ids=lambda body: repr(body[:20]),
)
def test_what_is_authentic_but_unreadable_is_kept_in_quarantine_once(
    hook: Visitor, any_database: Database, body: bytes
) -> None:
    assert call(hook, body).status_code == 200
    assert call(hook, body).status_code == 200
    (row,) = rows(any_database)
    assert (row.state, row.body, row.update_id) == (InboxState.QUARANTINED, body, None)
    assert row.digest


def test_a_body_at_the_limit_is_taken_and_one_beyond_it_refused(hook: Visitor, any_database: Database) -> None:
    assert call(hook, b"x" * MAX_BODY).status_code == 200
    assert call(hook, b"y" * (MAX_BODY + 1)).status_code == 413
    assert len(rows(any_database)) == 1


def test_a_body_without_a_length_is_measured_while_it_is_read(hook: Visitor, any_database: Database) -> None:
    answer = hook.client.post(
        PATH,
        input_stream=io.BytesIO(b"z" * (MAX_BODY + 10)),
        headers={SECRET_HEADER: WEBHOOK_SECRET, "Transfer-Encoding": "chunked"},
        environ_base={"wsgi.input_terminated": True},
    )
    assert answer.status_code == 413
    assert rows(any_database) == []


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [
        ("GET", PATH, 405),
        ("PUT", PATH, 405),
        ("DELETE", PATH, 405),
        ("POST", PATH + "/", 404),
        ("POST", "/telegram", 404),
    ],
)
def test_a_wrong_method_or_path_is_told_so(hook: Visitor, method: str, path: str, status: int) -> None:
    assert hook.client.open(path, method=method, headers={SECRET_HEADER: WEBHOOK_SECRET}).status_code == status


def test_before_any_daemon_ran_telegram_is_asked_to_come_again(stranger: Visitor) -> None:
    answer = call(stranger, update())
    assert (answer.status_code, answer.headers["Retry-After"]) == (503, "2")


def test_a_database_that_fails_is_a_503_and_nothing_is_lost(hook: Visitor, any_database: Database) -> None:
    with any_database.write() as session:
        session.execute(text("ALTER TABLE inbox RENAME TO inbox_away"))
    answer = call(hook, update())
    assert (answer.status_code, answer.headers["Retry-After"]) == (503, "2")
    with any_database.write() as session:
        session.execute(text("ALTER TABLE inbox_away RENAME TO inbox"))
    assert call(hook, update()).status_code == 200
    assert len(rows(any_database)) == 1


def test_no_session_is_looked_for(hook: Visitor) -> None:
    hook.client.set_cookie("desk", "x" * 40)
    assert call(hook, update()).status_code == 200
