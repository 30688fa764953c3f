"""What is built from the whole catalogue and kept until it changes: the index of the search, the names of the parts.

Building it for thousands of parts takes a second. That is done in a thread of its own, never in a reader's request:
meanwhile the value before it serves. A small catalogue's value is always the newest.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar

from sqlalchemy import Pool, func, select
from sqlalchemy.orm import Session

from common.database.models import Category, Part

BUILT_AT_ONCE = 500  # parts; their index takes some 100 ms
CatalogueState = tuple[int, ...]
_STAMPS = select(
    select(func.count()).select_from(Part).scalar_subquery(),
    select(func.coalesce(func.sum(Part.stamp), 0)).scalar_subquery(),
    select(func.count()).select_from(Category).scalar_subquery(),
    select(func.coalesce(func.sum(Category.stamp), 0)).scalar_subquery(),
)
R = TypeVar("R")
T = TypeVar("T")


@dataclass(frozen=True)
class ReadCatalogue(Generic[R]):
    """The parts that a value is built from, and the database they were read from."""

    state: CatalogueState
    parts: Sequence[R]
    of: Pool


@dataclass(frozen=True)
class _Kept(Generic[R, T]):
    value: T
    parts: Sequence[R]
    state: CatalogueState
    of: Pool


class BuiltFromCatalogue(Generic[R, T]):
    """One value of a process, built by `build` from what `read` finds in the database."""

    def __init__(self, name: str, read: Callable[[Session], Sequence[R]], build: Callable[[Sequence[R]], T]) -> None:
        self._name, self._read, self._build = name, read, build
        self._kept: _Kept[R, T] | None = None
        self._building = threading.Lock()  # held while a thread builds the value

    def read(self, session: Session) -> ReadCatalogue[R]:
        return ReadCatalogue(_catalogue_state(session), self._read(session), _pool(session))

    def build(self, read: ReadCatalogue[R]) -> None:
        """Build the value, as a process does when it starts: nobody has to wait for it later. Needs no database."""
        with self._building:
            self._keep(read)

    def current(self, session: Session) -> tuple[T, bool]:
        """The value for the catalogue as this session sees it, and True; while a large one is built, the one before."""
        kept = self._kept  # another thread may replace it meanwhile
        if kept is None or kept.of is not _pool(session):
            return self._first(session), True
        if kept.state == _catalogue_state(session):
            return kept.value, True
        if self._building.locked():
            return kept.value, False
        read = self.read(session)
        if len(read.parts) <= BUILT_AT_ONCE:
            return self._keep(read), True
        if self._building.acquire(blocking=False):
            threading.Thread(target=self._build_and_release, args=(read,), name=self._name, daemon=True).start()
        return kept.value, False

    def _keep(self, read: ReadCatalogue[R]) -> T:
        """Keep the value for this state. A change that the value does not depend on needs no other value."""
        kept = self._kept
        value = kept.value if kept and kept.parts == read.parts else self._build(read.parts)
        self._kept = _Kept(value, read.parts, read.state, read.of)
        return value

    def _build_and_release(self, read: ReadCatalogue[R]) -> None:
        try:
            self._keep(read)
        finally:
            self._building.release()

    def _first(self, session: Session) -> T:
        """Build the first value of a database; callers that come meanwhile wait for it."""
        with self._building:
            read, kept = self.read(session), self._kept
            return kept.value if kept and (kept.of, kept.state) == (read.of, read.state) else self._keep(read)


def _pool(session: Session) -> Pool:
    return session.get_bind().engine.pool


def _catalogue_state(session: Session) -> CatalogueState:
    """The catalogue's state: each change gives a row a new random stamp, so no two states have the same sums."""
    return tuple(int(value) for value in session.execute(_STAMPS).one())
