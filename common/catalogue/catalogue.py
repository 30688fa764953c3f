"""The catalogue: categories and parts. The CSV file is loaded by code, so loading it twice changes nothing."""

from __future__ import annotations

import csv
from collections.abc import Collection, Iterable, Mapping
from pathlib import Path

from sqlalchemy import Select, String, cast, func, insert, select
from sqlalchemy.orm import Session

from common.catalogue.details import DEFAULT_UNIT
from common.database.engine import bump_revision
from common.database.models import Category, Part
from common.languages import LANGUAGES

DEFAULT_FILE = Path(__file__).parent / "catalogue.csv"


def categories(session: Session, limit: int | None = None) -> list[Category]:
    """The live categories in display order."""
    live = select(Category).where(Category.archived_at.is_(None)).order_by(Category.position)
    return list(session.scalars(live.limit(limit)))


def parts_of(session: Session, category_id: int, *, limit: int = 100, offset: int = 0) -> list[Part]:
    """The live parts of a category in display order: one page of them."""
    theirs = _live().where(Part.category_id == category_id).order_by(Part.position, Part.id)
    return list(session.scalars(theirs.limit(limit).offset(offset)))


def count_parts_of(session: Session, category_id: int) -> int:
    """The number of live parts of a category."""
    theirs = _live().where(Part.category_id == category_id).with_only_columns(func.count())
    return session.scalar(theirs) or 0


def live_part(session: Session, part_id: int) -> Part | None:
    """The part, or the one it was merged into, so that old buttons and drafts keep working."""
    part = session.get(Part, part_id)
    if part is not None and part.merged_into_id is not None:
        part = session.get(Part, part.merged_into_id)
    return part if part is not None and part.archived_at is None and part.category.archived_at is None else None


def parts_flagged(session: Session, flag: str) -> list[Part]:
    """The live parts with a flag, in display order."""
    flagged = cast(Part.flags, String).contains(f'"{flag}"', autoescape=True)
    return list(session.scalars(_live().where(flagged).order_by(Category.position, Part.position)))


def live_among(session: Session, part_ids: Collection[int]) -> dict[int, Part]:
    """The live ones of these parts, by id."""
    return {part.id: part for part in session.scalars(_live().where(Part.id.in_(part_ids)))} if part_ids else {}


def live_ids_among(session: Session, part_ids: Collection[int]) -> set[int]:
    """The live ones of these parts."""
    return set(session.scalars(_live().where(Part.id.in_(part_ids)).with_only_columns(Part.id)))


def _live() -> Select[Part]:
    return select(Part).join(Category).where(Part.archived_at.is_(None), Category.archived_at.is_(None))


def load(session: Session, path: Path = DEFAULT_FILE) -> int:
    """Add the file's missing categories and parts. Returns how many parts were added."""
    rows = _read(path)
    known_parts = set(session.scalars(select(Part.code)))
    missing = [(position, row) for position, row in enumerate(rows) if row["part_code"] not in known_parts]
    categories = _add_categories(session, rows)
    if missing:
        session.execute(insert(Part), [_part(row, categories, position) for position, row in missing])
    bump_revision(session)
    return len(missing)


def _read(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as source:
        return list(csv.DictReader(source))


def _add_categories(session: Session, rows: Iterable[dict[str, str]]) -> dict[str, int]:
    """Add the missing categories. Returns the ids of all, by code."""
    known = {category.code: category for category in session.scalars(select(Category))}
    for row in rows:
        if row["category_code"] not in known:
            known[row["category_code"]] = _category(row, len(known))
    session.add_all(known.values())
    session.flush()
    return {code: category.id for code, category in known.items()}


def _names(row: dict[str, str], what: str) -> dict[str, str]:
    """A language without a column of its own has no names yet."""
    return {language: row[f"{what}_{language}"] for language in LANGUAGES if f"{what}_{language}" in row}


def _split(cell: str | None) -> list[str]:
    """The values of a cell; a file without its column has none."""
    return [value for value in (cell or "").split("|") if value]


def _category(row: dict[str, str], position: int) -> Category:
    return Category(
        code=row["category_code"], icon=row["category_icon"], names=_names(row, "category"), position=position
    )


def _part(row: dict[str, str], categories: Mapping[str, int], position: int) -> dict[str, object]:
    return {
        "category_id": categories[row["category_code"]],
        "code": row["part_code"],
        "names": _names(row, "part"),
        "synonyms": _split(row["synonyms"]),
        "flags": _split(row["flags"]),
        "unit": row.get("unit") or DEFAULT_UNIT,
        "positions": _split(row.get("positions")),
        "attributes": _split(row.get("attributes")),
        "button_names": {language: name for language, name in _names(row, "button").items() if name},
        "position": position,
    }
