"""Whatever breaks, no log holds what a person wrote, a code, a hash or a cookie; and nobody makes up a line."""

from __future__ import annotations

import stat
import urllib.parse
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from sqlalchemy import select, text

from common.cli.opening import HOST
from common.database.models import InboxRow, InboxState, InvitationWay, Login, Role
from common.people import invitations
from tests.acceptance.desk import Desk
from tests.acceptance.fixtures import OpenStation
from tests.acceptance.mechanic import Mechanic
from tests.stations.station import Station
from tests.support.cast import AVI, DIMA, PASSWORD, hire
from tests.support.waiting import eventually

WRITTEN = "the canary sings of brakes"
PLATE = "98-765-43"
LOGIN_CODE = "Lc0de_canary-of-a-login-link-1234"
MADE_UP = "2026-01-01 00:00:00 CRITICAL bot_daemon: made up"
# Each rename makes a statement fail whose values are private.
RENAMED = (
    ("chat_message", "text"),
    ("draft", "content"),
    ("invitation", "digest"),
    ("login_link", "digest"),
    ("vehicle", "display"),
)


def test_no_log_holds_what_a_person_wrote_or_a_secret_of_theirs(
    open_station: OpenStation, any_database_url: str
) -> None:
    here = open_station(any_database_url, extra={"LOG_LEVEL": "debug"}, time_scale=0.1)
    here.open()
    hire(here.database, DIMA)
    hire(here.database, AVI, password=PASSWORD)
    with here.database.write() as session:
        code = invitations.invite(session, HOST, name="New", role=Role.STOREKEEPER, way=InvitationWay.DESK)[1]
        password_hash = session.scalars(select(Login.password_hash)).one()
    Mechanic(here.sandbox, DIMA).order("gizmo")
    desk = Desk(here.web_port)
    desk.sign_in(AVI)
    here.wait_settled()

    with broken_columns(here):
        everything_fails(here, desk, code)

    private = {
        "a text": WRITTEN, "a plate": PLATE, "a plate's digits": PLATE.replace("-", ""), "a password": PASSWORD,
        "a hash": password_hash, "a kind of hash": "$argon2", "an invitation": code, "a login link": LOGIN_CODE,
        **{f"the cookie {name}": value for name, value in desk.cookies.items() if len(value) > 16},
    }  # fmt: skip
    assert len(private) > 8, "no cookie was looked for"
    logs = here.logs()
    assert [name for name, value in private.items() if value in logs] == []
    assert MADE_UP not in [line.strip() for line in logs.splitlines()]
    assert "\x1b" not in logs
    assert logs.count("Traceback") >= 4, logs
    assert_quarantine_is_clean(here, private)
    if here.database.is_sqlite:
        assert modes(here.directory) == {0o600}


@contextmanager
def broken_columns(here: Station) -> Iterator[None]:
    """The columns have other names meanwhile: the next test may get the same database."""
    with here.database.engine.begin() as connection:
        for table, column in RENAMED:
            connection.execute(text(f"ALTER TABLE {table} RENAME COLUMN {column} TO gone"))
    try:
        yield
    finally:
        with here.database.engine.begin() as connection:
            for table, column in RENAMED:
                connection.execute(text(f"ALTER TABLE {table} RENAME COLUMN gone TO {column}"))


def everything_fails(here: Station, desk: Desk, code: str) -> None:
    """Each request and update meets a statement that cannot be carried out."""
    stranger = Desk(here.web_port)
    assert desk.post("/orders/1/messages", {"text": WRITTEN, "key": "k" * 16}).status == 500
    order = {"do": "place", "key": "c" * 16, "car": PLATE, "comment": WRITTEN, "person": "1"}
    lines = {"line_part": "", "line_words": WRITTEN, "line_quantity": "1", "line_grade": "any"}
    assert desk.post("/orders/new", order | lines).status == 500
    assert stranger.get(f"/welcome/{code}").status == 500
    assert stranger.post(f"/welcome/{code}", {"username": "new", "password": PASSWORD}).status == 500
    assert stranger.get(f"/login/link/{LOGIN_CODE}").status == 500
    forged = urllib.parse.quote(f"x\n{MADE_UP}\x1b[2J\u202e")
    for path in (f"/login/link/{forged}", f"/welcome/{forged}", f"/{forged}"):
        assert stranger.get(path).status in (404, 500)
    Mechanic(here.sandbox, DIMA).write(f"{WRITTEN} {PLATE}")
    eventually(lambda: "is in quarantine" in here.logs(), 20, "the update is in quarantine")


def assert_quarantine_is_clean(here: Station, private: dict[str, str]) -> None:
    with here.database.read() as session:
        of_quarantine = select(InboxRow.error).where(InboxRow.state == InboxState.QUARANTINED)
        errors = "".join(error or "" for error in session.scalars(of_quarantine))
    assert "Traceback" in errors
    assert [name for name, value in private.items() if value in errors] == []


def modes(directory: Path) -> set[int]:
    """The modes of the database's files."""
    return {stat.S_IMODE(path.stat().st_mode) for path in directory.glob("*.sqlite3*")}
