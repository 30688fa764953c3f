"""Settings of a daemon for tests, and the environment they come from."""

from __future__ import annotations

from common.settings.config import DaemonSettings
from tests.bot_daemon.fake_telegram import TOKEN

WEBHOOK_SECRET = "wh-4f1c09d2a7b83e65-of-the-tests"


def environment(database_url: str, api_url: str, **more: str) -> dict[str, str]:
    """What a daemon needs, on free ports, ten times as fast."""
    return {
        "DATABASE_URL": database_url,
        "TELEGRAM_BOT_TOKEN": TOKEN,
        "TELEGRAM_API_URL": api_url,
        "TELEGRAM_TRANSPORT": "polling",
        "DAEMON_PORT": "0",
        "SHUTDOWN_GRACE": "3",
        "TIME_SCALE": "0.1",
        "STATION_LANGUAGE": "en",
        **more,
    }


def by_webhook(database_url: str, api_url: str, **more: str) -> dict[str, str]:
    return environment(
        database_url,
        api_url,
        **{
            "TELEGRAM_TRANSPORT": "webhook",
            "WEBHOOK_URL": "http://127.0.0.1:8091/telegram/webhook",
            "WEBHOOK_SECRET": WEBHOOK_SECRET,
            **more,
        },
    )


def settings(database_url: str, api_url: str, **more: str) -> DaemonSettings:
    return DaemonSettings.from_env(environment(database_url, api_url, **more))
