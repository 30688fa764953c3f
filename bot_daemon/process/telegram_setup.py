"""Setup at Telegram: the bot's identity, the transport of its updates, the commands that people see."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from sqlalchemy.orm import Session

from bot_daemon.bot_api.client import Answered, TelegramApi, TokenRevoked
from bot_daemon.chat import handlers
from bot_daemon.inbound.polling import ALLOWED_UPDATES
from bot_daemon.runtime.backoff import scheduled_delay
from bot_daemon.runtime.database_thread import DatabaseThread
from common import i18n, signing
from common.languages import LANGUAGES
from common.messaging import bots
from common.settings.config import TELEGRAM, DaemonSettings

log = logging.getLogger(__name__)

MAX_CONNECTIONS = 40


class TokenUnknown(Exception):
    """401: Telegram does not accept this token. No other answer ends the wait for Telegram with an error."""


@dataclass(frozen=True)
class BotIdentity:
    bot_id: int
    username: str
    name: str


async def wait_for_telegram(
    api: TelegramApi, probe: tuple[float, ...], on_waiting: Callable[[str], None]
) -> BotIdentity:
    """Call `getMe` until Telegram answers; `on_waiting` gets the reason of each failure. Raises: TokenUnknown."""
    failures = 0
    while True:
        answer = await api.call("getMe")
        if isinstance(answer, Answered) and answer.ok:
            me = answer.result
            return BotIdentity(int(me["id"]), str(me.get("username") or ""), str(me.get("first_name") or ""))
        if isinstance(answer, Answered) and answer.status in (401, 404):
            raise TokenUnknown
        failures += 1
        why = answer.description if isinstance(answer, Answered) else answer.reason
        on_waiting(why)
        log.warning("Telegram is not answering yet: %s", why)
        await asyncio.sleep(scheduled_delay(probe, failures))


def link_base(api_url: str) -> str:
    """The address of links to the bot: t.me, or the emulator's page beside its API."""
    if api_url == TELEGRAM or urlsplit(api_url).hostname not in ("127.0.0.1", "localhost", "::1"):
        return "https://t.me"
    return f"{api_url}/t.me"


async def publish_bot(
    thread: DatabaseThread, me: BotIdentity, api_url: str, webhook: dict[str, Any], desk_url: str | None = None
) -> None:
    """Publish the bot's identity and transport for the desk, which holds no token, and the desk's address for the
    bot's cards.
    """

    def write(session: Session) -> None:
        bots.publish(
            session,
            me.bot_id,
            username=me.username,
            name=me.name,
            link_base=link_base(api_url),
            webhook=webhook,
            desk_url=desk_url,
        )

    await thread.run(write, "bot")


async def webhook_info(api: TelegramApi) -> dict[str, Any]:
    """The result of getWebhookInfo; empty when the call failed. Raises: TokenRevoked."""
    answer = await api.call("getWebhookInfo")
    if isinstance(answer, Answered) and answer.status == 401:
        raise TokenRevoked
    return dict(answer.result) if isinstance(answer, Answered) and answer.ok else {}


async def choose_transport(api: TelegramApi, settings: DaemonSettings, before: dict[str, Any]) -> dict[str, Any]:
    """Make Telegram's side fit ours: set the webhook if it differs, or remove it for polling.

    `before` is the facts published last: the secret cannot be read back from Telegram, so its digest is kept there.
    Returns the facts to publish now; their `problem` names the fault, if there is one.
    """
    info = await webhook_info(api)
    if settings.transport == "polling":
        if info.get("url"):
            log.info("Removing the webhook, because updates are polled")
            await api.call("deleteWebhook", {"drop_pending_updates": False})
            info["url"] = ""
        return {"transport": "polling", **info}
    wanted = {"url": settings.webhook_url, "max_connections": MAX_CONNECTIONS, "allowed_updates": list(ALLOWED_UPDATES)}
    secret = signing.digest(settings.webhook_secret or "")
    problem = ""
    if before.get("secret_digest") != secret or any(info.get(name) != value for name, value in wanted.items()):
        problem = await _set_webhook(api, {**wanted, "secret_token": settings.webhook_secret})
        info = await webhook_info(api)
    return {"transport": "webhook", "secret_digest": "" if problem else secret, "problem": problem, **info}


async def _set_webhook(api: TelegramApi, parameters: dict[str, Any]) -> str:
    """The reason why the webhook was not set; empty when it was."""
    answer = await api.call("setWebhook", parameters)
    if isinstance(answer, Answered) and answer.ok:
        log.info("The webhook is set to %s", parameters["url"])
        return ""
    why = answer.description if isinstance(answer, Answered) else answer.reason
    log.error("Telegram refused the webhook: %s", why)
    return why


async def publish_commands(api: TelegramApi, station_language: str) -> bool:
    """Set the commands menu in each of our languages, and in the station's for people with any other.

    Bot API, setMyCommands: commands without a language_code are for users in whose language no commands are set.
    Returns whether Telegram accepted all of them.
    """
    answers = []
    for code, language in {**{language: language for language in LANGUAGES}, "": station_language}.items():
        with i18n.use_language(language):
            commands = [{"command": name, "description": i18n.gettext(about)} for name, about in handlers.COMMANDS]
        answers.append(await api.call("setMyCommands", {"commands": commands, "language_code": code}))
    return all(isinstance(answer, Answered) and answer.ok for answer in answers)
