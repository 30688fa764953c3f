"""The README's two commands exist, and its map is of this tree."""

from __future__ import annotations

import re

from tests.docs.pages import ROOT, text

README = ROOT / "README.md"


def test_the_two_commands_exist() -> None:
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    told = re.findall(r"^```sh\nmake ([a-z]+)\n```$", text(README), re.MULTILINE)

    assert told == ["run", "test"]
    assert all(re.search(rf"^{target}:", makefile, re.MULTILINE) for target in told)


def test_the_map_names_directories_that_are_there() -> None:
    named = re.findall(r"^(\w+)/ {2,}\S", text(README), re.MULTILINE)

    assert {"common", "bot_daemon", "webapp", "sandbox", "tests", "docs"} <= set(named)
    assert not [directory for directory in named if not (ROOT / directory).is_dir()]
