"""The version changes with the program, wherever it lies."""

from __future__ import annotations

import re
import shutil
from pathlib import Path

import pytest

from common.settings.version import PACKAGES, RELEASE, ROOT, fingerprint, version


@pytest.fixture
def copied(tmp_path: Path) -> Path:
    for package in PACKAGES:
        # Other processes of the tests write compiled files meanwhile.
        shutil.copytree(ROOT / package, tmp_path / package, ignore=shutil.ignore_patterns("__pycache__"))
    return tmp_path


def test_it_names_the_release_and_the_files() -> None:
    assert re.fullmatch(re.escape(RELEASE) + r"\+[0-9a-f]{8}", version())
    assert len(version()) <= 24  # the column of the process


def test_equal_copies_have_the_same(copied: Path) -> None:
    (copied / "common" / "__pycache__").mkdir()
    (copied / "common" / "__pycache__" / "more.pyc").write_bytes(b"x")
    assert fingerprint(copied) == fingerprint(ROOT)


@pytest.mark.parametrize(
    "name", ["common/clock.py", "webapp/static/desk.css", "common/locale/he/LC_MESSAGES/felix_hub.po"]
)
def test_any_other_file_makes_another(copied: Path, name: str) -> None:
    changed = copied / name
    changed.write_bytes(changed.read_bytes() + b"\n")
    assert fingerprint(copied) != fingerprint(ROOT)


def test_a_file_that_is_gone_or_called_otherwise_makes_another(copied: Path) -> None:
    (copied / "common" / "clock.py").rename(copied / "common" / "clock2.py")
    assert fingerprint(copied) != fingerprint(ROOT)
