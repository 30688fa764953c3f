"""Settings: read once from the environment, typed, refused with one clear sentence.

Web app and daemon have a class each and read only what they use: the web app never holds the bot's token.
"""

from __future__ import annotations

import os
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

from common.errors import SettingsError
from common.settings.timing import Timing
from common.settings.values import LOOPBACK
from common.settings.variables import (
    DAEMON_HOST,
    DAEMON_PORT,
    DATABASE_URL,
    DOORBELL_LISTEN,
    DOORBELL_SECRET,
    DOORBELL_URL,
    FELIX_DEMO,
    FELIX_DEMO_PASSWORD,
    LOG_LEVEL,
    MEDIA_DIR,
    MEDIA_STORE,
    METRICS_TOKEN,
    PORT,
    PUBLIC_URL,
    SECRET_KEY,
    SEND_RATE,
    SHUTDOWN_GRACE,
    SQLITE_SYNCHRONOUS,
    STATION_LANGUAGE,
    STATION_NAME,
    STATION_TIMEZONE,
    TELEGRAM_API_URL,
    TELEGRAM_BOT_TOKEN,
    TELEGRAM_TRANSPORT,
    TIME_SCALE,
    WEBHOOK_SECRET,
    WEBHOOK_SECRET_PREVIOUS,
    WEBHOOK_URL,
    Environment,
)
from common.signing import Secret


@dataclass(frozen=True)
class StationSettings:
    """What both processes read."""

    database_url: Secret
    sqlite_synchronous: str
    webhook_secret: Secret | None
    webhook_secret_previous: Secret | None
    doorbell_secret: Secret | None
    metrics_token: Secret | None
    media_store: str
    media_dir: Path
    station_name: str
    station_timezone: ZoneInfo
    station_language: str
    log_level: str
    demo: bool
    timing: Timing = field(default_factory=Timing)

    @property
    def webhook_secrets(self) -> tuple[str, ...]:
        """The secrets an authentic webhook may carry, the present one first."""
        return tuple(s for s in (self.webhook_secret, self.webhook_secret_previous) if s)

    @classmethod
    def from_env(cls, environment: Environment | None = None) -> StationSettings:
        """What the `felix-hub` command reads. Raises: SettingsError."""
        return StationSettings(**_station(os.environ if environment is None else environment))  # type: ignore[arg-type]


def _station(environment: Environment) -> dict[str, object]:
    return {
        "database_url": DATABASE_URL.read(environment),
        "sqlite_synchronous": SQLITE_SYNCHRONOUS.read(environment),
        "webhook_secret": WEBHOOK_SECRET.read(environment),
        "webhook_secret_previous": WEBHOOK_SECRET_PREVIOUS.read(environment),
        "doorbell_secret": DOORBELL_SECRET.read(environment),
        "metrics_token": METRICS_TOKEN.read(environment),
        "media_store": MEDIA_STORE.read(environment),
        "media_dir": MEDIA_DIR.read(environment),
        "station_name": STATION_NAME.read(environment),
        "station_timezone": STATION_TIMEZONE.read(environment),
        "station_language": STATION_LANGUAGE.read(environment),
        "log_level": LOG_LEVEL.read(environment),
        "demo": FELIX_DEMO.read(environment),
        "timing": Timing().scaled(TIME_SCALE.read(environment)).check(),
    }


@dataclass(frozen=True)
class WebSettings(StationSettings):
    """What the desk reads."""

    secret_key: Secret = field(kw_only=True)
    doorbell_url: str | None = field(kw_only=True)
    public_url: str | None = field(kw_only=True)
    port: int = field(kw_only=True)
    demo_password: Secret | None = field(kw_only=True, default=None)

    @classmethod
    def from_env(cls, environment: Environment | None = None) -> WebSettings:
        """Raises: SettingsError."""
        env = os.environ if environment is None else environment
        own: dict[str, object] = {
            "secret_key": SECRET_KEY.read(env),
            "doorbell_url": DOORBELL_URL.read(env),
            "public_url": PUBLIC_URL.read(env),
            "port": PORT.read(env),
            "demo_password": FELIX_DEMO_PASSWORD.read(env),
        }
        return cls(**_station(env), **own)  # type: ignore[arg-type]


@dataclass(frozen=True)
class DaemonSettings(StationSettings):
    """What the daemon reads."""

    bot_token: Secret = field(kw_only=True)
    api_url: str = field(kw_only=True)
    transport: Literal["webhook", "polling"] = field(kw_only=True)
    webhook_url: str | None = field(kw_only=True)
    doorbell_listen: str = field(kw_only=True)
    host: str = field(kw_only=True)
    port: int = field(kw_only=True)
    shutdown_grace: float = field(kw_only=True)
    send_rate: float = field(kw_only=True)
    public_url: str | None = field(kw_only=True, default=None)

    @property
    def bot_id(self) -> int:
        """A token begins with the bot's id (Bot API, "Authorizing your bot")."""
        return int(self.bot_token.split(":")[0])

    @classmethod
    def from_env(cls, environment: Environment | None = None) -> DaemonSettings:
        """Raises: SettingsError."""
        env = os.environ if environment is None else environment
        own: dict[str, object] = {
            "bot_token": TELEGRAM_BOT_TOKEN.read(env),
            "api_url": TELEGRAM_API_URL.read(env),
            "transport": TELEGRAM_TRANSPORT.read(env),
            "webhook_url": WEBHOOK_URL.read(env),
            "doorbell_listen": DOORBELL_LISTEN.read(env),
            "host": DAEMON_HOST.read(env),
            "port": DAEMON_PORT.read(env),
            "shutdown_grace": SHUTDOWN_GRACE.read(env),
            "send_rate": SEND_RATE.read(env),
            "public_url": PUBLIC_URL.read(env),
        }
        settings = cls(**_station(env), **own)  # type: ignore[arg-type]
        settings.check_transport()
        return settings

    def check_transport(self) -> None:
        """Raises: SettingsError when a webhook lacks its address or secret, or the address is plain http in public."""
        if self.transport != "webhook":
            return
        if not self.webhook_url:
            raise SettingsError(
                f"WEBHOOK_URL is not set: TELEGRAM_TRANSPORT is webhook, so it wants {WEBHOOK_URL.wants}."
            )
        if not self.webhook_secret:
            raise SettingsError(
                f"WEBHOOK_SECRET is not set: TELEGRAM_TRANSPORT is webhook, so it wants {WEBHOOK_SECRET.wants}."
            )
        if self.webhook_url.startswith("http://") and not _on_loopback(self.api_url):
            raise SettingsError(
                "WEBHOOK_URL is http://: Telegram calls https only (plain http is for an emulator on loopback)."
            )


def _on_loopback(url: str) -> bool:
    return urlsplit(url).hostname in LOOPBACK
