"""Downloads over real sockets: whole, too large, broken, or no file at all; and the address stays with the client."""

from __future__ import annotations

import asyncio
import gzip

import pytest

from bot_daemon.bot_api.client import Ambiguous, DownloadOutcome, NoFile, NotSent, TelegramApi, TooLarge
from tests.bot_daemon import sockets
from tests.bot_daemon.fake_telegram import TOKEN

MOST, TOTAL = 1000, 0.5


async def downloaded(url: str, path: str = "photos/file_1.jpg") -> DownloadOutcome:
    api = TelegramApi(url, TOKEN, connect=0.3, total=TOTAL)
    await api.open()
    try:
        return await api.download(path, most=MOST, total=TOTAL)
    finally:
        await api.close()


async def told(answer: bytes, *, then_reset: bool = False) -> DownloadOutcome:
    async with sockets.talking(sockets.saying(answer, then_reset=then_reset)) as url:
        return await downloaded(url)


async def test_a_file_comes_whole() -> None:
    assert await told(sockets.response(200, b"x" * MOST)) == b"x" * MOST


@pytest.mark.parametrize("length", [f"Content-Length: {MOST + 1}", "Content-Length: 99999999999"])
async def test_one_that_says_it_is_too_large_is_not_read(length: str) -> None:
    assert await told(b"HTTP/1.1 200 OK\r\n" + length.encode() + b"\r\n\r\n") == TooLarge()


async def test_one_that_does_not_say_so_is_not_read_to_its_end() -> None:
    body = b"%x\r\n" % (MOST + 1) + b"x" * (MOST + 1) + b"\r\n0\r\n\r\n"
    assert await told(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n" + body) == TooLarge()


async def test_one_that_unpacks_to_too_much_is_not_unpacked() -> None:
    body = gzip.compress(bytes(100_000))

    assert len(body) < MOST
    assert await told(sockets.response(200, body, "Content-Encoding: gzip")) == TooLarge()


@pytest.mark.parametrize("status", [301, 400, 401, 404, 500, 502])
async def test_an_error_is_no_file(status: int) -> None:
    assert await told(sockets.response(status, b"<html>", "Location: http://127.0.0.1/")) == NoFile(status)


@pytest.mark.parametrize(("header", "seconds"), [("7", 7.0), ("soon", None), ("-1", None), ("9" * 30, None)])
async def test_a_flood_says_for_how_long(header: str, seconds: float | None) -> None:
    assert await told(sockets.response(429, b"", f"Retry-After: {header}")) == NoFile(429, seconds)


async def test_half_a_file_is_none() -> None:
    answer = sockets.response(200, b"x" * 500)[:-100]

    assert isinstance(await told(answer), Ambiguous)
    assert isinstance(await told(answer, then_reset=True), Ambiguous)


async def test_a_server_that_is_not_there_was_not_asked() -> None:
    assert isinstance(await downloaded(sockets.refusing()), NotSent)


async def test_a_download_that_never_ends_ends() -> None:
    async with sockets.talking(sockets.silence) as url:
        assert isinstance(await downloaded(url), Ambiguous)


@pytest.mark.parametrize("path", ["a b?c#d%2e", "ключ/файл.jpg", "x\r\nHost: y"])
async def test_whatever_the_path_it_stays_a_path(path: str) -> None:
    asked: list[bytes] = []

    async def listen(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        asked.append(await sockets.read_request(reader))
        writer.write(sockets.response(200, b"ok"))
        await writer.drain()

    async with sockets.talking(listen) as url:
        assert await downloaded(url, path) == b"ok"
    line, _, _ = asked[0].partition(b"\r\n")
    assert line.startswith(f"GET /file/bot{TOKEN}/".encode())
    assert line.count(b" ") == 2
    assert not {b"?", b"#"} & {line[i : i + 1] for i in range(len(line))}
