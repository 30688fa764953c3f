"""Templates show what the page decided: short lines, no rule of the house in them."""

from __future__ import annotations

from pathlib import Path

import pytest

import webapp

ROOT = Path(webapp.__file__).parent / "templates"
TEMPLATES = sorted(ROOT.rglob("*.html"))
MAX_LINE = 160


@pytest.mark.parametrize("template", TEMPLATES, ids=lambda path: str(path.relative_to(ROOT)))
def test_no_line_is_too_long_to_review(template: Path) -> None:
    lines = template.read_text(encoding="utf-8").splitlines()
    assert [number for number, line in enumerate(lines, start=1) if len(line) > MAX_LINE] == []
