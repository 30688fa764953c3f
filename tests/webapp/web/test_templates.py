"""Templates show what the page decided: short lines, no rule of the house in them."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest
from jinja2 import Environment, nodes

import webapp
from common.database.models import LineState, OrderState, Role

PACKAGE = Path(webapp.__file__).parent
ROOT = PACKAGE / "templates"
SOURCES = [path for path in PACKAGE.rglob("*.py") if "render_template(" in path.read_text(encoding="utf-8")]
TEMPLATES = sorted(ROOT.rglob("*.html"))
MAX_LINE = 160
PARSER = Environment(extensions=["jinja2.ext.i18n"])
SPEAKING = {"reason", "worded", "day", "exact", "age", "written", "lasted"}
STATES = {*OrderState, *LineState, *Role}
CODES = {"state", "kind", "code", "reason", "way", "grade", "move"}  # attributes whose values are codes of ours


@pytest.mark.parametrize("template", TEMPLATES, ids=lambda path: str(path.relative_to(ROOT)))
def test_no_line_is_too_long_to_review(template: Path) -> None:
    lines = template.read_text(encoding="utf-8").splitlines()
    assert [number for number, line in enumerate(lines, start=1) if len(line) > MAX_LINE] == []


def test_no_template_compares_a_state_or_a_role() -> None:
    """What a state or a role means is decided in Python; a template gets a boolean."""
    assert {str(path.relative_to(ROOT)): found for path in TEMPLATES if (found := comparisons(path))} == {}


def test_no_template_asks_for_a_right() -> None:
    """What the reader may do is a boolean of the page."""
    assert {str(path.relative_to(ROOT)): found for path in TEMPLATES if (found := asked_rights(path))} == {}


@pytest.mark.parametrize("source", sorted(SOURCES), ids=lambda path: str(path.relative_to(PACKAGE)))
def test_a_template_gets_one_typed_object(source: Path) -> None:
    assert [line for line, names in rendered_names(source.read_text(encoding="utf-8")) if names != ["page"]] == []


def test_a_loose_bag_of_names_is_found() -> None:
    source = 'render_template("a.html", page=page)\nrender_template("b.html", page=page, wrong=wrong)'
    assert rendered_names(source) == [(1, ["page"]), (2, ["page", "wrong"])]


def rendered_names(source: str) -> list[tuple[int, list[str | None]]]:
    """The lines that render a template, each with the names that it hands over."""
    calls = [node for node in ast.walk(ast.parse(source)) if isinstance(node, ast.Call)]
    rendering = [call for call in calls if isinstance(call.func, ast.Name) and call.func.id == "render_template"]
    return [(call.lineno, [keyword.arg for keyword in call.keywords]) for call in rendering]


@pytest.mark.parametrize(
    "source",
    [
        "{% if order.state in known %}{% endif %}",
        "{{ code == 'waiting' }}",
        "{{ 'a' if person.role not in ('manager',) }}",
        "{% if page.planned.kind == 'pickup.coming' %}{% endif %}",
    ],
)
def test_a_comparison_is_found(tmp_path: Path, source: str) -> None:
    (tmp_path / "page.html").write_text(source)
    assert comparisons(tmp_path / "page.html") == [1]


def comparisons(template: Path) -> list[int]:
    """The lines in which a state is compared with something, or a role with one that is named here."""
    compares = PARSER.parse(template.read_text(encoding="utf-8")).find_all(nodes.Compare)
    return [compare.lineno for compare in compares if _names_a_state(compare)]


def _names_a_state(compare: nodes.Compare) -> bool:
    names = {found.attr for found in compare.find_all(nodes.Getattr)}
    words = {str(found.value) for found in compare.find_all(nodes.Const)}
    return bool("state" in names or words & STATES or (names & CODES and words))


def asked_rights(template: Path) -> list[int]:
    """The lines that call `may`."""
    calls = PARSER.parse(template.read_text(encoding="utf-8")).find_all(nodes.Call)
    return [call.lineno for call in calls if isinstance(call.node, nodes.Getattr) and call.node.attr == "may"]


def test_no_text_is_put_into_words_when_a_template_is_compiled() -> None:
    """Jinja applies a filter to a constant once, at compile time: in the language of whoever came first."""
    assert {str(path.relative_to(ROOT)): found for path in TEMPLATES if (found := constant_words(path))} == {}


def constant_words(template: Path) -> list[int]:
    """The lines in which a filter that speaks a language gets a constant."""
    filters = PARSER.parse(template.read_text(encoding="utf-8")).find_all(nodes.Filter)
    return [found.lineno for found in filters if found.name in SPEAKING and isinstance(found.node, nodes.Const)]
