"""The catalogue that a station begins with, and a small one for tests that need some parts and no more."""

from __future__ import annotations

import csv
from pathlib import Path

from common.catalogue.catalogue import DEFAULT_FILE

SMALL = Path(__file__).with_name("small_catalogue.csv")  # the 60 parts of a station of before; no bolts, no mirrors


def rows(path: Path = DEFAULT_FILE) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as source:
        return list(csv.DictReader(source))


PARTS = len(rows())
