"""Settings refuse nonsense with one clear sentence, and secrets never print."""

from __future__ import annotations

from pathlib import Path

import pytest

from common.errors import SettingsError
from common.settings.config import VARIABLES, DaemonSettings, StationSettings, WebSettings
from common.settings.variables import REQUIRED

TOKEN = "700100200:AAfelixTestTokenOfThirtyFiveCharact"
STRONG = "Zr7Qm2xVbK9sLp4TnWc8dHy3"
STRONGER = "u5Jt0GqXe6RfAa1MoNz7iBvP"
LEAST = {
    "DATABASE_URL": "sqlite:///felix.sqlite3",
    "TELEGRAM_BOT_TOKEN": TOKEN,
    "SECRET_KEY": STRONG,
}
EVERYTHING = {
    **LEAST,
    "DATABASE_URL": "postgresql://felix:geheim@db/felix",
    "TELEGRAM_TRANSPORT": "webhook",
    "WEBHOOK_URL": "https://felix.example.org",
    "WEBHOOK_SECRET": STRONG,
    "WEBHOOK_SECRET_PREVIOUS": STRONGER,
    "DOORBELL_SECRET": STRONG,
    "METRICS_TOKEN": STRONGER,
    "FELIX_DEMO_PASSWORD": "oak-otter-dynamo",
}
# What each of these must refuse besides `NOTHING_SENSIBLE`.
NONSENSE = {
    "DATABASE_URL": [
        "mysql://root@db/felix",
        "felix.sqlite3",
        "sqlite://",
        "sqlite:///:memory:",
        "postgresql://u@h:x/n",
    ],
    "SQLITE_SYNCHRONOUS": ["OFF", "2"],
    "TELEGRAM_BOT_TOKEN": ["changeme", "123:short", "bot700100200:AAfelixTestTokenOfThirtyFiveCharact"],
    "TELEGRAM_API_URL": ["api.telegram.org", "ftp://api.telegram.org", "https://", "https://user:pw@api.telegram.org"],
    "TELEGRAM_TRANSPORT": ["webhooks", "both"],
    "WEBHOOK_URL": ["felix.example.org", "ws://felix.example.org", "https://felix.example.org:port"],
    "WEBHOOK_SECRET": ["short", "a" * 30, "has spaces in it but is long", "Zr7Qm2xVbK9sLp4TnWc8dHy3!", "x1y2z3" * 50],
    "WEBHOOK_SECRET_PREVIOUS": ["short"],
    "DOORBELL_LISTEN": ["8092", "127.0.0.1:http", "127.0.0.1:70000", "0.0.0.0:8092", "unix:", "unix:" + "x" * 120],
    "DOORBELL_URL": ["127.0.0.1:8092", "https://127.0.0.1:8092"],
    "DOORBELL_SECRET": ["short", "my-secret-is-the-best-of-all", "changeme-changeme-changeme-1"],
    "SECRET_KEY": ["dev", "felix2025-felix2025-felix2025"],
    "PUBLIC_URL": [
        "felix.example.org",
        "https://a:b@felix.example.org",
        "https://example.org/felix",
        "https://felix.example.org/?a=1",
        "https://felix.example.org/#desk",
    ],
    "TRUSTED_HOSTS": ["*", "*.example.org", "http://felix.lan", "felix.lan:8080", "a..b", "felix.lan,a b", ".", "a/b"],
    "TRUSTED_PROXIES": ["one", "-1", "11", "1.5"],
    "PORT": ["http", "-1", "65536", "80.5"],
    "DAEMON_PORT": ["http", "99999"],
    "METRICS_TOKEN": ["token"],
    "MEDIA_STORE": ["s3"],
    "MEDIA_MIN_FREE_MB": ["half", "-1", "1e9"],
    "SHUTDOWN_GRACE": ["soon", "0", "nan", "inf", "-1"],
    "KEEP_WORDS_DAYS": ["for ever", "-1", "1.5", "40000"],
    "KEEP_CARS_DAYS": ["-1"],
    "KEEP_UNASSIGNED_DAYS": ["a week"],
    "KEEP_AUDIT_DAYS": ["a year"],
    "SEND_RATE": ["fast", "0", "1e9"],
    "STATION_NAME": ["x" * 81],
    "STATION_TIMEZONE": ["Jerusalem", "../../etc/passwd"],
    "STATION_LANGUAGE": ["fr", "ru-RU"],
    "LOG_LEVEL": ["loud"],
    "FELIX_DEMO": ["maybe", "2"],
    "TIME_SCALE": ["0", "2"],
}
NOTHING_SENSIBLE = "x" * 500
TAKES_ANY_TEXT = {"DAEMON_HOST", "MEDIA_DIR", "FELIX_DEMO_PASSWORD"}
REFUSED = [(name, value) for name, values in NONSENSE.items() for value in values] + [
    (name, NOTHING_SENSIBLE) for name in VARIABLES if name not in TAKES_ANY_TEXT
]


class Recording(dict[str, str]):
    """An environment that knows what was asked of it."""

    def __init__(self, values: dict[str, str]) -> None:
        super().__init__(values)
        self.asked: set[str] = set()

    def get(self, key: str, default: object = None) -> object:  # type: ignore[override]
        self.asked.add(key)
        return super().get(key, default)


@pytest.mark.parametrize(("name", "value"), REFUSED)
def test_nonsense_is_refused_with_the_variable_what_it_got_and_what_it_wants(name: str, value: str) -> None:
    variable = VARIABLES[name]
    with pytest.raises(SettingsError) as refusal:
        variable.read({name: value})
    sentence = str(refusal.value)
    assert sentence.startswith(f"{name} is ")
    assert sentence.endswith(f": it wants {variable.wants}.")
    assert "\n" not in sentence


@pytest.mark.parametrize("name", [name for name in NONSENSE if VARIABLES[name].secret])
def test_a_refused_secret_is_not_repeated(name: str) -> None:
    with pytest.raises(SettingsError) as refusal:
        VARIABLES[name].read({name: "hunter2"})
    assert "hunter2" not in str(refusal.value)


def test_a_refused_address_is_repeated_without_its_password_and_without_a_token() -> None:
    for name, value in (
        ("WEBHOOK_URL", "https://user:hunter2@felix.example.org"),
        ("TELEGRAM_API_URL", f"ftp://api.telegram.org/bot{TOKEN}"),
    ):
        with pytest.raises(SettingsError) as refusal:
            VARIABLES[name].read({name: value})
        assert "hunter2" not in str(refusal.value)
        assert TOKEN not in str(refusal.value)


@pytest.mark.parametrize("name", [name for name, variable in VARIABLES.items() if variable.default is REQUIRED])
def test_what_is_required_is_asked_for_by_name(name: str) -> None:
    for environment in ({}, {name: ""}, {name: ' "" '}):
        with pytest.raises(SettingsError, match=f"^{name} is not set: it wants "):
            VARIABLES[name].read(environment)


def test_no_secret_has_a_default() -> None:
    assert all(v.default in (REQUIRED, None) for v in VARIABLES.values() if v.secret)


def test_secrets_do_not_print() -> None:
    shown = f"{WebSettings.from_env(EVERYTHING)!r} {DaemonSettings.from_env(EVERYTHING)!r}"
    assert not [v for n, v in EVERYTHING.items() if VARIABLES[n].secret and v in shown]
    assert "geheim" not in shown


def test_each_process_reads_only_what_it_uses() -> None:
    asked = {}
    for settings in (WebSettings, DaemonSettings):
        environment = Recording(EVERYTHING)
        settings.from_env(environment)
        asked[settings] = environment.asked
    assert asked[WebSettings] - asked[DaemonSettings] == {"SECRET_KEY", "DOORBELL_URL", "PORT", "FELIX_DEMO_PASSWORD"}
    assert asked[DaemonSettings].isdisjoint({"SECRET_KEY", "FELIX_DEMO_PASSWORD"})
    assert asked[WebSettings].isdisjoint({"TELEGRAM_BOT_TOKEN", "TELEGRAM_API_URL", "WEBHOOK_URL"})
    assert asked[WebSettings] | asked[DaemonSettings] == set(VARIABLES)


def test_the_desk_starts_without_a_bots_token_and_the_command_with_a_database_alone() -> None:
    WebSettings.from_env({name: value for name, value in LEAST.items() if name != "TELEGRAM_BOT_TOKEN"})
    assert StationSettings.from_env({"DATABASE_URL": "sqlite:///felix.sqlite3"}).media_store == "database"


@pytest.mark.parametrize(
    ("given", "wanted"),
    [
        ("postgres://felix@db/felix", "postgresql+psycopg://felix@db/felix"),
        ("postgresql://felix@db/felix", "postgresql+psycopg://felix@db/felix"),
        ("'postgres://felix@db/felix'", "postgresql+psycopg://felix@db/felix"),
        (' "sqlite:////data/felix.sqlite3" ', "sqlite:////data/felix.sqlite3"),
    ],
)
def test_the_spellings_of_hosts_are_accepted(given: str, wanted: str) -> None:
    assert VARIABLES["DATABASE_URL"].read({"DATABASE_URL": given}) == wanted


def test_a_webhooks_address_gets_its_path_when_it_has_none() -> None:
    read = VARIABLES["WEBHOOK_URL"].read
    assert read({"WEBHOOK_URL": "https://felix.example.org/"}) == "https://felix.example.org/telegram/webhook"
    assert read({"WEBHOOK_URL": "https://felix.example.org/own"}) == "https://felix.example.org/own"


@pytest.mark.parametrize(
    ("lacks", "sentence"),
    [("WEBHOOK_URL", "WEBHOOK_URL is not set: TELEGRAM_TRANSPORT is webhook"), ("WEBHOOK_SECRET", "WEBHOOK_SECRET is")],
)
def test_a_webhook_needs_its_address_and_its_secret(lacks: str, sentence: str) -> None:
    with pytest.raises(SettingsError, match=sentence):
        DaemonSettings.from_env({name: value for name, value in EVERYTHING.items() if name != lacks})


def test_a_webhook_over_plain_http_is_for_an_emulator_on_loopback_only() -> None:
    plain = {**EVERYTHING, "WEBHOOK_URL": "http://127.0.0.1:8091"}
    with pytest.raises(SettingsError, match="Telegram calls https only"):
        DaemonSettings.from_env(plain)
    DaemonSettings.from_env({**plain, "TELEGRAM_API_URL": "http://127.0.0.1:8090"})


def test_a_token_tells_the_bots_id() -> None:
    assert DaemonSettings.from_env(LEAST).bot_id == 700100200


def test_the_present_and_the_previous_secret_are_both_authentic() -> None:
    assert WebSettings.from_env(EVERYTHING).webhook_secrets == (STRONG, STRONGER)
    assert WebSettings.from_env(LEAST).webhook_secrets == ()


def test_the_example_file_has_every_variable_with_its_why_and_its_default() -> None:
    example = (Path(__file__).parents[3] / ".env.example").read_text()
    for variable in VARIABLES.values():
        default = variable.default
        shown = "" if default in (REQUIRED, None) else f"{int(default)}" if default in (True, False) else f"{default}"
        number = shown.removesuffix(".0")
        entry = f"{variable.name}={number}" if default is REQUIRED else f"#{variable.name}={number}"
        assert f"\n{entry}" in example, entry
        assert " ".join(variable.why.split()) in " ".join(example.replace("\n# ", " ").split()), variable.name


@pytest.mark.parametrize(
    ("given", "trusted"),
    [
        ({}, 0),
        ({"PUBLIC_URL": "http://felix.lan"}, 0),
        ({"PUBLIC_URL": "https://felix.example.org"}, 1),
        ({"PUBLIC_URL": "https://felix.example.org", "TRUSTED_PROXIES": "2"}, 2),
        ({"PUBLIC_URL": "https://felix.example.org", "TRUSTED_PROXIES": "0"}, 0),
        ({"TRUSTED_PROXIES": "1"}, 1),
    ],
)
def test_a_proxy_is_believed_where_tls_needs_one_unless_the_host_says_otherwise(
    given: dict[str, str], trusted: int
) -> None:
    assert StationSettings.from_env({"DATABASE_URL": "sqlite:///felix.sqlite3", **given}).trusted_proxies == trusted


@pytest.mark.parametrize(
    "url", ["https://felix.example.org", "http://192.168.1.5:8080", "http://localhost.evil.example", "http://felix.lan"]
)
@pytest.mark.parametrize("settings", [WebSettings, DaemonSettings, StationSettings])
def test_the_demo_does_not_start_where_others_can_reach_it(settings: type[StationSettings], url: str) -> None:
    with pytest.raises(SettingsError, match="FELIX_DEMO is 1 and PUBLIC_URL is not"):
        settings.from_env({**LEAST, "FELIX_DEMO": "1", "PUBLIC_URL": url})


@pytest.mark.parametrize("url", ["http://127.0.0.1:18080", "http://localhost:8080", "http://[::1]:8080", ""])
def test_the_demo_starts_on_this_machine(url: str) -> None:
    assert WebSettings.from_env({**LEAST, "FELIX_DEMO": "1", "PUBLIC_URL": url}).demo
