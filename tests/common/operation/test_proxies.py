"""What the doctor says of the proxies before the desk, by the sign-ins of the last days."""

from __future__ import annotations

from datetime import timedelta

import pytest

from common import clock
from common.database.engine import Database
from common.operation.proxies import check_proxies
from common.people import known_browsers
from common.settings.config import StationSettings
from tests.support.cast import AVI, DIMA, RINA, hire

PUBLIC = "https://felix.example.org"


def said(database: Database, hops: int, *networks: str, public_url: str = PUBLIC, trusted: str = "") -> str:
    """The finding after a sign-in from each network, each by somebody else."""
    people = [hire(database, member) for member, _ in zip((RINA, AVI, DIMA), networks, strict=False)]
    with database.write() as session:
        for person, network in zip(people, networks, strict=True):
            known_browsers.remember(session, person.id, "", network=network, hops=hops)
    env = {"DATABASE_URL": "sqlite:///felix.sqlite3", "PUBLIC_URL": public_url, "TRUSTED_PROXIES": trusted}
    with database.read() as session:
        return " ".join(f"{one.level} {one.text}" for one in check_proxies(session, StationSettings.from_env(env)))


def test_nothing_is_said_before_anybody_signed_in(any_database: Database) -> None:
    assert said(any_database, 0) == ""


@pytest.mark.parametrize(
    ("hops", "public_url", "trusted", "words"),
    [
        (1, PUBLIC, "", "ok Proxies that are believed: 1."),
        (0, "", "", "ok Proxies that are believed: 0."),
        (2, PUBLIC, "2", "ok Proxies that are believed: 2."),
        (1, "", "", "none is believed"),
        (2, "http://felix.lan", "", "Set TRUSTED_PROXIES=2"),
        (1, PUBLIC, "0", "none is believed"),
        (0, PUBLIC, "", "reaches the desk's port directly"),
        (1, PUBLIC, "2", "past 1 proxies, and TRUSTED_PROXIES is 2"),
        (2, PUBLIC, "", "another proxy of yours stands in front"),
    ],
)
def test_what_arrives_is_compared_with_what_is_believed(
    any_database: Database, hops: int, public_url: str, trusted: str, words: str
) -> None:
    found = said(any_database, hops, "198.51.100.1", public_url=public_url, trusted=trusted)
    assert words in found
    assert found.startswith("ok" if words.startswith("ok") else "warn")


@pytest.mark.parametrize("shared", ["172.17.0.1", "127.0.0.1", "fd00::/64", "unknown"])
def test_an_inner_address_that_everybody_shares_is_a_proxys(any_database: Database, shared: str) -> None:
    assert f"Everybody signs in from {shared}" in said(any_database, 1, shared, shared, shared)


@pytest.mark.parametrize(
    "networks",
    [
        ("93.184.216.34",) * 3,  # one router of the station
        ("172.17.0.1",) * 2,  # too few to say
        ("172.17.0.1", "172.17.0.1", "93.184.216.34"),
    ],
)
def test_a_router_or_few_people_are_no_proxy(any_database: Database, networks: tuple[str, ...]) -> None:
    assert said(any_database, 1, *networks).startswith("ok")


def test_what_was_long_ago_says_nothing(any_database: Database) -> None:
    said(any_database, 0, "198.51.100.1")
    with clock.travel(timedelta(days=8)), any_database.read() as session:
        env = {"DATABASE_URL": "sqlite:///felix.sqlite3", "PUBLIC_URL": PUBLIC}
        assert check_proxies(session, StationSettings.from_env(env)) == []
