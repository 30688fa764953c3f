"""Files in a directory: whole or not there, once however often, and nowhere but there."""

from __future__ import annotations

import hashlib
import os
import stat
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from pathlib import Path

import pytest

from common import clock
from common.media import media_store
from common.media.media_store import MIN_AGE, Directory
from common.settings.config import StationSettings

BODY = b"a photo" * 1000
DIGEST = hashlib.sha256(BODY).hexdigest()
LATER = timedelta(seconds=MIN_AGE + 60)


@pytest.fixture
def store(tmp_path: Path) -> Directory:
    return Directory(tmp_path / "media")


def files(store: Directory) -> list[str]:
    return sorted(path.name for path in store.place.rglob("*") if path.is_file())


def test_a_file_lies_under_its_digest_for_us_alone(store: Directory) -> None:
    store.put(DIGEST, BODY)
    path = store.path(DIGEST)

    assert path.read_bytes() == BODY
    assert path.relative_to(store.place).parts == (DIGEST[:2], DIGEST)
    assert stat.S_IMODE(path.stat().st_mode) & 0o007 == 0


def test_twice_is_once(store: Directory) -> None:
    store.put(DIGEST, BODY)
    store.put(DIGEST, BODY)

    assert files(store) == [DIGEST]


def test_many_at_once_are_once(store: Directory) -> None:
    with ThreadPoolExecutor(8) as pool:
        list(pool.map(lambda _: store.put(DIGEST, BODY), range(40)))

    assert files(store) == [DIGEST]
    assert store.path(DIGEST).read_bytes() == BODY


def test_a_file_that_is_not_whole_is_written_anew(store: Directory) -> None:
    """Nothing of ours leaves one; a disk that was full or a copy that was broken off may."""
    store.put(DIGEST, BODY)
    store.path(DIGEST).write_bytes(BODY[:10])
    store.put(DIGEST, BODY)

    assert store.path(DIGEST).read_bytes() == BODY


def test_what_cannot_be_written_leaves_nothing(store: Directory) -> None:
    store.place.mkdir()
    (store.place / DIGEST[:2]).write_text("in the way")
    with pytest.raises(OSError, match=r"."):
        store.put(DIGEST, BODY)

    assert files(store) == [DIGEST[:2]]


@pytest.mark.parametrize("name", ["", "x", "../../etc/passwd", "a" * 63, "A" * 64, "a" * 64 + "\n", "/" + "a" * 63])
def test_nothing_but_a_digest_becomes_a_path(store: Directory, name: str) -> None:
    with pytest.raises(ValueError, match="not a digest"):
        store.path(name)


def test_only_old_files_are_taken_away(store: Directory) -> None:
    store.put(DIGEST, BODY)
    (shelf,) = store.shelves()
    assert store.old(shelf) == []
    with clock.travel(LATER):
        assert store.old(shelf) == [store.path(DIGEST)]
        store.remove(store.old(shelf))
    assert files(store) == []


def test_a_file_that_is_kept_again_meanwhile_is_not_taken_away(store: Directory) -> None:
    store.put(DIGEST, BODY)
    path = store.path(DIGEST)
    old = clock.utcnow().timestamp() - MIN_AGE - 60
    os.utime(path, (old, old))
    found = store.old(store.shelves()[0])
    store.put(DIGEST, BODY)
    store.remove(found)

    assert found == [path]
    assert path.exists()


def test_a_directory_that_is_not_there_has_no_shelves(store: Directory) -> None:
    assert store.shelves() == []


def test_the_setting_says_where(tmp_path: Path) -> None:
    given = {"DATABASE_URL": "sqlite:///x", "MEDIA_DIR": str(tmp_path)}
    chosen = media_store.directory(StationSettings.from_env({**given, "MEDIA_STORE": "directory"}))

    assert media_store.directory(StationSettings.from_env(given)) is None
    assert chosen is not None
    assert chosen.place == tmp_path
