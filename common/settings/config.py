"""The settings, each declared once: read from the environment at start, typed, refused with one clear sentence.

Web app and daemon have one class each and read only the settings they use: the web app never holds the bot's token.
"""

from __future__ import annotations

import os
from dataclasses import dataclass, fields
from functools import cached_property
from pathlib import Path
from typing import Literal, Self
from zoneinfo import ZoneInfo

from common.errors import SettingsError
from common.languages import LANGUAGES
from common.settings import values
from common.settings.addresses import AddressSettings, on_loopback
from common.settings.retention import RetentionSettings
from common.settings.timing import Timing
from common.settings.variables import Environment, Variable, setting
from common.signing import Secret

TELEGRAM = "https://api.telegram.org"
STRONG = "a random value of 24 characters or more (try: python3 -c 'import secrets; print(secrets.token_urlsafe(32))')"
WEBHOOK_SECRET_WANTS = f"{STRONG}, of the characters A-Z a-z 0-9 _ -"
WEBHOOK_URL_WANTS = "the https address Telegram shall call, at the daemon's port or the web app"


@dataclass(frozen=True)
class StationSettings(AddressSettings):
    """Settings that both processes and the `felix-hub` command read."""

    database_url: Secret = setting(
        "DATABASE_URL",
        values.database_url,
        "sqlite:///path/to/file or postgresql://user@host/name",
        "The database that all processes share.",
        secret=True,
    )
    sqlite_synchronous: Literal["FULL", "NORMAL"] = setting(
        "SQLITE_SYNCHRONOUS",
        values.one_of("FULL", "NORMAL"),
        "FULL or NORMAL",
        "With NORMAL a power cut may lose the last commits, acknowledged updates among them; kill -9 loses nothing.",
        "FULL",
    )
    webhook_secret: Secret | None = setting(
        "WEBHOOK_SECRET",
        values.webhook_secret,
        WEBHOOK_SECRET_WANTS,
        "Telegram sends it with each update; a request without it gets 401. Required where webhooks come in.",
        None,
        secret=True,
    )
    webhook_secret_previous: Secret | None = setting(
        "WEBHOOK_SECRET_PREVIOUS",
        values.webhook_secret,
        "the secret before the present one",
        "The old secret, accepted while the secret is rotated: requests in flight still carry it.",
        None,
        secret=True,
    )
    doorbell_secret: Secret | None = setting(
        "DOORBELL_SECRET",
        values.strong_secret,
        STRONG,
        "Signs the doorbell's requests. Empty: there is no doorbell, and the daemon polls for new rows every second.",
        None,
        secret=True,
    )
    metrics_token: Secret | None = setting(
        "METRICS_TOKEN",
        values.strong_secret,
        STRONG,
        "The bearer token for /metrics and for details of health. Empty: both are closed.",
        None,
        secret=True,
    )
    media_store: Literal["database", "directory"] = setting(
        "MEDIA_STORE",
        values.one_of("database", "directory"),
        "database or directory",
        "Where photos and voice notes are kept.",
        "database",
    )
    media_dir: Path = setting(
        "MEDIA_DIR", Path, "a directory", "Where the files are, if MEDIA_STORE is directory.", Path("media")
    )
    media_min_free_mb: int = setting(
        "MEDIA_MIN_FREE_MB",
        values.megabytes,
        "megabytes from 0 to 1000000; 0 does not look",
        "With less free on the disk of MEDIA_DIR or of the SQLite file, photos and voice notes are not kept.",
        500,
    )
    station_name: str = setting("STATION_NAME", values.text, "at most 80 characters", "Shown on the desk.", "Felix Hub")
    station_timezone: ZoneInfo = setting(
        "STATION_TIMEZONE",
        values.timezone,
        "a name such as Asia/Jerusalem",
        "The time zone of every time that people read.",
        ZoneInfo("Asia/Jerusalem"),
    )
    station_language: str = setting(
        "STATION_LANGUAGE",
        values.one_of(*LANGUAGES),
        f"{', '.join(LANGUAGES[:-1])} or {LANGUAGES[-1]}",
        "The language for people who have not chosen one yet.",
        "ru",
    )
    log_level: Literal["DEBUG", "INFO", "WARNING", "ERROR"] = setting(
        "LOG_LEVEL",
        values.one_of("DEBUG", "INFO", "WARNING", "ERROR"),
        "debug, info, warning or error",
        "How much is logged.",
        "INFO",
    )
    demo: bool = setting(
        "FELIX_DEMO",
        values.switch,
        "1 or 0",
        "Marks every page as a demo and shows the logins on the login page. Never set it where others reach the desk.",
        False,
    )
    time_scale: float = setting(
        "TIME_SCALE",
        values.number(0.02, 1),
        "a factor from 0.02 to 1",
        "A factor for every time constant, for tests only.",
        1.0,
    )

    @cached_property
    def timing(self) -> Timing:
        return Timing().scaled(self.time_scale).check()

    @property
    def webhook_secrets(self) -> tuple[str, ...]:
        """The secrets that an authentic webhook may carry, the present one first."""
        return tuple(s for s in (self.webhook_secret, self.webhook_secret_previous) if s)

    @classmethod
    def from_env(cls, environment: Environment | None = None) -> Self:
        """Read every setting of this class. Raises: SettingsError."""
        env = os.environ if environment is None else environment
        settings = cls(**{field.name: field.metadata["variable"].read(env) for field in fields(cls)})
        settings.check()
        return settings

    def check(self) -> None:
        """Raises: SettingsError when the settings contradict each other."""
        self.timing.check()
        if self.demo:
            self.check_demo()


@dataclass(frozen=True)
class WebSettings(StationSettings):
    """The desk's settings."""

    secret_key: Secret = setting(
        "SECRET_KEY",
        values.strong_secret,
        STRONG,
        "Signs the desk's cookies; a new one signs everybody out.",
        secret=True,
    )
    doorbell_url: str | None = setting(
        "DOORBELL_URL",
        values.doorbell_url,
        "http://host:port or unix:PATH",
        "Where the web app rings the doorbell. Empty: the address in the lease row, which follows the leader.",
        None,
    )
    port: int = setting("PORT", values.port, "a port from 0 to 65535", "The web app's port.", 8080)
    demo_password: Secret | None = setting(
        "FELIX_DEMO_PASSWORD",
        Secret,
        "the password of the demo's logins",
        "The password that the demo generates and shows on its login page. Ignored without FELIX_DEMO.",
        None,
        secret=True,
    )


@dataclass(frozen=True)
class DaemonSettings(StationSettings, RetentionSettings):
    """The daemon's settings."""

    bot_token: Secret = setting(
        "TELEGRAM_BOT_TOKEN", values.token, "the token BotFather gave you", "The bot's token.", secret=True
    )
    api_url: str = setting(
        "TELEGRAM_API_URL",
        values.url("http", "https"),
        "the base URL of a Bot API server",
        "The address of the Bot API.",
        TELEGRAM,
    )
    transport: Literal["webhook", "polling"] = setting(
        "TELEGRAM_TRANSPORT",
        values.one_of("webhook", "polling"),
        "webhook or polling",
        "How updates come in. Polling is for laptops and hosts without HTTPS.",
        "polling",
    )
    webhook_url: str | None = setting(
        "WEBHOOK_URL",
        values.webhook_url,
        WEBHOOK_URL_WANTS,
        "Where Telegram sends updates; required for webhooks. An address without a path gets /telegram/webhook.",
        None,
    )
    doorbell_listen: str = setting(
        "DOORBELL_LISTEN",
        values.listen_address,
        "host:port on loopback, or unix:PATH",
        "Where the daemon listens for the doorbell. To switch it off, leave DOORBELL_SECRET empty.",
        "127.0.0.1:8092",
    )
    host: str = setting(
        "DAEMON_HOST", str, "an address to listen on", "The address on which the daemon's port listens.", "127.0.0.1"
    )
    port: int = setting(
        "DAEMON_PORT", values.port, "a port from 0 to 65535", "The daemon's port: webhook, health, metrics.", 8091
    )
    shutdown_grace: float = setting(
        "SHUTDOWN_GRACE",
        values.number(0.1, 300),
        "seconds from 0.1 to 300",
        "How long running steps and sends may take after SIGTERM. Set the host's kill delay above it.",
        20.0,
    )
    send_rate: float = setting(
        "SEND_RATE",
        values.number(0.1, 5000),
        "messages a second from 0.1 to 5000",
        "The most messages a second overall; 29 is below Telegram's 30. Raise it only for a Bot API server or a plan"
        " that allows more.",
        29.0,
    )

    @property
    def bot_id(self) -> int:
        """A token begins with the bot's id (Bot API, "Authorizing your bot")."""
        return int(self.bot_token.split(":")[0])

    def check(self) -> None:
        """Raises: SettingsError when a webhook lacks its address or secret, or when a public address is plain http."""
        super().check()
        if self.transport == "webhook":
            self._check_webhook()

    def _check_webhook(self) -> None:
        if not self.webhook_url:
            raise SettingsError(
                f"WEBHOOK_URL is not set: TELEGRAM_TRANSPORT is webhook, so it wants {WEBHOOK_URL_WANTS}."
            )
        if not self.webhook_secret:
            raise SettingsError(
                f"WEBHOOK_SECRET is not set: TELEGRAM_TRANSPORT is webhook, so it wants {WEBHOOK_SECRET_WANTS}."
            )
        if self.webhook_url.startswith("http://") and not on_loopback(self.api_url):
            raise SettingsError(
                "WEBHOOK_URL is http://: Telegram calls https only (plain http is for an emulator on loopback)."
            )


def variables_of(settings: type[StationSettings]) -> dict[str, Variable[object]]:
    """The environment variable behind each field of a class."""
    return {field.name: field.metadata["variable"] for field in fields(settings)}


# All variables by their names in the environment; the reference page and its test read them.
VARIABLES = {
    variable.name: variable
    for settings in (StationSettings, WebSettings, DaemonSettings)
    for variable in variables_of(settings).values()
}
