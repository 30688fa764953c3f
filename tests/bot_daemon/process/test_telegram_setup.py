"""Meeting Telegram: who the bot is, which way its updates come, which commands people see."""

from __future__ import annotations

import asyncio
import json
from typing import Any

import pytest

from bot_daemon.bot_api.client import TelegramApi
from bot_daemon.process import telegram_setup
from bot_daemon.process.telegram_setup import (
    BotIdentity,
    TokenUnknown,
    choose_transport,
    link_base,
    publish_commands,
    wait_for_telegram,
)
from bot_daemon.runtime.database_thread import DatabaseThread
from common.database.models import Bot
from common.messaging import bots
from common.settings.config import DaemonSettings
from common.settings.timing import Timing
from tests.bot_daemon import daemons
from tests.bot_daemon.daemons import WEBHOOK_SECRET
from tests.bot_daemon.fake_telegram import BOT_ID, Call, FakeTelegram, always, html, in_turn, ok, refusal

WEBHOOK_URL = "http://127.0.0.1:8091/telegram/webhook"


class Registered:
    """Telegram's side of the webhook: what was set is what getWebhookInfo says; the secret is never told."""

    def __init__(self, telegram: FakeTelegram) -> None:
        self.info: dict[str, Any] = {"url": "", "pending_update_count": 0}
        telegram.behaviour |= {"setWebhook": self.set, "getWebhookInfo": self.tell, "deleteWebhook": self.delete}

    async def set(self, call: Call) -> Any:
        self.info |= {name: call.parameters[name] for name in ("url", "max_connections", "allowed_updates")}
        return ok(True)

    async def tell(self, _call: Call) -> Any:
        return ok(self.info)

    async def delete(self, _call: Call) -> Any:
        self.info = {"url": "", "pending_update_count": 3}
        return ok(True)


@pytest.fixture
def registered(telegram: FakeTelegram) -> Registered:
    return Registered(telegram)


def webhook_settings(telegram: FakeTelegram, **more: str) -> DaemonSettings:
    return DaemonSettings.from_env(daemons.by_webhook("sqlite:///x.db", telegram.url, **more))


async def test_it_waits_for_telegram_as_long_as_it_takes(
    telegram: FakeTelegram, api: TelegramApi, timing: Timing
) -> None:
    why: list[str] = []
    telegram.behaviour["getMe"] = in_turn(html(502), html(502), telegram.friendly)

    assert await wait_for_telegram(api, timing.probe, why.append) == BotIdentity(BOT_ID, "felix_bot", "Felix")
    assert why == ["HTTP 502", "HTTP 502"]


@pytest.mark.parametrize(("status", "text"), [(401, "Unauthorized"), (404, "Not Found")])
async def test_only_a_refused_token_ends_the_wait(
    telegram: FakeTelegram, api: TelegramApi, timing: Timing, status: int, text: str
) -> None:
    telegram.behaviour["getMe"] = always(lambda: refusal(status, text))

    with pytest.raises(TokenUnknown):
        await asyncio.wait_for(wait_for_telegram(api, timing.probe, lambda _why: None), 5)


async def test_the_webhook_is_set_when_it_differs_and_left_alone_when_it_does_not(
    telegram: FakeTelegram, api: TelegramApi, registered: Registered
) -> None:
    settings = webhook_settings(telegram)
    first = await choose_transport(api, settings, {})
    second = await choose_transport(api, settings, first)

    (call,) = telegram.of("setWebhook")
    assert call.parameters["url"] == WEBHOOK_URL
    assert call.parameters["secret_token"] == WEBHOOK_SECRET
    assert "drop_pending_updates" not in call.parameters
    assert first["problem"] == second["problem"] == ""


async def test_what_is_published_holds_no_secret(
    telegram: FakeTelegram, api: TelegramApi, registered: Registered
) -> None:
    published = await choose_transport(api, webhook_settings(telegram), {})

    assert WEBHOOK_SECRET not in json.dumps(published)


async def test_a_new_secret_sets_the_webhook_again(
    telegram: FakeTelegram, api: TelegramApi, registered: Registered
) -> None:
    """Telegram does not say which secret it sends: the digest of the one we set last is kept."""
    published = await choose_transport(api, webhook_settings(telegram), {})
    rotated = webhook_settings(telegram, WEBHOOK_SECRET="another-4f1c09d2a7b83e65-of-tests")
    await choose_transport(api, rotated, published)

    assert len(telegram.of("setWebhook")) == 2


async def test_somebody_elses_webhook_is_replaced(
    telegram: FakeTelegram, api: TelegramApi, registered: Registered
) -> None:
    published = await choose_transport(api, webhook_settings(telegram), {})
    registered.info["url"] = "https://elsewhere.example/hook"
    await choose_transport(api, webhook_settings(telegram), published)

    assert registered.info["url"] == WEBHOOK_URL


async def test_a_webhook_that_cannot_be_set_says_why_and_is_tried_again(
    telegram: FakeTelegram, api: TelegramApi, registered: Registered
) -> None:
    why = "Bad Request: bad webhook: Failed to resolve host: Name or service not known"
    telegram.behaviour["setWebhook"] = in_turn(always(lambda: refusal(400, why)), registered.set)
    failed = await choose_transport(api, webhook_settings(telegram), {})
    mended = await choose_transport(api, webhook_settings(telegram), failed)

    assert failed["problem"] == why
    assert mended["problem"] == ""


async def test_for_polling_the_webhook_goes_and_its_pending_updates_stay(
    telegram: FakeTelegram, api: TelegramApi, registered: Registered
) -> None:
    registered.info["url"] = "https://elsewhere.example/hook"
    settings = daemons.settings("sqlite:///x.db", telegram.url)
    published = await choose_transport(api, settings, {})

    assert published["url"] == ""
    assert telegram.of("deleteWebhook")[0].parameters == {"drop_pending_updates": False}


async def test_a_telegram_that_is_away_is_a_problem_and_no_exception(telegram: FakeTelegram, api: TelegramApi) -> None:
    settings = webhook_settings(telegram)
    await telegram.stop()

    assert (await choose_transport(api, settings, {}))["problem"]
    assert await publish_commands(api, "ru") is False


async def test_commands_are_published_in_each_language(telegram: FakeTelegram, api: TelegramApi) -> None:
    assert await publish_commands(api, "ru")

    menus = {call.parameters["language_code"]: call.parameters["commands"] for call in telegram.of("setMyCommands")}
    assert set(menus) == {"ru", "he", "en", ""}
    assert menus[""] == menus["ru"] != menus["en"]
    assert all(1 <= len(c["description"]) <= 256 for menu in menus.values() for c in menu)


async def test_the_desk_learns_who_the_bot_is(thread: DatabaseThread, telegram: FakeTelegram) -> None:
    for name in ("felix_bot", "felix_two_bot"):
        await telegram_setup.publish_bot(
            thread, BotIdentity(BOT_ID, name, "F" * 200), telegram.url, {"transport": "polling"}
        )

    with thread.database.read() as session:
        bot = session.get_one(Bot, BOT_ID)
    assert bot.username == "felix_two_bot"
    assert len(bot.name) <= 80
    assert await thread.read(lambda session: bots.published_webhook(session, BOT_ID)) == {"transport": "polling"}
    assert await thread.read(lambda session: bots.published_webhook(session, 1)) == {}


@pytest.mark.parametrize(
    ("api_url", "wanted"),
    [
        ("https://api.telegram.org", "https://t.me"),
        ("http://127.0.0.1:8090", "http://127.0.0.1:8090/t.me"),
        ("http://localhost:8090", "http://localhost:8090/t.me"),
        ("https://bot-api.example", "https://t.me"),
    ],
)
def test_a_link_to_the_bot_opens_where_the_bot_is(api_url: str, wanted: str) -> None:
    assert link_base(api_url) == wanted
