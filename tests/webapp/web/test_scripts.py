"""The desk's scripts: modules that import each other, below an address that changes with them."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

import webapp
from tests.webapp.visitor import Visitor
from webapp.web.scripts import SCRIPTS

TEMPLATES = Path(webapp.__file__).parent / "templates"
IMPORT = re.compile(r'^import (?:.* from )?"(.*)";$', re.MULTILINE)


def test_a_script_is_kept_under_its_version_and_under_no_other(storekeeper: Visitor) -> None:
    found = re.search(r'src="(/static/scripts/[0-9a-f]{12}/)desk\.js"', storekeeper.text("/"))
    assert found
    with storekeeper.get(f"{found[1]}moves.js") as answer:
        assert "immutable" in answer.headers["Cache-Control"]
    with storekeeper.get("/static/scripts/0123456789ab/moves.js") as answer:
        assert answer.headers["Cache-Control"] == "no-store"


def test_a_page_names_what_its_script_imports(storekeeper: Visitor) -> None:
    preloaded = set(re.findall(r'rel="modulepreload" href="/static/scripts/\w+/(.*?)"', storekeeper.text("/")))
    assert {"keys.js", "moves.js", "stops.js"} <= preloaded
    wanted = (IMPORT.findall((SCRIPTS / name).read_text()) for name in preloaded)
    assert {name.removeprefix("./") for names in wanted for name in names} <= preloaded


@pytest.mark.parametrize("path", sorted(SCRIPTS.glob("*.js")), ids=lambda path: path.name)
def test_a_script_is_a_module_that_imports_its_neighbours_and_has_no_page_wide_name(path: Path) -> None:
    text = path.read_text()
    imported = IMPORT.findall(text)
    assert len(imported) == len(re.findall(r"^import\b", text, re.MULTILINE))
    assert all(name.startswith("./") and (SCRIPTS / name).is_file() for name in imported)
    assert not re.search(r"(?:globalThis|window)\.\w+ = ", text)


def test_every_script_is_loaded_by_a_page_or_by_another_script() -> None:
    pages = (re.findall(r"script\('(.*?)'\)", path.read_text()) for path in TEMPLATES.rglob("*.html"))
    modules = (IMPORT.findall(path.read_text()) for path in SCRIPTS.glob("*.js"))
    loaded = {name.removeprefix("./") for names in (*pages, *modules) for name in names}
    assert loaded == {path.name for path in SCRIPTS.glob("*.js")}
