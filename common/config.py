"""Settings: read once from the environment, typed, refused with one clear sentence.

Each variable is declared once, with what it wants and why; the reference page and its test read `VARIABLES`.
Web app and daemon have a class each and read only what they use: the web app never holds the bot's token.
"""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Generic, Literal, TypeVar, cast
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo, available_timezones

from sqlalchemy.engine import make_url
from sqlalchemy.exc import ArgumentError

from common.errors import SettingsError
from common.logs import masked
from common.signing import Secret
from common.timing import Timing

T = TypeVar("T")
Environment = Mapping[str, str]
REQUIRED = object()
TELEGRAM = "https://api.telegram.org"
LANGUAGES = ("ru", "he", "en")
LOOPBACK = ("127.0.0.1", "localhost", "::1", "[::1]")


class Refused(ValueError):
    """A parser's way to say no; the text completes "got … ;"."""


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
            got = "a value not shown here" if self.secret else f"“{_harmless(raw)}”"
            why = f" ({error})" if isinstance(error, Refused) else ""
            raise SettingsError(f"{self.name} is {got}{why}: it wants {self.wants}.") from None


def _harmless(raw: str) -> str:
    """What may be shown of a refused value: no password of a URL, no token."""
    return masked(re.sub(r"//[^/@]*@", "//…@", raw))[:80]


def _database_url(raw: str) -> Secret:
    url = re.sub(r"^postgres(ql)?(\+psycopg)?://", "postgresql+psycopg://", raw)
    if not url.startswith(("postgresql+psycopg://", "sqlite:///")):
        raise Refused("its scheme is not known")
    if url == "sqlite:///" or ":memory:" in url:
        raise Refused("two processes share the database, so it must be a file")
    try:
        make_url(url)
    except (ArgumentError, ValueError):
        raise Refused("it cannot be read as a URL") from None
    return Secret(url)


def _url(*schemes: str) -> Callable[[str], str]:
    def parse(raw: str) -> str:
        parts = urlsplit(raw)
        if parts.scheme not in schemes or not parts.hostname:
            raise Refused(f"not {' or '.join(schemes)}://host…")
        if parts.username or parts.password:
            raise Refused("it must not hold a user or a password")
        _ = parts.port
        return raw.rstrip("/")

    return parse


def _webhook_url(raw: str) -> str:
    url = _url("http", "https")(raw)
    if urlsplit(url).path.rstrip("/") in ("", "/"):
        url = url.rstrip("/") + "/telegram/webhook"
    return url


def _number(low: float, high: float) -> Callable[[str], float]:
    def parse(raw: str) -> float:
        value = float(raw)
        if not low <= value <= high:
            raise Refused("out of range")
        return value

    return parse


def _port(raw: str) -> int:
    return int(_number(0, 65535)(str(int(raw))))


def _one_of(*choices: str) -> Callable[[str], str]:
    def parse(raw: str) -> str:
        if raw.lower() not in choices:
            raise Refused("not one of them")
        return raw.lower()

    return parse


def _switch(raw: str) -> bool:
    return _one_of("1", "0", "true", "false", "yes", "no", "on", "off")(raw) in ("1", "true", "yes", "on")


def _token(raw: str) -> Secret:
    if not re.fullmatch(r"\d{3,15}:[A-Za-z0-9_-]{30,64}", raw):
        raise Refused("it does not look like a bot's token")
    return Secret(raw)


WEAK = ("changeme", "change-me", "secret", "password", "default", "example", "felix2025", "12345")


def _strong(raw: str) -> Secret:
    if len(raw) < 24 or len(set(raw)) < 8:
        raise Refused("too short or too uniform to be a secret")
    if any(word in raw.lower() for word in WEAK):
        raise Refused("it holds a word everybody tries first")
    return Secret(raw)


def _webhook_secret(raw: str) -> Secret:
    if not re.fullmatch(r"[A-Za-z0-9_-]{1,256}", raw):
        raise Refused("Telegram takes A-Z a-z 0-9 _ - only, at most 256")
    return _strong(raw)


def _listen(raw: str) -> str:
    if raw.startswith("unix:"):
        if len(raw) < 7 or len(raw) > 108:
            raise Refused("a socket's path has 1 to 100 characters")
        return raw
    host, _, port = raw.rpartition(":")
    if not host:
        raise Refused("no host")
    if host not in LOOPBACK:
        raise Refused("others could reach it")
    _port(port)
    return raw


def _timezone(raw: str) -> ZoneInfo:
    if raw not in available_timezones():
        raise Refused("no such time zone")
    return ZoneInfo(raw)


def _text(raw: str) -> str:
    if len(raw) > 80:
        raise Refused("too long")
    return raw


STRONG = "a random value of 24 characters or more (try: python3 -c 'import secrets; print(secrets.token_urlsafe(32))')"
DAEMON, WEB = ("daemon",), ("web",)

DATABASE_URL = Variable(
    "DATABASE_URL",
    _database_url,
    "sqlite:///path/to/file or postgresql://user@host/name",
    "The one database.",
    secret=True,
)
SQLITE_SYNCHRONOUS = Variable(
    "SQLITE_SYNCHRONOUS",
    lambda raw: _one_of("full", "normal")(raw).upper(),
    "FULL or NORMAL",
    "With NORMAL a power cut may lose the last commits, acknowledged updates among them; kill -9 loses nothing.",
    "FULL",
)
TELEGRAM_BOT_TOKEN = Variable(
    "TELEGRAM_BOT_TOKEN", _token, "the token BotFather gave you", "Who the bot is.", secret=True, readers=DAEMON
)
TELEGRAM_API_URL = Variable(
    "TELEGRAM_API_URL",
    _url("http", "https"),
    "the base URL of a Bot API server",
    "Where the Bot API is.",
    TELEGRAM,
    readers=DAEMON,
)
TELEGRAM_TRANSPORT = Variable(
    "TELEGRAM_TRANSPORT",
    _one_of("webhook", "polling"),
    "webhook or polling",
    "How updates come in. Polling is for laptops and hosts without HTTPS.",
    "polling",
    readers=DAEMON,
)
WEBHOOK_URL = Variable(
    "WEBHOOK_URL",
    _webhook_url,
    "the https address Telegram shall call, at the daemon's port or the web app",
    "Needed for the webhook transport; the path /telegram/webhook is added when there is none.",
    None,
    readers=DAEMON,
)
WEBHOOK_SECRET = Variable(
    "WEBHOOK_SECRET",
    _webhook_secret,
    f"{STRONG}, of the characters A-Z a-z 0-9 _ -",
    "Telegram sends it with each update; whoever does not know it gets 401. Needed where webhooks come in.",
    None,
    secret=True,
)
WEBHOOK_SECRET_PREVIOUS = Variable(
    "WEBHOOK_SECRET_PREVIOUS",
    _webhook_secret,
    "the secret before the present one",
    "Still accepted while a secret is rotated: requests in flight carry the old one.",
    None,
    secret=True,
)
DOORBELL_LISTEN = Variable(
    "DOORBELL_LISTEN",
    _listen,
    "host:port on loopback, or unix:PATH",
    "Where the daemon listens for the doorbell; 'off' is DOORBELL_SECRET left empty.",
    "127.0.0.1:8092",
    readers=DAEMON,
)
DOORBELL_URL = Variable(
    "DOORBELL_URL",
    lambda raw: raw if raw.startswith("unix:") else _url("http")(raw),
    "http://host:port or unix:PATH",
    "Where the web app rings; empty: the address in the lease row, which follows the leader.",
    None,
    readers=WEB,
)
DOORBELL_SECRET = Variable(
    "DOORBELL_SECRET",
    _strong,
    STRONG,
    "Signs the ring. Empty on hosts whose processes share no network: no doorbell, the 1 s poll finds every row.",
    None,
    secret=True,
)
SECRET_KEY = Variable("SECRET_KEY", _strong, STRONG, "Signs what the desk hands to browsers.", secret=True, readers=WEB)
PUBLIC_URL = Variable(
    "PUBLIC_URL",
    _url("http", "https"),
    "the desk's address as people type it",
    "For links; https makes the cookies Secure.",
    None,
    readers=WEB,
)
PORT = Variable("PORT", _port, "a port from 0 to 65535", "The web app's port.", 8080, readers=WEB)
DAEMON_HOST = Variable(
    "DAEMON_HOST", str, "an address to listen on", "The daemon's own address.", "127.0.0.1", readers=DAEMON
)
DAEMON_PORT = Variable(
    "DAEMON_PORT", _port, "a port from 0 to 65535", "The daemon's port: webhook, health, metrics.", 8091, readers=DAEMON
)
METRICS_TOKEN = Variable(
    "METRICS_TOKEN",
    _strong,
    STRONG,
    "Bearer token for /metrics and health details; without it they are closed.",
    None,
    secret=True,
)
MEDIA_STORE = Variable(
    "MEDIA_STORE",
    _one_of("database", "directory"),
    "database or directory",
    "Where photos and voice notes are kept.",
    "database",
)
MEDIA_DIR = Variable("MEDIA_DIR", Path, "a directory", "Used when MEDIA_STORE is directory.", Path("media"))
SHUTDOWN_GRACE = Variable(
    "SHUTDOWN_GRACE",
    _number(0.1, 300),
    "seconds from 0.1 to 300",
    "How long running steps and sends may finish after SIGTERM. Set the host's kill delay above it.",
    20.0,
    readers=DAEMON,
)
SEND_RATE = Variable(
    "SEND_RATE",
    _number(0.1, 5000),
    "messages a second from 0.1 to 5000",
    "The overall limit; 29 is just below Telegram's 30. Raise it only for a Bot API server or a plan that allows more.",
    29.0,
    readers=DAEMON,
)
STATION_NAME = Variable(
    "STATION_NAME", _text, "at most 80 characters", "Shown on the desk and in greetings.", "Felix Hub"
)
STATION_TIMEZONE = Variable(
    "STATION_TIMEZONE",
    _timezone,
    "a name such as Asia/Jerusalem",
    "Times people read are of this zone.",
    ZoneInfo("Asia/Jerusalem"),
)
STATION_LANGUAGE = Variable(
    "STATION_LANGUAGE", _one_of(*LANGUAGES), "ru, he or en", "For people whose language is not known yet.", "ru"
)
LOG_LEVEL = Variable(
    "LOG_LEVEL",
    lambda raw: _one_of("debug", "info", "warning", "error")(raw).upper(),
    "debug, info, warning or error",
    "How much is logged.",
    "INFO",
)
FELIX_DEMO = Variable(
    "FELIX_DEMO",
    _switch,
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
    "TIME_SCALE", _number(0.02, 1), "a factor from 0.02 to 1", "Divides every time constant; for tests only.", 1.0
)


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
