"""Search in the database's catalogue, by the rules of `search_index`. The process keeps the current index."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session

from common.catalogue.built import BuiltFromCatalogue
from common.catalogue.catalogue import live_ids_among
from common.catalogue.search_index import SHOWN, Index, IndexEntry
from common.catalogue.search_index import Match as Match
from common.database.models import Category, Part
from common.text.work_budget import WorkBudget


def matches(
    session: Session, text: str, *, language: str = "", limit: int = SHOWN, budget: WorkBudget | None = None
) -> list[Match]:
    """The live parts that were probably meant, the best first; empty if no part is similar.

    An `exact` match is the only part with exactly this name in any language: the person need not confirm it.
    """
    index, is_current = INDEX.current(session)
    found = index.search(text, limit=limit, language=language, budget=budget)
    if is_current or not found:
        return found
    live = live_ids_among(session, {match.part_id for match in found})
    return [match for match in found if match.part_id in live]


def _entries(session: Session) -> Sequence[IndexEntry]:
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


INDEX = BuiltFromCatalogue("search index", _entries, Index)
