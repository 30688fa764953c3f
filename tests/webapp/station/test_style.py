"""The style page shows every component; the style sheets keep to the tokens, and the tokens to their contrasts."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import pytest
from flask import Flask

import webapp
from common.database.engine import Database
from common.database.models import LineState, OrderState, Person
from tests.webapp.desks import signed_in
from tests.webapp.visitor import Visitor
from webapp.station import colours

ROOT = Path(webapp.__file__).parent
SHEETS = sorted((ROOT / "static").glob("*.css"))
COMMENT = re.compile(r"/\*.*?\*/", re.DOTALL)
# What is a thing of this colour outside, whatever the theme: a plate, a demo's stripe, paper, a QR code.
THINGS = {
    "desk.css": {"#1a1c20", "#f7ca18", "#14161a", "#1c4fa3", "#f5c518", "#fff", "#000"},
    "slip.css": {"#fff", "#000"},
    "order.css": {  # the paper of notes, in the light and in the dark, like nothing that is sent
        "#fdf6d8",
        "#2c2712",
        "#8f7a1d",
        "#b29b3e",
        "#5c5120",
        "#d3c68f",
        "#5c4d08",
        "#e8d27a",
        "#fffbe8",
        "#1f1a05",
    },
}
# Each overrules a rule that nobody can overrule otherwise.
IMPORTANT = {"display: none !important", "border-color: var(--bad) !important", "content: none !important"}


def css(path: Path) -> str:
    return COMMENT.sub("", path.read_text(encoding="utf-8"))


@pytest.fixture
def page(make_app: Callable[..., Flask], database: Database, avi: Person) -> str:
    return signed_in(make_app(FELIX_DEMO="1"), database, avi).text("/desk/style")


def test_it_is_there_in_development_only(manager: Visitor) -> None:
    assert manager.get("/desk/style").status_code == 404


def test_it_shows_every_component(page: str) -> None:
    """Whatever a macro or the layer of shared parts has a class for."""
    shown = {name for given in re.findall(r'class="([^"]*)"', page) for name in given.split()}
    macros = (ROOT / "templates" / "web" / "parts.html").read_text(encoding="utf-8")
    used = {name for given in re.findall(r'class="([^"]*)"', macros) for name in re.findall(r"[a-z-]{3,}", given)}
    layer = css(ROOT / "static" / "desk.css").partition("@layer parts")[2].partition("@layer pages")[0]
    styled = set(re.findall(r"\.([a-z][a-z-]+)", re.sub(r"\{[^{}]*\}", "", layer)))
    code = {"if", "vehicle", "country", "large", "big", "plain", "endif", "il"}  # of the templates, not classes
    assert used - code <= shown
    assert styled - {"cut", "lines-plain"} <= shown


def test_it_shows_every_state_with_a_word_and_a_shape_of_its_own(page: str) -> None:
    for state in OrderState:
        assert re.search(
            rf'<span class="pill" data-state="{state.value}"><svg class="shape".*?#s-{state.value}"/>', page
        )
    for line in LineState:
        assert re.search(
            rf'<span class="mark" data-line="{line.value}">\s*<svg.*?#i-line-{line.value}"/></svg>\w+', page
        )
    shapes = re.findall(r'<symbol id="(?:s|i-line)-([a-z_]+)"[^>]*>(.*?)</symbol>', page, re.DOTALL)
    drawn = [shape for name, shape in shapes if name in set(OrderState)]
    assert len(set(drawn)) == len(drawn) >= len(OrderState)


def test_every_contrast_is_enough() -> None:
    assert [pair for pair in colours.pairs() if not pair.is_enough] == []
    assert set(colours.colours()) - {"hair"} == {name for pair in colours.PAIRS for name in pair[:2]}


def test_contrast_is_reckoned_as_wcag_does() -> None:
    assert colours.contrast("#000000", "#ffffff") == pytest.approx(21)
    assert colours.contrast("#ffffff", "#777777") == pytest.approx(4.48, abs=0.01)


@pytest.mark.parametrize("path", SHEETS, ids=lambda path: path.name)
def test_a_style_sheet_knows_no_left_and_no_right(path: Path) -> None:
    sides = r"(?<![\w-])(?:(?:margin|padding|border|inset)-)?(?:left|right)\s*:"
    assert re.findall(sides, css(path)) == []
    assert re.findall(r"(?:float|clear|text-align)\s*:\s*(?:left|right)", css(path)) == []
    assert re.findall(r"(?<![\w-])(?:width|height|(?:margin|padding|border)-(?:top|bottom))\s*:", css(path)) == []


@pytest.mark.parametrize("path", SHEETS, ids=lambda path: path.name)
def test_a_style_sheet_takes_its_colours_from_the_tokens(path: Path) -> None:
    rules = re.sub(r"--[a-z-]+: light-dark\(.*?\);", "", css(path))
    assert set(re.findall(r"#[0-9a-fA-F]{3,8}\b(?![^{}]*\{)", rules)) <= THINGS.get(path.name, set())
    assert re.findall(r"(?:rgb|hsl|oklch|lab)a?\(", rules) == []


@pytest.mark.parametrize("path", SHEETS, ids=lambda path: path.name)
def test_a_style_sheet_overrules_nothing_by_force(path: Path) -> None:
    assert set(re.findall(r"[\w-]+: [^;{}]*!important", css(path))) <= IMPORTANT
