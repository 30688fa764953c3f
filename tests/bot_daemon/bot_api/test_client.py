"""Answered, surely not sent, or ambiguous: told apart over real sockets that misbehave in every way we know."""

from __future__ import annotations

import asyncio
import gzip
import logging
import time

import pytest

from bot_daemon.bot_api.client import MAX_ANSWER, Ambiguous, Answered, NotSent, TelegramApi
from tests.bot_daemon import sockets
from tests.bot_daemon.bot_api.asking import CONNECT, OK, TOTAL, asked, client, told
from tests.bot_daemon.fake_telegram import TOKEN, FakeTelegram, always, flood, hang_until, html, ok, refusal
from tests.support.waiting import eventually_async

# Surely not sent ------------------------------------------------------------------------------------------------------


async def test_a_refused_connection_was_not_sent() -> None:
    assert isinstance(await asked(sockets.refusing()), NotSent)


async def test_a_name_that_nobody_knows_was_not_sent() -> None:
    assert isinstance(await asked("http://telegram.invalid"), NotSent)


async def test_a_connection_that_is_never_accepted_was_not_sent() -> None:
    with sockets.never_accepting() as url:
        assert isinstance(await asked(url), NotSent)


async def test_a_handshake_that_fails_was_not_sent() -> None:
    async with sockets.talking(sockets.saying(b"not TLS")) as url:
        assert isinstance(await asked(url.replace("http:", "https:")), NotSent)


async def test_waiting_for_a_connection_of_the_pool_was_not_sent() -> None:
    async with sockets.talking(sockets.silence) as url, client(url, connections=1) as api:
        hanging = asyncio.create_task(api.call("sendMessage"))
        await eventually_async(lambda: api._session is not None and api._session.connector._acquired, 2)  # type: ignore[union-attr]
        second = await api.call("sendMessage")
        await hanging

    assert isinstance(second, NotSent)


# Ambiguous ------------------------------------------------------------------------------------------------------------


async def test_a_reset_before_the_answer_is_ambiguous() -> None:
    assert isinstance(await told(sockets.saying(b"", then_reset=True)), Ambiguous)


async def test_hanging_up_before_the_answer_is_ambiguous() -> None:
    assert isinstance(await told(sockets.saying(b"")), Ambiguous)


async def test_half_a_head_is_ambiguous() -> None:
    assert isinstance(await told(sockets.saying(b"HTTP/1.1 200 O")), Ambiguous)


async def test_half_a_body_is_ambiguous() -> None:
    assert isinstance(await told(sockets.saying(sockets.response(200, OK)[:-5])), Ambiguous)


async def test_half_a_body_and_a_reset_is_ambiguous() -> None:
    assert isinstance(await told(sockets.saying(sockets.response(200, OK)[:-5], then_reset=True)), Ambiguous)


async def test_an_answer_that_never_comes_is_ambiguous_in_good_time() -> None:
    began = time.monotonic()

    assert isinstance(await told(sockets.silence), Ambiguous)
    assert time.monotonic() - began < TOTAL * 5


async def test_an_answer_that_never_ends_is_ambiguous_in_good_time() -> None:
    async def dribble(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await sockets.read_request(reader)
        writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: 100000\r\n\r\n")
        while True:
            writer.write(b" ")
            await writer.drain()
            await asyncio.sleep(0.02)

    began = time.monotonic()

    assert isinstance(await told(dribble), Ambiguous)
    assert time.monotonic() - began < TOTAL * 5


async def test_an_answer_larger_than_any_is_not_swallowed() -> None:
    async def pour(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await sockets.read_request(reader)
        writer.write(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n")
        chunk = b"%x\r\n" % 2**20 + b" " * 2**20 + b"\r\n"
        for _ in range(MAX_ANSWER // 2**20 + 2):
            writer.write(chunk)
            await writer.drain()

    async with sockets.talking(pour) as url:
        api = TelegramApi(url, TOKEN, connect=CONNECT, total=30.0)
        await api.open()
        assert await api.call("getUpdates") == Ambiguous("ClientPayloadError")
        await api.close()


@pytest.mark.parametrize("garbage", [b"SSH-2.0-OpenSSH\r\n\r\n", b"\x00\x01\x02\x03\r\n\r\n", b"HTTP/9.9 abc\r\n\r\n"])
async def test_what_is_not_http_is_ambiguous(garbage: bytes) -> None:
    assert isinstance(await told(sockets.saying(garbage)), Ambiguous)


async def test_a_compressed_answer_that_does_not_unpack_is_ambiguous() -> None:
    broken = sockets.response(200, b"not gzip at all", "Content-Encoding: gzip", "Content-Type: application/json")

    assert isinstance(await told(sockets.saying(broken)), Ambiguous)


@pytest.mark.parametrize("status", [500, 502, 504])
async def test_the_error_page_of_a_proxy_is_ambiguous(telegram: FakeTelegram, api: TelegramApi, status: int) -> None:
    telegram.behaviour["sendMessage"] = html(status)

    assert isinstance(await api.call("sendMessage"), Ambiguous)


@pytest.mark.parametrize("status", [302, 307])
async def test_a_redirect_is_not_followed(telegram: FakeTelegram, status: int) -> None:
    away = sockets.response(status, b"", f"Location: {telegram.url}/bot{TOKEN}/sendMessage")

    assert isinstance(await told(sockets.saying(away)), Ambiguous)
    assert telegram.calls == []


async def test_one_lost_answer_does_not_spoil_the_next_call(telegram: FakeTelegram) -> None:
    never = asyncio.Event()
    telegram.behaviour["sendMessage"] = hang_until(never, telegram.friendly)
    async with client(telegram.url) as api:
        assert isinstance(await api.call("sendMessage"), Ambiguous)
        del telegram.behaviour["sendMessage"]
        assert isinstance(await api.call("sendMessage"), Answered)


# Answered -------------------------------------------------------------------------------------------------------------


async def test_a_complete_answer_is_answered(telegram: FakeTelegram, api: TelegramApi) -> None:
    answer = await api.call("sendMessage", {"chat_id": 1001, "text": "Готово ✅ מוכן"})

    assert isinstance(answer, Answered)
    assert answer.ok
    assert answer.result["message_id"] == 1
    assert telegram.calls[0].parameters == {"chat_id": 1001, "text": "Готово ✅ מוכן"}


async def test_a_compressed_answer_is_read() -> None:
    packed = sockets.response(200, gzip.compress(OK), "Content-Encoding: gzip", "Content-Type: application/json")
    answer = await told(sockets.saying(packed))

    assert isinstance(answer, Answered)
    assert answer.ok


async def test_a_refusal_carries_telegrams_own_words(telegram: FakeTelegram, api: TelegramApi) -> None:
    telegram.behaviour["sendMessage"] = always(lambda: refusal(400, "Bad Request: chat not found"))
    answer = await api.call("sendMessage")

    assert answer == Answered(400, False, None, "Bad Request: chat not found")


async def test_a_flood_carries_its_deadline(telegram: FakeTelegram, api: TelegramApi) -> None:
    telegram.behaviour["sendMessage"] = always(lambda: flood(7))
    answer = await api.call("sendMessage")

    assert isinstance(answer, Answered)
    assert (answer.status, answer.retry_after) == (429, 7)


async def test_a_long_poll_may_take_longer_than_a_send(telegram: FakeTelegram) -> None:
    async def slowly(_call: object) -> object:
        await asyncio.sleep(TOTAL * 1.5)
        return ok([])

    telegram.behaviour["getUpdates"] = slowly  # type: ignore[assignment]
    async with client(telegram.url) as api:
        assert isinstance(await api.call("getUpdates", wait=TOTAL * 3), Answered)


# Secrets --------------------------------------------------------------------------------------------------------------


async def test_the_token_is_in_no_outcome_and_no_log(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    outcomes = [
        await asked(sockets.refusing()),
        await asked("http://telegram.invalid"),
        await asked("http://127.0.0.1:99999"),
        await told(sockets.saying(b"")),
        await told(sockets.saying(b"SSH-2.0\r\n\r\n")),
        await told(sockets.saying(sockets.response(302, b"", f"Location: http://127.0.0.1/bot{TOKEN}/x"))),
        await told(sockets.saying(sockets.response(500, TOKEN.encode()))),
        await told(sockets.silence),
    ]

    assert TOKEN not in repr(outcomes)
    assert TOKEN not in caplog.text
    assert all(isinstance(outcome, NotSent | Ambiguous) for outcome in outcomes)


async def test_the_client_does_not_print_its_token(api: TelegramApi) -> None:
    assert TOKEN not in repr(api)
