"""The files of a SQLite database: created for their owner only, whatever the umask."""

from __future__ import annotations

import os
from contextlib import suppress
from pathlib import Path

OWNER_ONLY = 0o600


def create(path: str) -> None:
    """Create an empty database file, if it is not there. SQLite gives `-wal` and `-shm` the mode of the database file.

    A file that cannot be created is left to SQLite, which names the reason.
    """
    if path == ":memory:" or path.startswith("file:"):
        return
    with suppress(OSError):
        os.close(os.open(path, os.O_CREAT | os.O_EXCL | os.O_WRONLY, OWNER_ONLY))


def existing(path: str) -> list[Path]:
    """The database's files that exist."""
    return [file for end in ("", "-wal", "-shm") if (file := Path(f"{path}{end}")).is_file()]
