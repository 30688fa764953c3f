"""The desk under gunicorn: it starts with one clear sentence or not at all, and stopping is boring."""

from __future__ import annotations

import http.client
import signal
import time
from pathlib import Path

import pytest
from sqlalchemy import text

from common.database.engine import Database
from common.database.models import Person
from tests.webapp.desks import cookie_of, environment
from tests.webapp.live_server import serving, start


def test_an_open_board_does_not_hold_up_a_stop(
    database: Database, database_url: str, rina: Person, tmp_path: Path
) -> None:
    cookie = cookie_of(database, rina)
    with serving(environment(database_url), tmp_path / "web.log") as served:
        connection = http.client.HTTPConnection("127.0.0.1", served.port, timeout=10)
        connection.request("GET", "/events", headers={"Cookie": f"desk={cookie}"})
        answer = connection.getresponse()
        assert answer.readline().startswith(b"retry:")
        began = time.monotonic()
        served.popen.send_signal(signal.SIGTERM)
        assert served.popen.wait(15) == 0
        assert time.monotonic() - began < 9, "graceful_timeout would be ten"
        connection.close()


@pytest.mark.parametrize(
    ("settings", "sentence"),
    [
        ({"SECRET_KEY": ""}, "SECRET_KEY is not set"),
        ({"SECRET_KEY": "changeme-changeme-changeme"}, "SECRET_KEY is a value not shown here"),
        ({"DATABASE_URL": "mysql://x"}, "DATABASE_URL"),
        ({"PUBLIC_URL": "desk.example.com"}, "PUBLIC_URL"),
    ],
)
def test_a_wrong_setting_is_one_sentence_and_the_end(
    database_url: str, tmp_path: Path, settings: dict[str, str], sentence: str
) -> None:
    served = start(environment(database_url, **settings), tmp_path / "web.log")
    assert served.popen.wait(30) != 0
    said = served.log.read_text()
    assert sentence in said
    assert "Traceback" not in said


def test_an_old_schema_is_refused(database: Database, database_url: str, tmp_path: Path) -> None:
    with database.write() as session:
        session.execute(text("UPDATE alembic_version SET version_num = '0001_first'"))
    served = start(environment(database_url), tmp_path / "web.log")
    assert served.popen.wait(30) != 0
    assert "felix-hub migrate" in served.log.read_text()
