"""The environment variables, each declared once, with what it wants and why.

The reference and its test read `VARIABLES`.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Generic, TypeVar, cast
from zoneinfo import ZoneInfo

from common.errors import SettingsError
from common.logs import mask
from common.settings import values
from common.settings.values import ValueRefused
from common.signing import Secret

T = TypeVar("T")
Environment = Mapping[str, str]
REQUIRED = object()
TELEGRAM = "https://api.telegram.org"
LANGUAGES = ("ru", "he", "en")


VARIABLES: dict[str, Variable[object]] = {}


@dataclass(frozen=True)
class Variable(Generic[T]):
    """One environment variable: `wants` is shown when it is refused, `why` in the reference."""

    name: str
    parse: Callable[[str], T]
    wants: str
    why: str
    default: object = REQUIRED
    secret: bool = False
    readers: tuple[str, ...] = ("web", "daemon")

    def __post_init__(self) -> None:
        VARIABLES[self.name] = cast("Variable[object]", self)

    def read(self, environment: Environment) -> T:
        """The typed value.

        Raises:
            SettingsError: it is required and missing, or not what it must be.
        """
        raw = environment.get(self.name, "").strip().strip("\"'").strip()
        if not raw:
            if self.default is REQUIRED:
                raise SettingsError(f"{self.name} is not set: it wants {self.wants}.")
            return cast(T, self.default)
        try:
            return self.parse(raw)
        except ValueError as error:
            got = "a value not shown here" if self.secret else f"“{_without_secrets(raw)}”"
            why = f" ({error})" if isinstance(error, ValueRefused) else ""
            raise SettingsError(f"{self.name} is {got}{why}: it wants {self.wants}.") from None


def _without_secrets(raw: str) -> str:
    """What may be shown of a refused value: no password of a URL, no token."""
    return mask(re.sub(r"//[^/@]*@", "//…@", raw))[:80]


STRONG = "a random value of 24 characters or more (try: python3 -c 'import secrets; print(secrets.token_urlsafe(32))')"
DAEMON, WEB = ("daemon",), ("web",)

DATABASE_URL = Variable(
    "DATABASE_URL",
    values.database_url,
    "sqlite:///path/to/file or postgresql://user@host/name",
    "The one database.",
    secret=True,
)
SQLITE_SYNCHRONOUS = Variable(
    "SQLITE_SYNCHRONOUS",
    lambda raw: values.one_of("full", "normal")(raw).upper(),
    "FULL or NORMAL",
    "With NORMAL a power cut may lose the last commits, acknowledged updates among them; kill -9 loses nothing.",
    "FULL",
)
TELEGRAM_BOT_TOKEN = Variable(
    "TELEGRAM_BOT_TOKEN", values.token, "the token BotFather gave you", "Who the bot is.", secret=True, readers=DAEMON
)
TELEGRAM_API_URL = Variable(
    "TELEGRAM_API_URL",
    values.url("http", "https"),
    "the base URL of a Bot API server",
    "Where the Bot API is.",
    TELEGRAM,
    readers=DAEMON,
)
TELEGRAM_TRANSPORT = Variable(
    "TELEGRAM_TRANSPORT",
    values.one_of("webhook", "polling"),
    "webhook or polling",
    "How updates come in. Polling is for laptops and hosts without HTTPS.",
    "polling",
    readers=DAEMON,
)
WEBHOOK_URL = Variable(
    "WEBHOOK_URL",
    values.webhook_url,
    "the https address Telegram shall call, at the daemon's port or the web app",
    "Needed for the webhook transport; the path /telegram/webhook is added when there is none.",
    None,
    readers=DAEMON,
)
WEBHOOK_SECRET = Variable(
    "WEBHOOK_SECRET",
    values.webhook_secret,
    f"{STRONG}, of the characters A-Z a-z 0-9 _ -",
    "Telegram sends it with each update; whoever does not know it gets 401. Needed where webhooks come in.",
    None,
    secret=True,
)
WEBHOOK_SECRET_PREVIOUS = Variable(
    "WEBHOOK_SECRET_PREVIOUS",
    values.webhook_secret,
    "the secret before the present one",
    "Still accepted while a secret is rotated: requests in flight carry the old one.",
    None,
    secret=True,
)
DOORBELL_LISTEN = Variable(
    "DOORBELL_LISTEN",
    values.listen_address,
    "host:port on loopback, or unix:PATH",
    "Where the daemon listens for the doorbell; 'off' is DOORBELL_SECRET left empty.",
    "127.0.0.1:8092",
    readers=DAEMON,
)
DOORBELL_URL = Variable(
    "DOORBELL_URL",
    lambda raw: raw if raw.startswith("unix:") else values.url("http")(raw),
    "http://host:port or unix:PATH",
    "Where the web app rings; empty: the address in the lease row, which follows the leader.",
    None,
    readers=WEB,
)
DOORBELL_SECRET = Variable(
    "DOORBELL_SECRET",
    values.strong_secret,
    STRONG,
    "Signs the ring. Empty on hosts whose processes share no network: no doorbell, the 1 s poll finds every row.",
    None,
    secret=True,
)
SECRET_KEY = Variable(
    "SECRET_KEY",
    values.strong_secret,
    STRONG,
    "Signs the desk's cookies; a new one signs everybody out.",
    secret=True,
    readers=WEB,
)
PUBLIC_URL = Variable(
    "PUBLIC_URL",
    values.url("http", "https"),
    "the desk's address as people type it",
    "Which origin may send forms, https makes the cookies Secure; staff's cards in the chat link to it.",
    None,
)
PORT = Variable("PORT", values.port, "a port from 0 to 65535", "The web app's port.", 8080, readers=WEB)
DAEMON_HOST = Variable(
    "DAEMON_HOST", str, "an address to listen on", "The daemon's own address.", "127.0.0.1", readers=DAEMON
)
DAEMON_PORT = Variable(
    "DAEMON_PORT",
    values.port,
    "a port from 0 to 65535",
    "The daemon's port: webhook, health, metrics.",
    8091,
    readers=DAEMON,
)
METRICS_TOKEN = Variable(
    "METRICS_TOKEN",
    values.strong_secret,
    STRONG,
    "Bearer token for /metrics and health details; without it they are closed.",
    None,
    secret=True,
)
MEDIA_STORE = Variable(
    "MEDIA_STORE",
    values.one_of("database", "directory"),
    "database or directory",
    "Where photos and voice notes are kept.",
    "database",
)
MEDIA_DIR = Variable("MEDIA_DIR", Path, "a directory", "Used when MEDIA_STORE is directory.", Path("media"))
SHUTDOWN_GRACE = Variable(
    "SHUTDOWN_GRACE",
    values.number(0.1, 300),
    "seconds from 0.1 to 300",
    "How long running steps and sends may finish after SIGTERM. Set the host's kill delay above it.",
    20.0,
    readers=DAEMON,
)
SEND_RATE = Variable(
    "SEND_RATE",
    values.number(0.1, 5000),
    "messages a second from 0.1 to 5000",
    "The overall limit; 29 is just below Telegram's 30. Raise it only for a Bot API server or a plan that allows more.",
    29.0,
    readers=DAEMON,
)
STATION_NAME = Variable("STATION_NAME", values.text, "at most 80 characters", "Shown on the desk.", "Felix Hub")
STATION_TIMEZONE = Variable(
    "STATION_TIMEZONE",
    values.timezone,
    "a name such as Asia/Jerusalem",
    "Times people read are of this zone.",
    ZoneInfo("Asia/Jerusalem"),
)
STATION_LANGUAGE = Variable(
    "STATION_LANGUAGE", values.one_of(*LANGUAGES), "ru, he or en", "For people whose language is not known yet.", "ru"
)
LOG_LEVEL = Variable(
    "LOG_LEVEL",
    lambda raw: values.one_of("debug", "info", "warning", "error")(raw).upper(),
    "debug, info, warning or error",
    "How much is logged.",
    "INFO",
)
FELIX_DEMO = Variable(
    "FELIX_DEMO",
    values.switch,
    "1 or 0",
    "The clearly marked demo: logins are shown on the login page. Never where others can reach it.",
    False,
)
FELIX_DEMO_PASSWORD = Variable(
    "FELIX_DEMO_PASSWORD",
    Secret,
    "the password of the demo's logins",
    "Shown on the login page of the demo, which makes it up; without FELIX_DEMO it means nothing.",
    None,
    secret=True,
    readers=WEB,
)
TIME_SCALE = Variable(
    "TIME_SCALE",
    values.number(0.02, 1),
    "a factor from 0.02 to 1",
    "Every time constant is multiplied by it; for tests only.",
    1.0,
)
