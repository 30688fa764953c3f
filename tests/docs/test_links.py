"""Whoever follows a link arrives."""

from __future__ import annotations

import re
from pathlib import Path
from urllib.parse import unquote, urlsplit

import pytest

from tests.docs.pages import DOCS, ROOT, anchors, links, name, pages, text

# Paths of the machine a page was written on, which mean nothing on any other.
MACHINE = re.compile(r"(?<![\w.])/(?:work|root|home/\w+|tmp/\w+|Users)/")
ENTRANCES = (ROOT / "README.md", DOCS / "README.md")


def relative(page: Path) -> list[str]:
    return [link for link in links(page) if not urlsplit(link).scheme]


@pytest.mark.parametrize("page", pages(), ids=name)
def test_relative_links_lead_somewhere(page: Path) -> None:
    broken = []
    for link in relative(page):
        path, _, anchor = link.partition("#")
        target = (page.parent / unquote(path)).resolve() if path else page
        if not target.exists() or (anchor and target.suffix == ".md" and anchor not in anchors(target)):
            broken.append(link)

    assert not broken


@pytest.mark.parametrize("page", pages(), ids=name)
def test_links_stay_inside_the_repository(page: Path) -> None:
    outside = [link for link in relative(page) if not (page.parent / link).resolve().is_relative_to(ROOT)]

    assert not outside


@pytest.mark.parametrize("page", pages(), ids=name)
def test_a_page_names_no_path_of_a_machine(page: Path) -> None:
    assert not MACHINE.findall(text(page))


def test_every_page_can_be_reached_from_the_readme() -> None:
    reached, ahead = set(ENTRANCES[:1]), list(ENTRANCES[:1])
    while ahead:
        page = ahead.pop()
        for link in relative(page):
            target = (page.parent / link.partition("#")[0]).resolve()
            if target.suffix == ".md" and target not in reached and target.exists():
                reached.add(target)
                ahead.append(target)

    assert not sorted(name(page) for page in set(pages()) - reached)


def test_a_test_that_is_named_exists() -> None:
    named = {found for page in pages() for found in re.findall(r"`(test_\w+)`", text(page))}
    there = {
        found
        for source in (ROOT / "tests").rglob("test_*.py")
        for found in re.findall(r"^ *(?:async )?def (test_\w+)", source.read_text(encoding="utf-8"), re.MULTILINE)
    }

    assert named
    assert not sorted(named - there)


def test_every_picture_is_shown_somewhere() -> None:
    shown = {(page.parent / link).resolve() for page in pages() for link in relative(page)}

    assert not sorted(picture.name for picture in set((DOCS / "images").iterdir()) - shown)
