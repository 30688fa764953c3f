"""Malformed, oversized, unauthenticated, unknown: every address of both processes answers as the design says.

The table is compared with the routes of both programs, so that a new route is listed here or fails.
"""

from __future__ import annotations

import http.client
import json
import re
import socket
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import func, select

from common.database.models import InboxRow, InboxState
from common.messaging.inbox import MAX_BODY
from docs.tables.routes import daemon_routes, web_routes
from sandbox.testing import running
from tests.acceptance.desk import Desk
from tests.acceptance.fixtures import ENGINE, KNOWN
from tests.integration.crowd import hire_many, orders_in_work
from tests.integration.hostile.cases import AUTHENTIC, SECRET, Case
from tests.integration.hostile.catalogue_routes import CATALOGUE
from tests.integration.hostile.order_routes import ORDERS
from tests.integration.hostile.people_routes import PEOPLE
from tests.integration.hostile.program_routes import DAEMON, PROGRAMS
from tests.stations.station import WEBHOOK_SECRET, Station, request, station
from tests.support.cast import AVI, PASSWORD, hire
from tests.support.waiting import eventually

WEB = {**ORDERS, **CATALOGUE, **PEOPLE, **PROGRAMS}
BROKEN = {
    "no HTTP at all": b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03\r\n\r\n",
    "no such version": b"POST /telegram/webhook HTTP/9.9\r\nHost: x\r\n\r\n",
    "two lengths": b"POST /telegram/webhook HTTP/1.1\r\nHost: x\r\nContent-Length: 3\r\nContent-Length: 5\r\n\r\nabc",
    "a length that is none": b"POST /telegram/webhook HTTP/1.1\r\nHost: x\r\nContent-Length: many\r\n\r\n",
    "an endless header": b"GET / HTTP/1.1\r\nHost: x\r\nX-Long: " + b"x" * 100_000 + b"\r\n\r\n",
}


@pytest.fixture(scope="module")
def here(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Station]:
    """One running station with an order in work, for all tests here."""
    directory: Path = tmp_path_factory.mktemp("requests")
    with (
        running(time_scale=ENGINE, args=KNOWN) as box,
        station(directory, f"sqlite:///{directory / 'felix.sqlite3'}", box) as opened,
    ):
        opened.open()
        orders_in_work(opened, hire_many(opened, 1))
        opened.wait_settled()
        yield opened


@pytest.fixture(scope="module")
def manager(here: Station) -> Desk:
    hire(here.database, AVI, password=PASSWORD)
    desk = Desk(here.web_port)
    desk.sign_in(AVI)
    return desk


def ask(port: int, route: str, case: Case, desk: Desk | None = None) -> tuple[int, bytes]:
    verb, _, path = route.partition(" ")
    path = path.replace("<filename>", "desk.css")
    path = re.sub("<[a-z_]+>", "1", path)
    path = path + case.path if case.path.startswith("?") else case.path or path
    headers = {"Origin": f"http://127.0.0.1:{port}"} if case.own else {}
    if case.signed_in and desk is not None:
        headers["Cookie"] = "; ".join(f"{name}={value}" for name, value in desk.cookies.items())
    return request(case.verb or verb, port, path, case.body, {**headers, **case.headers})


def test_every_route_of_the_desk_is_in_the_table() -> None:
    assert set(WEB) == {name for name, _, _ in web_routes()}


def test_every_route_of_the_daemon_is_in_the_table() -> None:
    assert set(DAEMON) == {name for name, _ in daemon_routes()}


@pytest.mark.parametrize("route", WEB)
def test_the_desk_answers_each_request_as_designed(here: Station, manager: Desk, route: str) -> None:
    assert_as_designed(here.web_port, route, WEB[route], manager)


@pytest.mark.parametrize("route", DAEMON)
def test_the_daemon_answers_each_request_as_designed(here: Station, route: str) -> None:
    port = here.doorbell_port if route.endswith("/doorbell") else here.daemon_port
    assert_as_designed(port, route, DAEMON[route])


def assert_as_designed(port: int, route: str, cases: tuple[Case, ...], desk: Desk | None = None) -> None:
    answers = {case.about: (case.status, *ask(port, route, case, desk)) for case in cases}
    assert {about: got for about, (_, got, _) in answers.items()} == {
        about: want for about, (want, _, _) in answers.items()
    }
    assert not [about for about, (_, _, body) in answers.items() if b"Traceback" in body]


@pytest.mark.parametrize("path", ["/nothing", "/telegram", "/telegram/webhook/", "/doorbell", "/%00", "/" + "x" * 3000])
def test_there_is_nothing_at_any_other_address(here: Station, path: str) -> None:
    for port in (here.web_port, here.daemon_port):
        assert request("POST", port, path, b"{}", AUTHENTIC)[0] == 404


@pytest.mark.parametrize("broken", BROKEN)
def test_what_is_not_http_is_refused_and_the_process_goes_on(here: Station, broken: str) -> None:
    for port in (here.web_port, here.daemon_port, here.doorbell_port):
        said = raw(port, BROKEN[broken])
        assert said[:12] in (b"", b"HTTP/1.1 400", b"HTTP/1.0 400", b"HTTP/1.1 431", b"HTTP/1.1 505"), said[:80]
        assert b"Traceback" not in said
    assert all(process.get("/health/live")[0] == 200 for process in here.started)


def raw(port: int, sent: bytes) -> bytes:
    """What comes back for these bytes, until the other side closes."""
    with socket.create_connection(("127.0.0.1", port), timeout=10) as connection:
        connection.sendall(sent)
        connection.shutdown(socket.SHUT_WR)
        said = b""
        while piece := _received(connection):
            said += piece
        return said


def _received(connection: socket.socket) -> bytes:
    try:
        return connection.recv(65536)
    except ConnectionResetError:
        return b""


def test_an_update_too_large_without_a_length_is_refused_at_both_ports(here: Station) -> None:
    for port in (here.web_port, here.daemon_port):
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=10)
        pieces = (b"x" * 65536 for _ in range(MAX_BODY // 65536 + 2))
        try:
            connection.request("POST", "/telegram/webhook", pieces, AUTHENTIC, encode_chunked=True)
            assert connection.getresponse().status == 413
        except (BrokenPipeError, ConnectionResetError):
            pass  # it stopped reading, which is as good
        finally:
            connection.close()


def test_an_update_that_breaks_off_is_not_kept(here: Station) -> None:
    before = count(here)
    head = f"POST /telegram/webhook HTTP/1.1\r\nHost: x\r\n{SECRET}: {WEBHOOK_SECRET}\r\nContent-Length: 500\r\n\r\n"
    for port in (here.web_port, here.daemon_port):
        raw(port, head.encode() + b'{"update_id": 5000')
    assert count(here) == before


def count(here: Station) -> int:
    with here.database.read() as session:
        return session.scalar(select(func.count(InboxRow.seq))) or 0


@pytest.mark.parametrize("way", ["web", "daemon"])
def test_what_is_authentic_is_kept_whatever_it_is(here: Station, way: str) -> None:
    """Unreadable bodies in quarantine with their bytes, unknown kinds done as ignored; none of them lost."""
    port = here.web_port if way == "web" else here.daemon_port
    number = 770_000 if way == "web" else 780_000
    unreadable = f"not JSON, by the {way}".encode()
    unknown = {"update_id": number, "telepathy": {"from": {"id": 1001}, "thought": "wiper"}}
    empty = {"update_id": number + 1}
    strange = {"update_id": number + 2, "message": "a string"}
    known = (json.dumps(one).encode() for one in (unknown, empty, strange))
    for body in (unreadable, *known):
        assert request("POST", port, "/telegram/webhook", body, AUTHENTIC)[0] == 200
    eventually(lambda: not here.unsettled(), 10, "all are worked off")
    with here.database.read() as session:
        kept = session.scalars(select(InboxRow).where(InboxRow.body == unreadable)).one()
        rows = {row.update_id: row for row in session.scalars(select(InboxRow).where(InboxRow.update_id >= number))}
    assert (kept.state, kept.update_id) == (InboxState.QUARANTINED, None)
    assert (rows[number].state, rows[number].kind, rows[number].outcome) == (InboxState.DONE, "telepathy", "ignored")
    assert (rows[number + 1].state, rows[number + 1].outcome) == (InboxState.DONE, "ignored")
    assert (rows[number + 2].state, bool(rows[number + 2].body)) == (InboxState.QUARANTINED, True)
