"""Search in the database's catalogue, by the rules of `search_index`. This module caches the current index."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from common.catalogue.search_index import SHOWN, Index, IndexEntry
from common.catalogue.search_index import Match as Match
from common.database.models import Category, Part

CatalogueState = tuple[int, ...]
_STAMPS = select(  # built once: every typed word runs it
    select(func.count()).select_from(Part).scalar_subquery(),
    select(func.coalesce(func.sum(Part.stamp), 0)).scalar_subquery(),
    select(func.count()).select_from(Category).scalar_subquery(),
    select(func.coalesce(func.sum(Category.stamp), 0)).scalar_subquery(),
)


@dataclass(frozen=True)
class _CachedIndex:
    state: CatalogueState
    index: Index


_kept = _CachedIndex((), Index(()))


def matches(session: Session, text: str, *, language: str = "", limit: int = SHOWN) -> list[Match]:
    """The live parts that were probably meant, the best first; empty if no part is similar.

    An `exact` match is the only part with exactly this name in any language: the person need not confirm it.
    """
    return _current_index(session).search(text, limit=limit, language=language)


def _current_index(session: Session) -> Index:
    """The index of the catalogue as this session sees it, rebuilt when the stamp of any row has changed."""
    global _kept
    state, kept = _catalogue_state(session), _kept  # another thread may replace it meanwhile
    if kept.state != state:
        kept = _kept = _CachedIndex(state, Index(_entries(session)))
    return kept.index


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
