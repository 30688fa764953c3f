"""Blocks of shell that are marked as runnable really run, on a fresh station in a directory of their own."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from common.database import schema
from common.database.engine import Database
from tests.docs.pages import ROOT, name, pages, runnable

MARKED = [page for page in pages() if any(runnable(page))]


def test_some_blocks_are_marked() -> None:
    assert sum(len(list(runnable(page))) for page in MARKED) >= 4


@pytest.mark.parametrize("page", MARKED, ids=name)
def test_the_page_does_as_it_says(page: Path, tmp_path: Path) -> None:
    database = Database(f"sqlite:///{tmp_path / 'felix.sqlite3'}")
    schema.migrate(database)
    database.dispose()

    for block in runnable(page):
        done = run(block.script, tmp_path)
        assert done.returncode == block.exit_code, f"{block.script}\n{done.stdout}{done.stderr}"


def run(script: str, directory: Path) -> subprocess.CompletedProcess[str]:
    """As a person with this environment in their shell."""
    environment = {
        **os.environ,
        "PATH": os.pathsep.join((str(Path(sys.executable).parent), os.environ.get("PATH", os.defpath))),
        "PYTHONPATH": str(ROOT),
        "DATABASE_URL": "sqlite:///felix.sqlite3",
    }
    return subprocess.run(
        ["bash", "-euo", "pipefail", "-c", script],
        cwd=directory,
        env=environment,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
