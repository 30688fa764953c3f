"""The doctor names the files that other users of the machine can reach, and the command that closes them."""

from __future__ import annotations

from pathlib import Path

import pytest

from common.database.engine import Database
from common.operation.doctor import check_files
from common.operation.findings import Finding, Level
from common.settings.config import StationSettings


@pytest.fixture
def station(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A station's directory, which is also where the commands run."""
    monkeypatch.chdir(tmp_path)
    tmp_path.chmod(0o700)
    return tmp_path


def findings(database: Database, place: Path) -> list[Finding]:
    given = {"DATABASE_URL": "sqlite:///x", "MEDIA_STORE": "directory", "MEDIA_DIR": str(place / "media")}
    with database.read() as session:
        return check_files(session, StationSettings.from_env(given))


def test_a_station_of_its_owner_only_is_fine(database: Database, station: Path) -> None:
    (station / "media").mkdir(mode=0o700)
    (station / ".env").touch(mode=0o600)
    assert [finding.level for finding in findings(database, station)] == [Level.OK]


@pytest.mark.parametrize(
    ("name", "mode", "remedy"),
    [
        ("felix.sqlite3", 0o644, "chmod 0600"),
        ("felix.sqlite3", 0o640, "chmod 0600"),
        ("felix.sqlite3-wal", 0o604, "chmod 0600"),
        (".env", 0o644, "chmod 0600"),
        ("media", 0o755, "chmod 0700"),
        ("", 0o777, "chmod 0700"),
    ],
)
def test_what_is_open_to_others_is_named_with_the_remedy(
    database: Database, station: Path, name: str, mode: int, remedy: str
) -> None:
    path = station / name
    if name == "media":
        path.mkdir()
    elif not path.exists():
        path.touch()
    path.chmod(mode)
    (found,) = findings(database, station)
    assert found.level is Level.FAIL
    assert f"{remedy} {path}" in found.text


@pytest.mark.postgres
def test_a_database_on_a_server_has_no_file_here(any_database: Database, station: Path) -> None:
    assert [finding.level for finding in findings(any_database, station)] == [Level.OK]
