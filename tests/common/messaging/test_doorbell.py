"""The doorbell: rings a real listener, gives up quickly, and follows the leader."""

from __future__ import annotations

import socket
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy.exc import OperationalError

from common import clock
from common.messaging.doorbell import FAILURES, Doorbell
from common.signing import ring_is_authentic
from tests.support.waiting import eventually

SECRET = "Zr7Qm2xVbK9sLp4TnWc8dHy3"


class Listener(HTTPServer):
    """A daemon's doorbell; `rings` says of each ring whether it was authentic."""

    address_family = socket.AF_INET
    status = 204

    def __init__(self, address: Any) -> None:
        self.rings: list[bool] = []
        super().__init__(address, Answering)


class UnixListener(Listener):
    address_family = socket.AF_UNIX

    def server_bind(self) -> None:
        self.socket.bind(self.server_address)
        self.server_name, self.server_port = "localhost", 0


class Answering(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server: Listener

    def do_POST(self) -> None:
        stamp, signature = self.headers["X-Felix-Timestamp"], self.headers["X-Felix-Signature"]
        authentic = ring_is_authentic(SECRET, stamp, signature, b"", clock.utcnow().timestamp())
        self.server.rings.append(authentic and self.path == "/doorbell")
        self.send_response(self.server.status)
        self.send_header("Content-Length", "0")
        self.end_headers()

    def setup(self) -> None:
        self.request.settimeout(0.2)
        super().setup()

    def address_string(self) -> str:
        return "the desk"

    def log_message(self, format: str, *arguments: Any) -> None:
        pass


@contextmanager
def listening(listener: Listener) -> Iterator[Listener]:
    thread = threading.Thread(target=listener.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    try:
        yield listener
    finally:
        threading.Thread(target=listener.shutdown).start()
        thread.join(10)
        listener.server_close()


def address(listener: Listener) -> str:
    return f"http://127.0.0.1:{listener.server_port}"


@contextmanager
def bell_at(where: str | Callable[[], str | None] | None, secret: str | None = SECRET) -> Iterator[Doorbell]:
    bell = Doorbell(secret, where if callable(where) else lambda: where, pause=0.2, follow=0.05)
    try:
        yield bell
    finally:
        bell.close()


def test_a_ring_is_signed_and_heard() -> None:
    with listening(Listener(("127.0.0.1", 0))) as daemon, bell_at(address(daemon)) as bell:
        assert [bell.ring() for _ in range(3)] == [True] * 3
        assert daemon.rings == [True] * 3
        assert (bell.rung, bell.missed, bell.skipped) == (3, 0, 0)


def test_a_ring_goes_through_a_unix_socket_too(tmp_path: Path) -> None:
    path = tmp_path / "bell"
    with listening(UnixListener(str(path))) as daemon, bell_at(f"unix:{path}") as bell:
        assert bell.ring()
        assert daemon.rings == [True]


def nowhere() -> str:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return f"http://127.0.0.1:{probe.getsockname()[1]}"


@pytest.mark.parametrize(
    "where",
    [pytest.param(nowhere(), id="nobody listens"), "unix:/nowhere/at/all", "http://", "nonsense.invalid", "", None],
)
def test_a_bell_that_nobody_hears_raises_nothing(where: str | None) -> None:
    with bell_at(where) as bell:
        assert bell.ring() is False
        assert (bell.rung, bell.missed) == (0, 1)


def test_an_address_that_cannot_be_looked_up_raises_nothing() -> None:
    def fail() -> str:
        raise OperationalError("SELECT", {}, Exception("the database is gone"))

    with bell_at(fail) as bell:
        assert bell.ring() is False


def test_without_a_secret_nobody_rings() -> None:
    with bell_at("http://127.0.0.1:1", secret=None) as bell:
        assert bell.ring() is False
        assert (bell.missed, bell.skipped) == (0, 1)


def test_a_daemon_that_is_down_is_left_alone_for_a_while() -> None:
    with listening(Listener(("127.0.0.1", 0))) as daemon:
        where = address(daemon)
    with bell_at(where) as bell:
        for _ in range(FAILURES + 5):
            bell.ring()
        assert (bell.missed, bell.skipped) == (FAILURES, 5)
        with listening(Listener(("127.0.0.1", int(where.rpartition(":")[2])))):
            eventually(bell.ring, within=5)


def test_a_daemon_that_hangs_costs_a_page_two_tenths_of_a_second_and_then_nothing() -> None:
    with socket.socket() as hung:  # connects, and never answers
        hung.bind(("127.0.0.1", 0))
        hung.listen()
        where = f"http://127.0.0.1:{hung.getsockname()[1]}"
        with closing(Doorbell(SECRET, lambda: where)) as bell:
            began = time.monotonic()
            rings = [bell.ring() for _ in range(100)]
            assert time.monotonic() - began < 2.0
    assert not any(rings)
    assert bell.skipped == 100 - FAILURES


def test_an_answer_that_is_no_204_is_a_miss() -> None:
    with listening(Listener(("127.0.0.1", 0))) as daemon, bell_at(address(daemon)) as bell:
        daemon.status = 401
        assert bell.ring() is False
        daemon.status = 204
        assert bell.ring() is True


def test_the_bell_follows_the_leader_after_a_failure() -> None:
    with listening(Listener(("127.0.0.1", 0))) as new:
        addresses = [address(new), nowhere()]
        with bell_at(lambda: addresses.pop() if len(addresses) > 1 else addresses[0]) as bell:
            assert [bell.ring(), bell.ring()] == [False, True]


def test_the_bell_follows_the_leader_while_the_old_one_still_answers() -> None:
    with listening(Listener(("127.0.0.1", 0))) as old, listening(Listener(("127.0.0.1", 0))) as new:
        leader = [old]
        with bell_at(lambda: address(leader[0])) as bell:
            assert bell.ring()
            leader[0] = new
            eventually(lambda: bell.ring() and new.rings, within=5)
    assert old.rings[0]


def test_many_threads_ring_at_once() -> None:
    with listening(Listener(("127.0.0.1", 0))) as daemon, bell_at(address(daemon)) as bell:
        bell.ring()
        threads = [threading.Thread(target=bell.ring) for _ in range(8)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join(10)
        assert bell.rung + bell.missed + bell.skipped == 9
