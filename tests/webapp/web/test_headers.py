"""The headers go with every answer, and the pages keep to what the policy allows."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

import webapp
from tests.webapp.visitor import Visitor
from webapp.web.headers import ALWAYS

ROOT = Path(webapp.__file__).parent
SCRIPTS = sorted((ROOT / "static" / "scripts").glob("*.js"))
TEMPLATES = sorted((ROOT / "templates").rglob("*.html"))


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [
        ("GET", "/login", 200),
        ("GET", "/", 303),
        ("GET", "/nothing", 404),
        ("PUT", "/login", 405),
        ("POST", "/logout", 403),
        ("GET", "/static/desk.css", 200),
        ("GET", "/static/nothing", 404),
        ("GET", "/static/../app.py", 404),
        ("POST", "/telegram/webhook", 401),
        ("GET", "/metrics", 401),
        ("GET", "/health/live", 200),
        ("GET", "/events", 401),
    ],
)
def test_every_answer_carries_them(stranger: Visitor, method: str, path: str, status: int) -> None:
    answer = stranger.client.open(path, method=method)
    assert answer.status_code == status
    assert {name: answer.headers.get(name) for name in ALWAYS} == ALWAYS
    answer.close()


def test_the_policy_allows_our_own_files_and_nothing_else(stranger: Visitor) -> None:
    policy = stranger.get("/login").headers["Content-Security-Policy"]
    sources = {source for directive in policy.split("; ") for source in directive.split()[1:]}
    assert sources == {"'self'", "'none'"}


def test_pages_are_not_kept_and_versioned_files_are(storekeeper: Visitor) -> None:
    assert storekeeper.get("/").headers["Cache-Control"] == "no-store"
    found = re.search(r'href="(/static/desk\.css\?v=[0-9a-f]+)"', storekeeper.text("/"))
    assert found
    with storekeeper.get(found[1]) as answer:
        assert "immutable" in answer.headers["Cache-Control"]


@pytest.mark.parametrize("path", TEMPLATES, ids=lambda path: path.name)
def test_no_template_holds_what_the_policy_forbids(path: Path) -> None:
    text = path.read_text()
    for pattern in (
        r"\sstyle=",
        r"\son[a-z]+=",
        r"hx-on",
        r"javascript:",
        r"js:",
        r"<script(?![^>]*src=)",
        r"<style",
        r"\|\s*safe",
    ):
        assert not re.search(pattern, text), f"{pattern} in {path.name}"
    for trigger in re.findall(r'hx-trigger="([^"]*)"', text):
        assert "[" not in trigger, "a filter is code, which the policy forbids"


def test_the_style_sheet_knows_no_left_and_no_right() -> None:
    css = re.sub(r"/\*.*?\*/", "", (ROOT / "static" / "desk.css").read_text(), flags=re.DOTALL)
    physical = re.findall(
        r"(?<![\w-])(?:(?:margin|padding|border|inset)-(?:left|right|top|bottom)|left|right|text-align:\s*(?:left|right))\s*:",
        css,
    )
    assert physical == []


def test_nothing_is_fetched_from_elsewhere() -> None:
    for path in [*TEMPLATES, ROOT / "static" / "desk.css", *SCRIPTS]:
        assert not re.search(r"(?:src|href|url|@import)[=(\s\"']+(?:https?:)?//", path.read_text()), path.name
