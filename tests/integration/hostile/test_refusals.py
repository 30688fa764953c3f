"""What cannot work is refused at once: an exit code that is not 0, one clear sentence, no traceback, no secret."""

from __future__ import annotations

import socket
import threading
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest
from sqlalchemy import text

from sandbox.testing import running
from tests.acceptance.fixtures import KNOWN, OpenStation
from tests.integration.crowd import hire_many, orders_in_work
from tests.stations.station import (
    DOORBELL_SECRET,
    SECRET_KEY,
    TOKEN,
    WEBHOOK_SECRET,
    Process,
    Station,
    free_port,
    request,
    station,
)

STRANGER = "700100299:AAnobodyKnowsThisTokenAtTelegram000"
PASSWORD = "Pq7xW2mK9z"
SILENT = "The database does not answer"
ENDS_WITHIN = 30.0


@dataclass(frozen=True)
class Refused:
    """`says`: pieces of the one sentence."""

    name: str
    process: str
    environment: dict[str, str]
    says: tuple[str, ...]


def both(name: str, environment: dict[str, str], *says: str) -> list[Refused]:
    return [Refused(f"{name}-{process}", process, environment, says) for process in ("daemon", "web")]


def web(name: str, environment: dict[str, str], *says: str) -> list[Refused]:
    return [Refused(name, "web", environment, says)]


def daemon(name: str, environment: dict[str, str], *says: str) -> list[Refused]:
    return [Refused(name, "daemon", environment, says)]


REFUSED: list[Refused] = [
    *daemon("no-token", {"TELEGRAM_BOT_TOKEN": ""}, "TELEGRAM_BOT_TOKEN is not set", "BotFather"),
    *daemon("half-a-token", {"TELEGRAM_BOT_TOKEN": TOKEN[:20]}, "TELEGRAM_BOT_TOKEN is", "not shown here"),
    *daemon("a-token-nobody-knows", {"TELEGRAM_BOT_TOKEN": STRANGER}, "Telegram does not know TELEGRAM_BOT_TOKEN"),
    *daemon("no-webhook-secret", {"WEBHOOK_SECRET": ""}, "WEBHOOK_SECRET is not set"),
    *daemon("a-weak-webhook-secret", {"WEBHOOK_SECRET": "changeme"}, "WEBHOOK_SECRET is", "too short"),
    *web("no-secret-key", {"SECRET_KEY": ""}, "SECRET_KEY is not set"),
    *web("a-default-secret-key", {"SECRET_KEY": "please-changeme-0123456789"}, "SECRET_KEY is", "everybody tries"),
    *daemon("a-strange-database", {"DATABASE_URL": "mysql://felix@host/felix"}, "DATABASE_URL is", "scheme"),
    *both("a-database-that-is-down", {"DATABASE_URL": f"postgresql://felix:{PASSWORD}@127.0.0.1:1/f"}, SILENT),
    *daemon("no-webhook-address", {"WEBHOOK_URL": ""}, "WEBHOOK_URL is not set"),
    *daemon("a-webhook-that-is-no-address", {"WEBHOOK_URL": "example.org/hook"}, "WEBHOOK_URL is", "https://host"),
    *daemon(
        "a-plain-webhook-in-public",
        {"WEBHOOK_URL": "http://desk.example.org", "TELEGRAM_API_URL": "https://api.telegram.org"},
        "WEBHOOK_URL is http://",
    ),
]
PRIVATE = (TOKEN[:20], TOKEN[-20:], STRANGER[-20:], WEBHOOK_SECRET, DOORBELL_SECRET, SECRET_KEY, PASSWORD)


def start(here: Station, process: str, **environment: str) -> Process:
    if process == "web":
        return here.start_web(wait=False, **environment)
    return here.start_daemon(wait=False, port=int(environment.pop("DAEMON_PORT", 0)) or None, **environment)


def assert_refused(process: Process, *says: str) -> None:
    """It ended by itself, and its last words are one sentence that holds these pieces."""
    code = process.exit_code(ENDS_WITHIN)
    said = process.said()
    assert code not in (0, -9, -15), said
    assert "Traceback" not in said, said
    assert [line for line in said.splitlines() if all(piece in line for piece in says)], said
    assert not [secret for secret in PRIVATE if secret in said], said


@pytest.mark.parametrize("refused", REFUSED, ids=lambda refused: refused.name)
def test_what_cannot_work_is_refused_in_one_sentence(here: Station, refused: Refused) -> None:
    assert_refused(start(here, refused.process, **refused.environment), *refused.says)


def test_an_empty_database_is_not_filled_but_refused(here: Station, tmp_path: Path) -> None:
    empty = f"sqlite:///{tmp_path / 'empty.sqlite3'}"
    assert_refused(start(here, "daemon", DATABASE_URL=empty), "at schema none", "run felix-hub migrate")


@pytest.mark.parametrize("process", ["daemon", "web"])
def test_an_old_schema_is_refused(here: Station, process: str) -> None:
    with here.database.engine.begin() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = '0001_first'"))
    assert_refused(start(here, process), "at schema 0001_first", "run felix-hub migrate")


@pytest.mark.parametrize("process", ["daemon", "web"])
def test_an_occupied_port_is_named(here: Station, process: str) -> None:
    with socket.socket() as other:
        other.bind(("127.0.0.1" if process == "daemon" else "0.0.0.0", 0))
        other.listen()
        port = str(other.getsockname()[1])
        refused = start(here, process, **{"DAEMON_PORT" if process == "daemon" else "PORT": port})
        if process == "daemon":
            assert_refused(refused, port, "address already in use")
        else:
            assert_refused(refused, "Can't connect to", port)


@contextmanager
def another_poller(here: Station) -> Iterator[None]:
    """Somebody else's program with our token, which asks for updates again and again."""
    stop = threading.Event()
    port = int(here.sandbox.api_url.rpartition(":")[2])

    def poll() -> None:
        while not stop.is_set():
            request("POST", port, f"/bot{TOKEN}/getUpdates?timeout=20", timeout=20)

    thread = threading.Thread(target=poll)
    thread.start()
    try:
        yield
    finally:
        stop.set()
        request("POST", port, f"/bot{TOKEN}/getUpdates?timeout=0")  # ends the poll that hangs
        thread.join(25)


def test_a_second_poller_ends_the_process_with_the_cause(open_station: OpenStation, database_url: str) -> None:
    here = open_station(database_url, ingress="polling", time_scale=0.05)
    with another_poller(here):
        refused = here.start_daemon(wait=False)
        assert_refused(refused, "Somebody else takes this bot's updates", "Conflict", "stop the other poller")


def test_a_token_revoked_in_mid_run_ends_the_process_with_the_cause(tmp_path: Path, database_url: str) -> None:
    """Another emulator takes the first one's place, and knows only another bot."""
    port = free_port()
    with ExitStack() as opened, ExitStack() as first:
        telegram = first.enter_context(running(port=port, args=KNOWN))
        here = opened.enter_context(station(tmp_path, database_url, telegram))
        process, crowd = here.start_daemon(), hire_many(here, 1)
        first.close()
        with running(port=port, args=["--bot", f"{STRANGER}:other_bot", "--known-bots-only"]):
            orders_in_work(here, crowd)
            assert_refused(process, "Telegram does not know TELEGRAM_BOT_TOKEN any more")
