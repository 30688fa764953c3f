"""The list of parts: searched, filtered, page by page, with the count of missing translations."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import ColumnElement, Select, func, select, tuple_
from sqlalchemy.orm import Session, joinedload

from common.catalogue import search
from common.database.models import Category, Part
from common.languages import LANGUAGES
from common.text import folding

PER_PAGE = 50
MOST_FOUND = 200


@dataclass(frozen=True)
class PartSearch:
    """The filters. `lacks`: a language in which a part has no name; `after`: the last part of the previous page."""

    text: str = ""
    category_id: int | None = None
    lacks: str = ""
    archived: bool = False
    after: int | None = None


@dataclass(frozen=True)
class FoundPage:
    parts: list[Part]
    next: int | None = None


def find(session: Session, wanted: PartSearch, language: str = "", per_page: int = PER_PAGE) -> FoundPage:
    """A page of parts in display order, or in a search the best first."""
    statement = _filtered(wanted)
    if wanted.text:
        return FoundPage(_search(session, statement, wanted, language))
    after = session.get(Part, wanted.after) if wanted.after is not None else None
    if after is not None:
        statement = statement.where(tuple_(*_ORDER) > _sort_key(after))
    found = list(session.scalars(statement.order_by(*_ORDER).limit(per_page + 1)))
    return FoundPage(found[:per_page], found[per_page - 1].id if len(found) > per_page else None)


_ORDER = (Category.position, Category.id, Part.position, Part.id)


def by_id(session: Session, *, after: int, archived: bool | None, category_id: int | None, limit: int) -> list[Part]:
    """The parts with a larger id than `after`, by id. A part counts as archived when its category is.

    Args:
        archived: only archived parts, only live ones, or (None) both.
    """
    found = select(Part).join(Category).where(Part.id > after).order_by(Part.id).limit(limit)
    is_live = Part.archived_at.is_(None) & Category.archived_at.is_(None)
    if archived is not None:
        found = found.where(~is_live if archived else is_live)
    if category_id is not None:
        found = found.where(Part.category_id == category_id)
    return list(session.scalars(found))


def _sort_key(part: Part) -> tuple[int, int, int, int]:
    return part.category.position, part.category_id, part.position, part.id


def _filtered(wanted: PartSearch) -> Select[Part]:
    live = (Part.archived_at.is_(None), Category.archived_at.is_(None))
    gone = Part.archived_at.is_not(None) | Category.archived_at.is_not(None)
    statement = select(Part).join(Category).options(joinedload(Part.category))
    statement = statement.where(gone) if wanted.archived else statement.where(*live)
    if wanted.category_id is not None:
        statement = statement.where(Part.category_id == wanted.category_id)
    if wanted.lacks:
        statement = statement.where(_lacks(wanted.lacks))
    return statement


def _lacks(language: str) -> ColumnElement[bool]:
    return func.coalesce(Part.names[language].as_string(), "") == ""


def _search(session: Session, statement: Select[Part], wanted: PartSearch, language: str) -> list[Part]:
    """At most `MOST_FOUND` parts: a reader looks only at the first ones."""
    if wanted.archived:
        asked = set(folding.words(wanted.text))
        archived = session.scalars(statement.order_by(*_ORDER).limit(MOST_FOUND))
        return [part for part in archived if asked <= _all_words(part)]
    ranks = {m.part_id: n for n, m in enumerate(search.matches(session, wanted.text, language=language, limit=60))}
    code = wanted.text.strip().lower()
    found = session.scalars(statement.where(Part.id.in_(ranks) | (Part.code == code)))
    return sorted(found, key=lambda part: ranks.get(part.id, -1))


def _all_words(part: Part) -> set[str]:
    return {word for text in (*part.names.values(), *part.synonyms, part.code) for word in folding.words(str(text))}


def missing_name_counts(session: Session) -> dict[str, int]:
    """The number of live parts without a name, for each language that has any."""
    live = (Part.archived_at.is_(None), Category.archived_at.is_(None))
    sums = [func.count().filter(_lacks(language)) for language in LANGUAGES]
    row = session.execute(select(*sums).select_from(Part).join(Category).where(*live)).one()
    return {language: count for language, count in zip(LANGUAGES, row, strict=True) if count}
