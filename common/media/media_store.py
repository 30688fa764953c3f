"""Stores the bytes of photos and voice notes: in the database, or in a directory that both processes see.

In a directory, a file's name is its digest. The file is written under another name, synced and renamed: it exists whole
or not at all, and writing it again has no effect.
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
MIN_AGE = 86_400.0  # seconds for which an unreferenced file may still be waiting for its row


@dataclass(frozen=True)
class FileContent:
    """A file's content. `stored_body` None: it is in the directory already. `thumbnail` None: not a picture."""

    digest: str
    type: str  # detected from the bytes
    size: int  # bytes
    body: bytes | None
    thumbnail: bytes | None


def store(session: Session, content: FileContent) -> None:
    """Store the content once, however often it is sent."""
    row = {**asdict(content), "created_at": clock.utcnow()}
    session.execute(rows.insert(session, MediaContent).values(row).on_conflict_do_nothing())


def stored_body(session: Session, digest: str) -> bytes | None:
    """The bytes to store in the database; None: they are in the directory.

    Raises: NotFound.
    """
    rows: Sequence[bytes | None] = session.scalars(select(MediaContent.body).where(MediaContent.digest == digest)).all()
    if not rows:
        raise NotFound("content", digest)
    return rows[0]


class Directory:
    """Files by digest. A name that is not a digest is never found."""

    def __init__(self, place: Path) -> None:
        self.place = place.absolute()
        self._lock = threading.Lock()  # a file found in place is not removed before it is renewed

    def path(self, digest: str) -> Path:
        """The path of the file with this digest, if it exists.

        Raises:
            ValueError: it is not a digest, and must not become a path.
        """
        if not DIGEST.fullmatch(digest):
            raise ValueError("not a digest")
        return self.place / digest[:2] / digest

    def put(self, digest: str, body: bytes) -> None:
        """Store a file. A whole existing file is kept, and counts as new.

        Raises: OSError.
        """
        path = self.path(digest)
        if self._is_there(path, len(body)):
            return
        for directory in (self.place, path.parent):
            directory.mkdir(mode=0o700, parents=True, exist_ok=True)
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
        """The directories that hold the files."""
        return sorted(path for path in self.place.glob("[0-9a-f][0-9a-f]") if path.is_dir())

    def old(self, shelf: Path) -> list[Path]:
        """A shelf's files, half-written ones included, that are too old for their row to be still on its way."""
        return [path for path in shelf.iterdir() if path.is_file() and _is_old(path)]

    def remove(self, files: Sequence[Path]) -> None:
        """Remove old files, except those stored again meanwhile."""
        for path in files:
            with self._lock:
                if path.exists() and _is_old(path):
                    path.unlink()


def _is_old(path: Path) -> bool:
    return clock.utcnow().timestamp() - path.stat().st_mtime > MIN_AGE


def _write(path: Path, body: bytes) -> None:
    with path.open("xb") as file:
        os.fchmod(file.fileno(), 0o600)
        file.write(body)
        file.flush()
        os.fsync(file.fileno())


def _sync(directory: Path) -> None:
    """Sync a directory: it holds its files' names, which survive a power cut only after that."""
    handle = os.open(directory, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def directory(settings: StationSettings) -> Directory | None:
    """The directory for new files; None: they go into the database."""
    return Directory(settings.media_dir) if settings.media_store == "directory" else None
