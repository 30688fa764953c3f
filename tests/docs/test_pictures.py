"""The pictures: each that is taken is there and shown, and none lies about."""

from __future__ import annotations

from docs.screenshots import IMAGES, SHOTS
from tests.docs.pages import links, pages

MOST_BYTES = 3_000_000


def shown() -> set[str]:
    return {link.rpartition("/")[2] for page in pages() for link in links(page) if "images/" in link}


def test_every_picture_is_shown_and_every_shown_one_is_there() -> None:
    there = {path.name for path in IMAGES.iterdir()}
    assert shown() == there
    assert {f"{shot.name}.png" for shot in SHOTS} <= there


def test_they_are_small() -> None:
    assert sum(path.stat().st_size for path in IMAGES.iterdir()) < MOST_BYTES
