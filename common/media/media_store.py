"""Where the bytes of photos and voice notes are: in the database, or in a directory that both processes see.

In a directory a file lies under its digest, written beside its place, synced and renamed: it is there whole or not at
all, and writing it twice is writing it once.
"""

from __future__ import annotations

import os
import re
import threading
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from uuid import uuid4

from sqlalchemy import select
from sqlalchemy.orm import Session

from common import clock
from common.database import rows
from common.database.models import MediaContent
from common.errors import NotFound
from common.settings.config import StationSettings

DIGEST = re.compile(r"[0-9a-f]{64}")
MIN_AGE = 86_400.0  # seconds for which a file nobody refers to may still be waiting for its row


@dataclass(frozen=True)
class FileContent:
    """What a file holds. `stored_body` None: it is in the directory already. `thumbnail` None: not a picture."""

    digest: str
    type: str  # as sniffed
    size: int  # bytes
    body: bytes | None
    thumbnail: bytes | None


def store(session: Session, content: FileContent) -> None:
    """Once, however often it was sent."""
    row = {**asdict(content), "created_at": clock.utcnow()}
    session.execute(rows.insert(session, MediaContent).values(row).on_conflict_do_nothing())


def stored_body(session: Session, digest: str) -> bytes | None:
    """What is kept; None: it lies in the directory.

    Raises: NotFound.
    """
    rows: Sequence[bytes | None] = session.scalars(select(MediaContent.body).where(MediaContent.digest == digest)).all()
    if not rows:
        raise NotFound("content", digest)
    return rows[0]


class Directory:
    """Files by digest. What is asked for by anything else is not there."""

    def __init__(self, place: Path) -> None:
        self.place = place.absolute()
        self._lock = threading.Lock()  # what is found to be there is not taken away at that moment

    def path(self, digest: str) -> Path:
        """Where the file of this digest is, if it is.

        Raises:
            ValueError: that is no digest, and shall not become a path.
        """
        if not DIGEST.fullmatch(digest):
            raise ValueError("not a digest")
        return self.place / digest[:2] / digest

    def put(self, digest: str, body: bytes) -> None:
        """Keep it. A file that is there whole is left as it is, and counts as new.

        Raises: OSError.
        """
        path = self.path(digest)
        if self._is_there(path, len(body)):
            return
        path.parent.mkdir(mode=0o750, parents=True, exist_ok=True)
        part = path.with_name(f"{digest}-{uuid4().hex}.part")
        try:
            _write(part, body)
            part.replace(path)
            _sync(path.parent)
        finally:
            part.unlink(missing_ok=True)

    def _is_there(self, path: Path, size: int) -> bool:
        with self._lock:
            there = path.exists() and path.stat().st_size == size
            if there:
                os.utime(path)
            return there

    def shelves(self) -> list[Path]:
        """The directories that the files lie in."""
        return sorted(path for path in self.place.glob("[0-9a-f][0-9a-f]") if path.is_dir())

    def old(self, shelf: Path) -> list[Path]:
        """A shelf's files, half-written ones too, that are not so new that their row may still be on its way."""
        return [path for path in shelf.iterdir() if path.is_file() and _is_old(path)]

    def remove(self, files: Sequence[Path]) -> None:
        """Take old files away; not what was put there again meanwhile."""
        for path in files:
            with self._lock:
                if path.exists() and _is_old(path):
                    path.unlink()


def _is_old(path: Path) -> bool:
    return clock.utcnow().timestamp() - path.stat().st_mtime > MIN_AGE


def _write(path: Path, body: bytes) -> None:
    with path.open("xb") as file:
        os.fchmod(file.fileno(), 0o640)
        file.write(body)
        file.flush()
        os.fsync(file.fileno())


def _sync(directory: Path) -> None:
    """The name of a file is its directory's: after a power cut it is only there when this was synced, too."""
    handle = os.open(directory, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def directory(settings: StationSettings) -> Directory | None:
    """Where new files go; None: into the database."""
    return Directory(settings.media_dir) if settings.media_store == "directory" else None
