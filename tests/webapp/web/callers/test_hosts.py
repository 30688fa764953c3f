"""Requests whose Host is not ours are refused before anything is looked up."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import timedelta

import pytest
from flask import Flask

from common import clock
from common.languages import LANGUAGES
from tests.webapp.desks import WEBHOOK_SECRET
from tests.webapp.visitor import OWN, Visitor

EVIL = {"Host": "evil.example"}
# Programs come with their own secret, or ask for nothing but health: probes and Telegram name what they like.
PROGRAMS = re.compile(r"/(health/|metrics|api/v1/|telegram/webhook|static/|scripts/)")


def test_no_page_is_there_under_another_name(manager: Visitor) -> None:
    for rule in manager.app.url_map.iter_rules():
        if PROGRAMS.match(rule.rule):
            continue
        for method in sorted((rule.methods or set()) - {"OPTIONS", "HEAD"}):
            path = re.sub("<[^>]*>", "1", rule.rule)
            answer = manager.client.open(path, method=method, headers={**OWN, **EVIL})
            assert answer.status_code == 421, (method, path)


@pytest.mark.parametrize("path", ["/nothing", "/orders/999999999999999999999", "//", "/login?next=//evil.example"])
def test_an_address_that_is_not_there_is_refused_too(stranger: Visitor, path: str) -> None:
    assert stranger.get(path, headers=EVIL).status_code == 421


def test_the_refusal_is_in_every_language_and_shows_nothing_of_the_desk(manager: Visitor) -> None:
    answer = manager.get("/", headers=EVIL)
    assert answer.mimetype == "text/plain"
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert answer.headers["Cache-Control"] == "no-store"
    assert answer.text.count("PUBLIC_URL") == answer.text.count("TRUSTED_HOSTS") == len(LANGUAGES)
    for words in ("not the address of this desk", "не адрес", "אינה הכתובת"):
        assert words in answer.text
    assert "evil.example" not in answer.text
    assert "Felix" not in answer.text


@pytest.mark.parametrize(
    "host", ["a..b", "[::g]", "localhost:80:80", "u@localhost", "localhost, evil.example", "x" * 300]
)
def test_a_host_that_is_none_is_a_bad_request(stranger: Visitor, host: str) -> None:
    assert stranger.get("/login", headers={"Host": host}).status_code == 400


def test_what_a_proxy_says_of_the_host_does_not_count(make_app: Callable[..., Flask]) -> None:
    visitor = Visitor(make_app(PUBLIC_URL="https://felix.example.org"))
    claims = {"X-Forwarded-Host": "felix.example.org", "Forwarded": "host=felix.example.org"}
    assert visitor.get("/login", headers={**EVIL, **claims}).status_code == 421
    assert visitor.get("/login", headers={"Host": "felix.example.org", "X-Forwarded-Host": "evil"}).status_code == 200


def test_programs_may_name_any_host(stranger: Visitor) -> None:
    assert stranger.get("/health/live", headers={"Host": "10.1.2.3:8080"}).status_code == 200
    assert stranger.get("/health/live", headers=EVIL).status_code == 200
    secret = {"X-Telegram-Bot-Api-Secret-Token": WEBHOOK_SECRET}
    assert stranger.post("/telegram/webhook", b"{", headers={**EVIL, **secret}).status_code == 503  # no daemon yet
    assert stranger.get("/api/v1/orders", headers=EVIL).status_code == 401


def test_a_minute_of_refusals_is_one_line(make_app: Callable[..., Flask], caplog: pytest.LogCaptureFixture) -> None:
    stranger = Visitor(make_app(TRUSTED_HOSTS="of-this-test.example"))
    with clock.travel(timedelta(hours=1)):
        for _ in range(3):
            stranger.get("/", headers=EVIL)
    with clock.travel(timedelta(hours=1, minutes=2)):
        stranger.get("/", headers={"Host": "a..b"})
    lines = [record.getMessage() for record in caplog.records if "none of the desk's names" in record.getMessage()]
    assert len(lines) == 2
    assert "evil.example" in lines[0]
    assert "(0 more" in lines[0]
    assert "cannot be read" in lines[1]
    assert "(2 more" in lines[1]
