"""The client as python-telegram-bot's transport."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest
from telegram import Bot
from telegram.error import InvalidToken, NetworkError

from bot_daemon.bot_api.client import AiohttpRequest, Answered
from tests.bot_daemon import sockets
from tests.bot_daemon.bot_api.asking import TOTAL, client
from tests.bot_daemon.fake_telegram import TOKEN, FakeTelegram, always, refusal


@asynccontextmanager
async def library_bot(url: str) -> AsyncIterator[Bot]:
    async with client(url) as api:
        request = AiohttpRequest(api, TOTAL)
        async with Bot(TOKEN, base_url=f"{url}/bot", request=request, get_updates_request=request) as bot:
            yield bot


async def test_the_librarys_bot_works_over_our_transport(telegram: FakeTelegram) -> None:
    async with library_bot(telegram.url) as bot:
        message = await bot.send_message(1001, "Готово ✅")

    assert bot.username == "felix_bot"
    assert message.text == "Готово ✅"
    assert [call.method for call in telegram.calls] == ["getMe", "sendMessage"]


async def test_the_library_sees_a_refused_token_as_its_own_error(telegram: FakeTelegram) -> None:
    telegram.behaviour["getMe"] = always(lambda: refusal(401, "Unauthorized"))

    with pytest.raises(InvalidToken):
        async with library_bot(telegram.url):
            pass


@pytest.mark.parametrize("conversation", [sockets.saying(b""), sockets.silence], ids=["hangs up", "silent"])
async def test_the_library_gets_a_network_error_without_the_token(conversation: sockets.Conversation) -> None:
    async with sockets.talking(conversation) as url, client(url) as api:
        bot = Bot(TOKEN, base_url=f"{url}/bot", request=AiohttpRequest(api, TOTAL))
        with pytest.raises(NetworkError) as caught:
            await bot.get_me()

    assert TOKEN not in str(caught.value)
    assert TOKEN not in repr(caught.value.__cause__)


async def test_the_transport_outlives_the_library_it_was_lent_to(telegram: FakeTelegram) -> None:
    async with client(telegram.url) as api:
        request = AiohttpRequest(api, TOTAL)
        async with Bot(TOKEN, base_url=f"{telegram.url}/bot", request=request, get_updates_request=request):
            pass

        assert isinstance(await api.call("getMe"), Answered)


async def test_parameters_of_the_library_arrive_as_they_were_given(telegram: FakeTelegram) -> None:
    async with library_bot(telegram.url) as bot:
        await bot.answer_callback_query("42", text="Взято", show_alert=True)

    parameters = telegram.of("answerCallbackQuery")[0].parameters
    assert json.loads(parameters["show_alert"]) is True
    assert parameters["text"] == "Взято"
