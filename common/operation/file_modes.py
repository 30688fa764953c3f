"""Which files of the station other users of this machine could read or replace."""

from __future__ import annotations

import stat
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy.orm import Session

from common.database import sqlite_files
from common.settings.config import StationSettings

OTHERS, OTHERS_WRITE = 0o077, 0o022
ENVIRONMENT_FILES = (Path(".env"), Path("/etc/felix-hub.env"))  # where the how-to pages put the settings


@dataclass(frozen=True)
class Exposed:
    """A file or directory that is open to others, and the mode it should have."""

    path: Path
    wanted: int

    @property
    def mode(self) -> str:
        """The wanted mode as `chmod` takes it."""
        return f"{self.wanted:04o}"


def exposed(session: Session, settings: StationSettings) -> list[Exposed]:
    """The station's files and directories that are open to others, as far as this process can look at them."""
    found = (one for one, forbidden in _watched(session, settings) if _mode(one.path) & forbidden)
    return sorted(found, key=lambda one: one.path)


def _watched(session: Session, settings: StationSettings) -> Iterator[tuple[Exposed, int]]:
    """What is looked at, and the bits of its mode that must not be set."""
    for path in ENVIRONMENT_FILES:
        yield Exposed(path.absolute(), 0o600), OTHERS
    if settings.media_store == "directory":
        yield Exposed(settings.media_dir.absolute(), 0o700), OTHERS
    if (database := database_file(session)) is not None:
        yield Exposed(database.parent, 0o700), OTHERS_WRITE
        for file in sqlite_files.existing(str(database)):
            yield Exposed(file, 0o600), OTHERS


def database_file(session: Session) -> Path | None:
    """The database's file; None where the database is a server or lives in memory."""
    url = session.get_bind().engine.url
    return Path(url.database).absolute() if url.get_backend_name() == "sqlite" and url.database else None


def _mode(path: Path) -> int:
    """The permission bits; 0 for what is not there or cannot be looked at."""
    try:
        return stat.S_IMODE(path.stat().st_mode)
    except OSError:
        return 0
