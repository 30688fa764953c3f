"""The catalogue as a table: import, export and the built-in list share its columns."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from common.catalogue.details import PartDetails
from common.database.models import Category, Part
from common.errors import InvalidInput
from common.languages import LANGUAGES
from common.spreadsheets.table_reader import Table

COLUMNS = (
    "category_code",
    "category_icon",
    *(f"category_{code}" for code in LANGUAGES),
    "part_code",
    *(f"part_{code}" for code in LANGUAGES),
    "flags",
    "synonyms",
    "unit",
    "positions",
    "attributes",
    *(f"button_{code}" for code in LANGUAGES),
)
ALIASES = {
    "category": "category_code",
    "code": "part_code",
    "icon": "category_icon",
    **{code: f"part_{code}" for code in LANGUAGES},
    **{f"name_{code}": f"part_{code}" for code in LANGUAGES},
}
Cells = dict[str, str]  # column -> its text, never empty


def rows(table: Table) -> list[tuple[int, Cells]]:
    """The non-empty rows: their numbers in the file, and their cells by column.

    Raises:
        InvalidInput: `file_heads`: no column holds a name; `file_empty`: there is no row.
    """
    heads = [_column(head) for head in table[0]] if table else []
    if not any(f"part_{code}" in heads for code in LANGUAGES):
        raise InvalidInput("file_heads")
    found = [(number, _cells(heads, row)) for number, row in enumerate(table[1:], start=2)]
    filled = [(number, cells) for number, cells in found if cells]
    if not filled:
        raise InvalidInput("file_empty")
    return filled


def _column(head: str) -> str:
    name = head.strip().lower().replace(" ", "_")
    return ALIASES.get(name, name)


def _cells(heads: Sequence[str], row: Sequence[str]) -> Cells:
    return {head: cell for head, cell in zip(heads, row, strict=False) if cell and head in COLUMNS}


def split(cell: str) -> list[str]:
    """The values of a cell with several values."""
    return [value.strip() for value in cell.split("|") if value.strip()]


def given_details(cells: Mapping[str, str]) -> PartDetails:
    """The details of the part that the row gives."""
    given: PartDetails = {}
    if "flags" in cells:
        given["flags"] = split(cells["flags"])
    if "unit" in cells:
        given["unit"] = cells["unit"]
    if "positions" in cells:
        given["positions"] = split(cells["positions"])
    if "attributes" in cells:
        given["attributes"] = split(cells["attributes"])
    if short := names(cells, "button"):
        given["button_names"] = short
    return given


def names(cells: Mapping[str, str], what: str) -> dict[str, str]:
    """The names of the part, of its button or of the category, by language."""
    return {code: cells[f"{what}_{code}"] for code in LANGUAGES if cells.get(f"{what}_{code}")}


def export(session: Session) -> list[list[str]]:
    """The catalogue's rows in display order, headings first; importing them changes nothing."""
    live = (Part.archived_at.is_(None), Category.archived_at.is_(None))
    found = session.scalars(
        select(Part)
        .join(Category)
        .options(joinedload(Part.category))
        .where(*live)
        .order_by(Category.position, Category.id, Part.position, Part.id)
    )
    return [list(COLUMNS), *(_row(part) for part in found)]


def _row(part: Part) -> list[str]:
    category = part.category
    return [
        category.code,
        category.icon,
        *(str(category.names.get(code, "")) for code in LANGUAGES),
        part.code,
        *(str(part.names.get(code, "")) for code in LANGUAGES),
        "|".join(part.flags),
        "|".join(synonym.replace("|", "/") for synonym in part.synonyms),
        part.unit,
        "|".join(part.positions),
        "|".join(part.attributes),
        *(part.button_names.get(code, "") for code in LANGUAGES),
    ]
