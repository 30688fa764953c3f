"""Slow, broken and unusual clients keep no thread; two threads serve everybody else meanwhile."""

from __future__ import annotations

import select
import socket
import threading
import time
from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, suppress
from dataclasses import replace

import pytest

from tests.support.waiting import eventually
from tests.webapp.server.fronts import HASTY, LARGEST, THREADS, Environ, front, rest
from webapp.server import answering

CLOSE = b"Connection: close\r\n\r\n"
PING = b"GET /ping HTTP/1.1\r\nHost: x\r\n" + CLOSE
CHUNKED = b"POST /chunks HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n"
SLOW = {
    "silent": b"",
    "a head": b"GET / HTTP/1.1\r\nX: ",
    "a head of many lines": b"GET / HTTP/1.1\r\n" + b"X: y\r\n" * 90,
    "a request line": b"GET /",
    "lines that end in LF": b"GET / HTTP/1.1\nHost: x\n\n",
    "a body": b"POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 9\r\n\r\nab",
    "a body of HTTP/1.0": b"POST / HTTP/1.0\r\nContent-Length: 9\r\n\r\nab",
    "an expected body": b"POST / HTTP/1.1\r\nHost: x\r\nExpect: 100-continue\r\nContent-Length: 9\r\n\r\n",
    "a chunk": CHUNKED + b"\r\n5\r\nab",
    "a chunk's size": CHUNKED + b"\r\n5",
    "trailers": CHUNKED + b"\r\n0\r\nX: y\r\n",
    "a second request": PING.replace(CLOSE, b"\r\n") + b"GET /se",
}


@pytest.mark.parametrize("opening", SLOW.values(), ids=SLOW)
def test_more_slow_clients_than_threads_hold_up_nobody(opening: bytes) -> None:
    with front(limits=replace(HASTY, head=5.0, grace=5.0)) as served, ExitStack() as stack:
        for _ in range(THREADS * 10):
            stack.enter_context(served.connect()).sendall(opening)
        began = time.monotonic()
        assert b" 200 OK" in served.exchange(PING)
        assert time.monotonic() - began < 2


@pytest.mark.parametrize("opening", SLOW.values(), ids=SLOW)
def test_a_slow_client_is_sent_away(opening: bytes) -> None:
    with front() as served:
        said = served.exchange(opening)
    assert said.endswith(answering.TOO_SLOW) if opening else not said


def test_a_client_that_sends_one_byte_now_and_then_is_sent_away() -> None:
    with front(limits=replace(HASTY, pace=1_000.0)) as served, served.connect() as client:
        client.sendall(SLOW["a body"].replace(b"9", b"9000"))
        client.setblocking(False)
        began = time.monotonic()
        while not select.select([client], [], [], 0.05)[0]:
            client.send(b"a")
            assert time.monotonic() - began < 5
        assert client.recv(1000) == answering.TOO_SLOW


def test_a_body_that_keeps_the_pace_is_read_however_long_it_takes() -> None:
    with front(limits=replace(HASTY, grace=0.3, pace=1_000.0)) as served, served.connect() as client:
        client.sendall(b"POST /long HTTP/1.1\r\nHost: x\r\nContent-Length: 6000\r\n" + CLOSE)
        for _ in range(6):
            client.sendall(b"x" * 1000)
            time.sleep(0.15)
        assert b" 200 OK" in rest(client)


def test_an_answer_that_is_not_taken_keeps_no_thread() -> None:
    body = b"x" * 5_000_000

    def large(environ: Environ, start_response: Callable[..., object]) -> Iterable[bytes]:
        start_response("200 OK", [("Content-Length", str(len(body)))])
        return [body]

    with front(large, limits=replace(HASTY, grace=5.0)) as served, ExitStack() as stack:
        readers = [stack.enter_context(served.connect()) for _ in range(THREADS * 5)]
        for client in readers:
            client.sendall(PING)
        assert len(served.exchange(PING)) > len(body)
        assert len(rest(readers[0])) > len(body)


def test_who_takes_nothing_of_an_answer_is_cut_off() -> None:
    def endless(environ: Environ, start_response: Callable[..., object]) -> Iterable[bytes]:
        start_response("200 OK", [])
        try:
            while True:
                yield b"x" * 100_000
                time.sleep(0.01)
        finally:
            ended.set()

    ended = threading.Event()
    with front(endless) as served, served.connect() as client:
        client.sendall(PING)
        assert ended.wait(5)


def test_what_waits_for_slow_readers_is_bounded() -> None:
    def large(environ: Environ, start_response: Callable[..., object]) -> Iterable[bytes]:
        start_response("200 OK", [])
        return [b"x" * 9_000_000]

    with front(large, limits=replace(HASTY, waiting=1_000_000)) as served, served.connect() as client:
        client.sendall(PING)
        assert len(rest(client)) < 9_000_000


def test_what_waits_of_bodies_is_bounded() -> None:
    with front(limits=replace(HASTY, waiting=10_000)) as served:
        said = served.exchange(b"POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 20000\r\n\r\n", b"x" * 20_000)
        assert said.startswith(b"HTTP/1.1 503")
        assert b" 200 OK" in served.exchange(PING)


def test_a_client_that_came_last_finds_room() -> None:
    with front(limits=replace(HASTY, connections=20, head=5.0)) as served, ExitStack() as stack:
        for _ in range(40):
            stack.enter_context(served.connect()).sendall(SLOW["a head"])
        assert b" 200 OK" in served.exchange(PING)


def test_more_requests_than_connections_get_their_turn() -> None:
    def slow(environ: Environ, start_response: Callable[..., object]) -> Iterable[bytes]:
        time.sleep(0.05)
        start_response("200 OK", [("Content-Length", "2")])
        return [b"ok"]

    with front(slow, limits=replace(HASTY, connections=4)) as served, ThreadPoolExecutor(20) as askers:

        def is_answered() -> bool:
            with suppress(ConnectionError):  # it made room; a browser asks again, too
                return served.exchange(PING).endswith(b"ok")
            return False

        asked = [askers.submit(eventually, is_answered, 10) for _ in range(20)]
        for one in asked:
            one.result(15)


@pytest.mark.parametrize(
    ("pieces", "paths"),
    [
        ([PING.replace(CLOSE, b"\r\n") + PING.replace(b"/ping", b"/two")], ["/ping", "/two"]),
        ([b"GET /old HTTP/1.0\r\n\r\n"], ["/old"]),
        ([PING[:7], PING[7:-1], PING[-1:]], ["/ping"]),
        ([b"POST /a HTTP/1.1\r\nHost: x\r\nContent-Length: 3\r\n\r\nabc" + PING], ["/a", "/ping"]),
        ([CHUNKED + b"\r\n3;a=b\r\nabc\r\n2\r\nde\r\n0\r\nX: y\r\n\r\n" + PING], ["/chunks", "/ping"]),
        ([CHUNKED + CLOSE + b"1\r", b"\na\r\n0", b"\r\n\r\n"], ["/chunks"]),
    ],
    ids=["pipelined", "HTTP/1.0", "in pieces", "a body and a request", "chunks and a request", "chunks in pieces"],
)
def test_whole_requests_are_served_one_after_the_other(pieces: list[bytes], paths: list[str]) -> None:
    with front() as served:
        said = served.exchange(*pieces)
        assert (said.count(b" 200 OK"), served.asked) == (len(paths), paths)


def test_a_body_that_is_expected_is_asked_for() -> None:
    with front() as served, served.connect() as client:
        client.sendall(SLOW["an expected body"].replace(b"Host", b"Connection: close\r\nHost"))
        assert client.recv(100) == b"HTTP/1.1 100 Continue\r\n\r\n"
        client.sendall(b"123456789")
        said = rest(client)
    assert said.startswith(b"HTTP/1.1 200")
    assert said.endswith(b"123456789")


@pytest.mark.parametrize(
    ("request_", "code"),
    [
        (b"GET / HTTP/1.1\r\nX: " + b"y" * 40_000, 431),
        (b"GET / HTTP/1.1\r\n" + b"X: y\r\n" * 6_000, 431),
        (b"nonsense\r\n\r\n", 400),
        (b"GET / HTTP/1.1\r\nContent-Length: 3\r\nTransfer-Encoding: chunked\r\n\r\n", 400),
        (b"POST / HTTP/1.1\r\nContent-Length: -3\r\n\r\n", 400),
        (b"POST / HTTP/1.1\r\nTransfer-Encoding: gzip\r\n\r\n", 400),
        (CHUNKED + b"\r\nzz\r\n", 400),
        (CHUNKED + b"\r\n1\r\nabc\r\n", 400),
        (CHUNKED + b"\r\n" + b"1" * 2_000, 400),
        (CHUNKED + b"\r\n0\r\n" + b"X: y\r\n" * 3_000, 431),
    ],
)
def test_an_invalid_request_is_refused_and_reaches_no_thread(request_: bytes, code: int) -> None:
    with front() as served:
        assert served.exchange(request_).startswith(b"HTTP/1.1 %d" % code)
        assert not served.asked


@pytest.mark.parametrize("size", [LARGEST, LARGEST + 1, LARGEST * 5])
def test_a_body_larger_than_any_route_takes_is_read_to_its_end_and_not_kept(size: int) -> None:
    head = b"POST /big HTTP/1.1\r\nHost: x\r\nContent-Length: %d\r\n\r\n" % size
    with front() as served:
        assert served.exchange(head, b"x" * size, PING).count(b" 200 OK") == 2
        assert served.read["/big"] == (size if size <= LARGEST else 0)


def test_of_a_chunked_body_one_byte_too_much_is_kept_so_that_it_is_refused() -> None:
    chunk = b"%x\r\n%s\r\n" % (LARGEST, b"x" * LARGEST)
    with front() as served:
        assert b" 200 OK" in served.exchange(CHUNKED + CLOSE, chunk, chunk, b"0\r\n\r\n")
        assert served.read["/chunks"] == LARGEST + 1


def test_an_application_that_fails_is_answered_500() -> None:
    def broken(environ: Environ, start_response: Callable[..., object]) -> Iterable[bytes]:
        raise ValueError("broken")

    with front(broken) as served:
        assert served.exchange(PING).startswith(b"HTTP/1.1 500")


def test_a_running_request_is_finished_when_the_worker_stops() -> None:
    def slow(environ: Environ, start_response: Callable[..., object]) -> Iterable[bytes]:
        started.set()
        time.sleep(0.5)
        start_response("200 OK", [("Content-Length", "2")])
        return [b"ok"]

    started = threading.Event()
    with ExitStack() as stack:
        served = stack.enter_context(front(slow))
        client = served.connect()
        half = served.connect()
        half.sendall(SLOW["a head"])
        client.sendall(PING)
        assert started.wait(5)
        began = time.monotonic()
        stack.close()
        assert time.monotonic() - began < 2.5
        assert rest(client).endswith(b"ok")
        client.close()
        half.close()


def test_a_stream_is_passed_on_as_it_comes() -> None:
    def stream(environ: Environ, start_response: Callable[..., object]) -> Iterable[bytes]:
        start_response("200 OK", [])
        yield b"one"
        more.wait(5)
        yield b"two"

    more = threading.Event()
    with front(stream) as served, served.connect() as client:
        client.sendall(PING)
        eventually(lambda: b"one" in client.recv(65536), 5, "the first piece")
        more.set()
        assert b"two" in rest(client)


def test_a_client_that_leaves_before_its_answer_disturbs_nobody() -> None:
    with front() as served:
        for opening in (PING, SLOW["a body"], b""):
            client = served.connect()
            client.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, b"\1\0\0\0\0\0\0\0")
            client.sendall(opening)
            client.close()
        assert b" 200 OK" in served.exchange(PING)
