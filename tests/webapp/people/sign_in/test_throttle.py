"""The throttle of passwords: strangers pay for their failures, the owner comes in."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from flask import Flask
from itsdangerous import Signer
from sqlalchemy import event, select

from common import clock
from common.database.engine import Database
from common.database.models import Person, ThrottleCount
from common.people import known_browsers, logins
from common.throttling.limits import LIMITS, Kind
from tests.support.cast import AVI, PASSWORD, RINA, hire
from tests.webapp.desks import OpenApp
from tests.webapp.people.sign_in.clients import Client, address
from webapp.people.sign_in import passwords

FREE, FREE_OF_NETWORK, FREE_OF_NAME = (
    LIMITS[kind].free for kind in (Kind.PASSWORD, Kind.PASSWORD_NETWORK, Kind.PASSWORD_NAME)
)
LONGEST = LIMITS[Kind.PASSWORD].longest
BROWSER = "__Host-browser"


@pytest.fixture
def app(app_on: OpenApp, database: Database, database_url: str) -> Flask:
    """A desk behind one proxy."""
    return app_on(database, database_url, PUBLIC_URL="https://desk.example.com")


@pytest.fixture(autouse=True)
def rina(database: Database) -> Person:
    return hire(database, RINA, password=PASSWORD)


@pytest.fixture(autouse=True)
def cheap(monkeypatch: pytest.MonkeyPatch) -> None:
    """Verify without the 30 ms: what is tested is the counting."""
    monkeypatch.setattr(logins, "password_matches", lambda password, _hash: password == PASSWORD)


def guess_until_paused(client: Client, username: str = "rina") -> None:
    while client.guess(username) == 401:
        pass


def test_a_guesser_waits_longer_and_longer(app: Flask) -> None:
    guesser = Client(app)
    assert [guesser.guess() for _ in range(FREE + 2)] == [401] * FREE + [429] * 2
    first = int(guesser.sign_in().headers["Retry-After"])
    with clock.travel(timedelta(seconds=first)):
        assert guesser.guess() == 401
        assert first < int(guesser.sign_in().headers["Retry-After"]) <= first * 2


def test_a_restart_does_not_help_a_guesser(app: Flask, app_on: OpenApp, database: Database, database_url: str) -> None:
    guess_until_paused(Client(app))
    restarted = app_on(database, database_url, PUBLIC_URL="https://desk.example.com")
    assert Client(restarted).guess() == 429


def test_a_stranger_elsewhere_does_not_lock_the_owner_out(app: Flask) -> None:
    guess_until_paused(Client(app, "203.0.113.9"))
    assert Client(app, "198.51.100.7").sign_in().status_code == 303


def test_the_owner_waits_no_longer_than_the_longest_pause_at_the_very_place_of_a_guesser(app: Flask) -> None:
    guess_until_paused(Client(app))
    with clock.travel(LONGEST):
        assert Client(app).sign_in().status_code == 303


def test_a_known_browser_comes_in_while_strangers_fail_from_everywhere_and_a_new_one_waits_half_a_minute(
    app: Flask,
) -> None:
    owner = Client(app)
    assert owner.sign_in().status_code == 303
    owner.post("/logout")
    guess_until_paused(Client(app))  # from the same network
    for number in range(FREE_OF_NAME + 1):
        Client(app, address(number)).guess()
    assert owner.sign_in().status_code == 303
    assert int(Client(app, address(9999)).sign_in().headers["Retry-After"]) <= 30  # the owner's new browser
    with clock.travel(timedelta(seconds=31)):
        assert Client(app, address(9999)).sign_in().status_code == 303


def test_a_known_browser_is_slowed_down_too_if_it_guesses(app: Flask) -> None:
    thief = Client(app)
    thief.sign_in()
    thief.post("/logout")
    free = LIMITS[Kind.PASSWORD_BROWSER].free
    assert [thief.guess() for _ in range(free + 1)] == [401] * free + [429]


def test_one_network_cannot_guess_at_many_names(app: Flask) -> None:
    guesser = Client(app)
    codes = [guesser.guess(f"name{number}") for number in range(FREE_OF_NETWORK + 1)]
    assert codes == [401] * FREE_OF_NETWORK + [429]


def test_addresses_of_one_ipv6_network_count_as_one(app: Flask) -> None:
    codes = [Client(app, f"2001:db8:0:1::{number:x}").guess() for number in range(FREE + 1)]
    assert codes == [401] * FREE + [429]
    assert Client(app, "2001:db8:0:2::1").guess() == 401


@pytest.mark.parametrize("other", ["198.51.100.1:4711", "::ffff:198.51.100.1", "[::ffff:c633:6401]:80"])
def test_another_way_to_write_an_address_is_no_other_address(app: Flask, other: str) -> None:
    guess_until_paused(Client(app, "198.51.100.1"))
    assert Client(app, other).guess() == 429


def test_what_a_client_claims_to_be_does_not_count(app: Flask) -> None:
    codes = [Client(app, f"192.0.2.{number}, 203.0.113.9").guess() for number in range(FREE + 1)]
    assert codes == [401] * FREE + [429]


def test_a_hundred_guesses_at_once_are_five(app: Flask) -> None:
    with ThreadPoolExecutor(12) as threads:
        codes = list(threads.map(lambda _: Client(app).guess(), range(100)))
    assert codes.count(401) == FREE
    assert set(codes) <= {401, 429, 503}


def test_who_has_to_wait_costs_no_write_and_no_hash(
    app: Flask, database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    guesser, written = Client(app), list[str]()
    guess_until_paused(guesser)
    monkeypatch.setattr(logins, "password_matches", lambda *_: pytest.fail("verified"))

    def notice(_connection: object, _cursor: object, statement: str, *_: object) -> None:
        if not statement.lstrip().upper().startswith(("SELECT", "BEGIN DEFERRED", "PRAGMA", "SHOW")):
            written.append(statement)

    event.listen(database.engine, "before_cursor_execute", notice)
    for _ in range(20):
        assert guesser.guess() == 429
    event.remove(database.engine, "before_cursor_execute", notice)
    assert written == []


def test_the_right_password_forgives_what_was_mistyped(app: Flask) -> None:
    owner = Client(app)
    for _ in range(3):
        assert [owner.guess() for _ in range(FREE - 1)] == [401] * (FREE - 1)
        assert owner.sign_in().status_code == 303
        owner.set_cookie(BROWSER, "")


def test_signing_in_does_not_free_a_network_to_guess_at_others(app: Flask, database: Database) -> None:
    hire(database, AVI, password=PASSWORD)
    guesser = Client(app)
    for number in range(FREE_OF_NETWORK):
        assert guesser.guess(f"name{number}") == 401
        if number % 5 == 0:
            Client(app).sign_in("avi")
    assert guesser.guess("rina") == 429


def others_cookie(app: Flask, database: Database) -> str:
    hire(database, AVI, password=PASSWORD)
    other = Client(app, "192.0.2.50")
    other.sign_in("avi")
    return other.cookie(BROWSER)


def made_up(_app: Flask, _database: Database) -> str:
    return "bWFkZSB1cA"


def forged(app: Flask, _database: Database) -> str:
    owner = Client(app, "192.0.2.51")
    owner.sign_in()
    return owner.cookie(BROWSER).rpartition(".")[0] + ".Zm9yZ2VkIHNpZ25hdHVyZQ"


def signed_with_another_key(_app: Flask, _database: Database) -> str:
    return Signer("another_key_4f8a9c2e7b1d6035", salt="known browser").sign("bWFkZSB1cA").decode()


def too_long(_app: Flask, _database: Database) -> str:
    return "x" * 3000


@pytest.mark.parametrize("cookie", [others_cookie, made_up, forged, signed_with_another_key, too_long])
def test_a_cookie_that_is_not_the_owners_makes_a_stranger(
    app: Flask, database: Database, cookie: Callable[[Flask, Database], str]
) -> None:
    stranger = Client(app)
    stranger.set_cookie(BROWSER, cookie(app, database))
    guess_until_paused(Client(app))
    assert stranger.sign_in().status_code == 429


def test_an_expired_cookie_makes_a_stranger(app: Flask) -> None:
    owner = Client(app)
    owner.sign_in()
    kept = owner.cookie(BROWSER)
    with clock.travel(known_browsers.LIFE + timedelta(minutes=1)):
        guess_until_paused(Client(app))
        owner.set_cookie(BROWSER, kept)
        owner.set_cookie("__Host-desk", "")
        assert owner.sign_in().status_code == 429


@pytest.mark.parametrize("end", ["/account/sign-out-everywhere", "/account/password"])
def test_signing_out_everywhere_and_a_new_password_forget_other_browsers(app: Flask, end: str) -> None:
    owner, other = Client(app), Client(app)
    owner.sign_in()
    other.sign_in()
    other.post("/logout")
    owner.post(end, present=PASSWORD, password="nine blue herons")
    guess_until_paused(Client(app))
    assert other.sign_in().status_code == 429


def test_the_cookie_is_out_of_reach_and_says_nothing(app: Flask) -> None:
    cookies = Client(app).sign_in().headers.getlist("Set-Cookie")
    (cookie,) = [text for text in cookies if text.startswith(BROWSER)]
    assert {"Secure", "HttpOnly", "Path=/", "SameSite=Lax"} <= set(cookie.split("; "))
    assert f"Max-Age={int(known_browsers.LIFE.total_seconds())}" in cookie
    assert "rina" not in cookie


def test_a_new_password_at_the_account_is_not_stopped_by_strangers(app: Flask) -> None:
    owner = Client(app)
    owner.sign_in()
    owner.set_cookie(BROWSER, "")
    guess_until_paused(Client(app))
    assert owner.post("/account/password", present=PASSWORD, password="nine blue herons").status_code == 303


def test_whoever_holds_a_session_for_a_moment_cannot_guess_its_password(app: Flask) -> None:
    thief = Client(app)
    thief.sign_in()
    free = LIMITS[Kind.PASSWORD_BROWSER].free
    codes = [
        thief.post("/account/password", present="guess", password="nine blue herons").status_code
        for _ in range(free + 1)
    ]
    assert codes == [400] * free + [429]


def test_strangers_leave_a_slot_for_browsers_that_are_known(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    owner = Client(app)
    owner.sign_in()
    owner.post("/logout")
    monkeypatch.setattr(passwords, "VERIFY_WAIT", 0.05)
    held = [passwords.verifying(known=False) for _ in range(passwords.SLOTS_OF_STRANGERS)]
    for slot in held:
        slot.__enter__()
    try:
        assert Client(app, "192.0.2.9").sign_in().status_code == 503
        assert owner.sign_in().status_code == 303
    finally:
        for slot in held:
            slot.__exit__(None, None, None)


def test_counts_name_nobody(app: Flask, database: Database) -> None:
    Client(app, "203.0.113.9").guess("rina")
    with database.read() as session:
        stored = str([vars(row) for row in session.scalars(select(ThrottleCount))])
    assert "rina" not in stored
    assert "203.0.113.9" not in stored
