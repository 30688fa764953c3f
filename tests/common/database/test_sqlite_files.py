"""The files of a station are for their owner only, whatever the umask of the process."""

from __future__ import annotations

import stat
import subprocess
import sys
from pathlib import Path

import pytest

from common.database import sqlite_files
from tests.docs.pages import ROOT

# Opens everything that a process of the station opens, and ends without closing it, so that `-wal` and `-shm` stay.
STATION = """
import os, sys
from pathlib import Path
from sqlalchemy import text
from common.database import schema
from common.database.engine import Database
from common.media.media_store import Directory
database = Database("sqlite:///felix.sqlite3")
schema.migrate(database)
with database.write() as session:
    session.execute(text("UPDATE revision SET value = 7"))
Directory(Path("media")).put("ab" * 32, b"a photo")
os._exit(0)
"""


def modes(directory: Path) -> dict[str, int]:
    return {str(path.relative_to(directory)): stat.S_IMODE(path.stat().st_mode) for path in directory.rglob("*")}


@pytest.mark.parametrize("umask", [0o000, 0o022, 0o077])
def test_what_a_process_creates_is_for_its_owner_only(tmp_path: Path, umask: int) -> None:
    command = [sys.executable, "-c", STATION]
    subprocess.run(command, cwd=tmp_path, env={"PYTHONPATH": str(ROOT)}, umask=umask, check=True, timeout=60)
    assert modes(tmp_path) == {
        "felix.sqlite3": 0o600,
        "felix.sqlite3-wal": 0o600,
        "felix.sqlite3-shm": 0o600,
        "media": 0o700,
        "media/ab": 0o700,
        f"media/ab/{'ab' * 32}": 0o600,
    }


def test_a_file_that_is_there_keeps_its_mode_and_its_content(tmp_path: Path) -> None:
    path = tmp_path / "felix.sqlite3"
    path.write_bytes(b"something")
    path.chmod(0o640)
    sqlite_files.create(str(path))
    assert (path.read_bytes(), modes(tmp_path)) == (b"something", {"felix.sqlite3": 0o640})


@pytest.mark.parametrize("path", [":memory:", "file:felix?mode=memory"])
def test_a_database_in_memory_is_no_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, path: str) -> None:
    monkeypatch.chdir(tmp_path)
    sqlite_files.create(path)
    assert modes(tmp_path) == {}
