"""What the doctor says of the names to which the desk answers."""

from __future__ import annotations

import pytest

from common.database.engine import Database
from common.operation.hosts import check_hosts
from common.people import known_browsers
from common.settings.config import StationSettings
from tests.support.cast import RINA, hire


def said(database: Database, **settings: str) -> str:
    env = {"DATABASE_URL": "sqlite:///felix.sqlite3", **settings}
    with database.read() as session:
        return " ".join(f"{one.level} {one.text}" for one in check_hosts(session, StationSettings.from_env(env)))


@pytest.mark.parametrize(
    ("settings", "words"),
    [
        (
            {"PUBLIC_URL": "https://felix.example.org"},
            "ok The desk answers to these names: felix.example.org, localhost.",
        ),
        (
            {"PUBLIC_URL": "https://felix.example.org", "TRUSTED_HOSTS": ".lan,web"},
            "ok The desk answers to these names",
        ),
        ({"PUBLIC_URL": "http://192.168.1.5:8080"}, "ok"),
        ({"PUBLIC_URL": "http://garage-pc:8080"}, "ok"),
        ({"PUBLIC_URL": "http://felix.lan"}, "ok"),
        ({"PUBLIC_URL": "http://127.0.0.1:8080"}, "ok"),
        ({}, "ok"),
        ({"TRUSTED_PROXIES": "1"}, "warn PUBLIC_URL is empty"),
        ({"TRUSTED_HOSTS": "felix.example.org"}, "warn PUBLIC_URL is empty"),
        ({"PUBLIC_URL": "http://felix.example.org"}, "warn PUBLIC_URL is http://felix.example.org: over plain http"),
        ({"PUBLIC_URL": "http://93.184.216.34"}, "over plain http"),
        ({"PUBLIC_URL": "https://felix.example.org", "TRUSTED_HOSTS": ".com"}, "warn TRUSTED_HOSTS holds .com"),
    ],
)
def test_what_does_not_fit_is_named(any_database: Database, settings: dict[str, str], words: str) -> None:
    assert words in said(any_database, **settings)


@pytest.mark.parametrize(("network", "level"), [("127.0.0.1", "ok"), ("192.168.1.7", "warn"), ("unknown", "ok")])
def test_links_to_this_machine_do_not_fit_people_who_come_from_another(
    any_database: Database, network: str, level: str
) -> None:
    rina = hire(any_database, RINA)
    with any_database.write() as session:
        known_browsers.remember(session, rina.id, "", network=network, hops=0)
    assert said(any_database, PUBLIC_URL="http://localhost:8080").startswith(level)
