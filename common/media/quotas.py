"""How much is kept of one person in a day, and whether the disk has room for more; asked before a file is read."""

from __future__ import annotations

import logging
import shutil
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

from sqlalchemy import func, select
from sqlalchemy.engine import make_url
from sqlalchemy.orm import Session

from common import clock
from common.database.models import Media, MediaContent
from common.settings.config import StationSettings

log = logging.getLogger(__name__)

SPAN = timedelta(days=1)
MAX_FILES = 200  # of one person within the span, in the chat and at the desk
MAX_BYTES = 300 * 1024 * 1024


def is_used_up(session: Session, person_id: int | None) -> bool:
    """Whether as much of this person was kept within a day as may be; what belongs to no order counts, too."""
    if person_id is None:
        return False
    kept = select(func.count(), func.coalesce(func.sum(MediaContent.size), 0)).select_from(Media)
    kept = kept.join(MediaContent, MediaContent.digest == Media.digest)
    files, size = session.execute(
        kept.where(Media.person_id == person_id, Media.created_at > clock.utcnow() - SPAN)
    ).one()
    return files >= MAX_FILES or size >= MAX_BYTES


def make_has_room(settings: StationSettings) -> Callable[[], bool]:
    """A look at the disk on which files are kept. That of PostgreSQL cannot be seen from here: always true."""
    place, least = files_place(settings), settings.media_min_free_mb << 20

    def has_room() -> bool:
        free = free_bytes(place)
        if free is None or free >= least:
            return True
        log.error("%s has %d MB left, below MEDIA_MIN_FREE_MB: photos and voice notes are not kept", place, free >> 20)
        return False

    return has_room


def files_place(settings: StationSettings) -> Path | None:
    """The directory on whose disk files are kept; None: in a database that may be on another machine."""
    if settings.media_store == "directory":
        return settings.media_dir.absolute()
    url = make_url(settings.database_url)
    return Path(url.database).absolute().parent if url.get_backend_name() == "sqlite" and url.database else None


def free_bytes(place: Path | None) -> int | None:
    """What is free on the disk of this directory, or of the nearest one above it that is there; None: unknown."""
    if place is None:
        return None
    there = next(path for path in (place, *place.parents) if path.exists())
    return shutil.disk_usage(there).free
