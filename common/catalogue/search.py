"""Search in the database's catalogue, by the rules of `search_index`. This module caches the current index.

Building the index of thousands of parts takes a second. That is done in a thread of its own, never in a reader's
request: meanwhile the index before it serves, without the parts that are gone. A small catalogue's index is always the
newest. A process builds its first index when it starts (`build`).
"""

from __future__ import annotations

import threading
from dataclasses import dataclass

from sqlalchemy import Pool, func, select
from sqlalchemy.orm import Session

from common.catalogue.catalogue import live_ids_among
from common.catalogue.search_index import SHOWN, Index, IndexEntry
from common.catalogue.search_index import Match as Match
from common.database.models import Category, Part
from common.text.work_budget import WorkBudget

BUILT_AT_ONCE = 500  # parts; their index takes some 50 ms
CatalogueState = tuple[int, ...]
_STAMPS = select(
    select(func.count()).select_from(Part).scalar_subquery(),
    select(func.coalesce(func.sum(Part.stamp), 0)).scalar_subquery(),
    select(func.count()).select_from(Category).scalar_subquery(),
    select(func.coalesce(func.sum(Category.stamp), 0)).scalar_subquery(),
)


@dataclass(frozen=True)
class _CachedIndex:
    state: CatalogueState
    index: Index
    of: Pool | None = None  # of the database that it was built from


_kept = _CachedIndex((), Index(()))
_building = threading.Lock()  # held while a thread builds an index


def matches(
    session: Session, text: str, *, language: str = "", limit: int = SHOWN, budget: WorkBudget | None = None
) -> list[Match]:
    """The live parts that were probably meant, the best first; empty if no part is similar.

    An `exact` match is the only part with exactly this name in any language: the person need not confirm it.
    """
    kept, is_current = _current_index(session)
    found = kept.index.search(text, limit=limit, language=language, budget=budget)
    if is_current or not found:
        return found
    live = live_ids_among(session, {match.part_id for match in found})
    return [match for match in found if match.part_id in live]


@dataclass(frozen=True)
class ReadCatalogue:
    """What an index is built from."""

    state: CatalogueState
    entries: list[IndexEntry]
    of: Pool


def read_catalogue(session: Session) -> ReadCatalogue:
    return ReadCatalogue(_catalogue_state(session), _entries(session), _pool(session))


def build(read: ReadCatalogue) -> None:
    """Build the index, as a process does when it starts: nobody has to wait for it later. Needs no database."""
    with _building:
        _keep(read)


def _keep(read: ReadCatalogue) -> _CachedIndex:
    global _kept
    kept = _kept = _CachedIndex(read.state, Index(read.entries), read.of)
    return kept


def _build_and_release(read: ReadCatalogue) -> None:
    try:
        _keep(read)
    finally:
        _building.release()


def _current_index(session: Session) -> tuple[_CachedIndex, bool]:
    """The index of the catalogue as this session sees it; or the one before, while a large one is being built anew."""
    if _kept.of is not _pool(session):
        return _first_index(session), True
    state, kept = _catalogue_state(session), _kept  # another thread may replace it meanwhile
    if kept.state == state:
        return kept, True
    if _building.locked():
        return kept, False
    read = read_catalogue(session)
    if len(read.entries) <= BUILT_AT_ONCE:
        return _keep(read), True
    if _building.acquire(blocking=False):
        threading.Thread(target=_build_and_release, args=(read,), name="search index", daemon=True).start()
    return kept, False


def _first_index(session: Session) -> _CachedIndex:
    """Build the first index of a database; callers that come meanwhile wait for it."""
    with _building:
        read = read_catalogue(session)
        return _kept if (_kept.of, _kept.state) == (read.of, read.state) else _keep(read)


def _pool(session: Session) -> Pool:
    return session.get_bind().engine.pool


def _catalogue_state(session: Session) -> CatalogueState:
    """The catalogue's state: each change gives a row a new random stamp, so no two states have the same sums."""
    return tuple(int(value) for value in session.execute(_STAMPS).one())


def _entries(session: Session) -> list[IndexEntry]:
    live = (
        select(Part.id, Part.names, Part.synonyms, Category.names)
        .join(Category)
        .where(Part.archived_at.is_(None), Category.archived_at.is_(None))
        .order_by(Category.position, Part.position)
    )
    return [
        IndexEntry(part_id, names, tuple(synonyms), tuple(category.values()))
        for part_id, names, synonyms, category in session.execute(live)
    ]
