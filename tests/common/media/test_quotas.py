"""What one person may have kept within a day, and the look at the disk."""

from __future__ import annotations

from pathlib import Path

import pytest
from sqlalchemy.orm import Session

from common import clock
from common.database.engine import Database
from common.database.models import Media, MediaContent, MediaState, Person
from common.media import quotas
from common.settings.config import WebSettings
from tests.support.cast import DIMA, NOA, hire
from tests.webapp.desks import environment


@pytest.fixture
def author(any_database: Database) -> Person:
    return hire(any_database, DIMA)


def keep(session: Session, person: Person, count: int, size: int = 1, kind: str = "photo") -> None:
    """Kept files of this person, of so many bytes each, that belong to no order."""
    now = clock.utcnow()
    session.add(MediaContent(digest=f"{person.id}-{size}", type="image/jpeg", size=size, created_at=now))
    session.flush()
    for _ in range(count):
        row = Media(person_id=person.id, kind=kind, state=MediaState.KEPT, due_at=now, created_at=now)
        row.digest = f"{person.id}-{size}"
        session.add(row)


@pytest.mark.parametrize(
    ("count", "size"), [(quotas.MAX_FILES, 1), (20, quotas.MAX_BYTES // 20), (1, quotas.MAX_BYTES)]
)
def test_files_and_bytes_of_a_person_are_used_up_for_a_day_and_nobody_elses(
    any_database: Database, author: Person, count: int, size: int
) -> None:
    noa = hire(any_database, NOA)
    with any_database.write() as session:
        keep(session, author, count, size, kind="document")
    with any_database.read() as session:
        assert (quotas.is_used_up(session, author.id), quotas.is_used_up(session, noa.id)) == (True, False)
    with clock.travel(quotas.SPAN), any_database.read() as session:
        assert not quotas.is_used_up(session, author.id)


def test_a_file_less_and_a_byte_less_is_no_end(any_database: Database, author: Person) -> None:
    with any_database.write() as session:
        keep(session, author, quotas.MAX_FILES - 1)
    with any_database.read() as session:
        assert not quotas.is_used_up(session, author.id)


@pytest.mark.parametrize(("least", "has_room"), [("0", True), ("1", True), ("1000000", False)])
@pytest.mark.parametrize("store", ["database", "directory"])
def test_the_disk_of_the_files_is_looked_at(
    tmp_path: Path, store: str, least: str, has_room: bool, caplog: pytest.LogCaptureFixture
) -> None:
    given = {"MEDIA_STORE": store, "MEDIA_DIR": str(tmp_path / "not" / "yet"), "MEDIA_MIN_FREE_MB": least}
    settings = WebSettings.from_env(environment(f"sqlite:///{tmp_path}/felix.sqlite3", **given))
    assert quotas.make_has_room(settings)() is has_room
    assert ("MEDIA_MIN_FREE_MB" in caplog.text) is not has_room


def test_the_disk_of_postgresql_cannot_be_seen() -> None:
    settings = WebSettings.from_env(environment("postgresql://felix@elsewhere/felix", MEDIA_MIN_FREE_MB="1000000"))
    assert quotas.make_has_room(settings)()
