"""The form of a part, for new parts, changed parts, and parts made of handwritten lines."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from flask import request
from sqlalchemy.orm import Session

from common.catalogue import categories, details, naming
from common.database.models import Category, Part
from common.languages import LANGUAGES
from webapp.web.numbers import requested_number

MAX_SEARCH = 80


@dataclass(frozen=True)
class PartForm:
    """The fields of a part's form."""

    names: Mapping[str, str]
    synonyms: Mapping[str, str]  # by language, one per line
    category_id: int | None
    flags: Sequence[str] = ()
    unit: str = details.DEFAULT_UNIT
    positions: Sequence[str] = ()
    attributes: Sequence[str] = ()
    button_names: Mapping[str, str] = field(default_factory=dict)

    @classmethod
    def of(cls, part: Part) -> PartForm:
        sorted_ = {code: "\n".join(found) for code, found in naming.by_language(part.synonyms).items()}
        return cls(
            part.names,
            sorted_,
            part.category_id,
            part.flags,
            part.unit,
            part.positions,
            part.attributes,
            part.button_names,
        )

    @classmethod
    def typed(cls) -> PartForm:
        return cls(
            names={code: request.form.get(f"name_{code}", "") for code in LANGUAGES},
            synonyms={code: request.form.get(f"synonyms_{code}", "") for code in LANGUAGES},
            category_id=requested_number("category"),
            flags=request.form.getlist("flags"),
            unit=request.form.get("unit", ""),
            positions=request.form.getlist("positions"),
            attributes=request.form.getlist("attributes"),
            button_names={code: request.form.get(f"button_{code}", "") for code in LANGUAGES},
        )

    def fields(self) -> dict[str, Any]:
        """The fields as the service functions take them."""
        lines = [line for text in self.synonyms.values() for line in text.splitlines()]
        return {
            "names": self.names,
            "synonyms": lines,
            "category_id": self.category_id or 0,
            "flags": self.flags,
            "unit": self.unit,
            "positions": self.positions,
            "attributes": self.attributes,
            "button_names": self.button_names,
        }


@dataclass(frozen=True)
class PartFormPage:
    """What every page with the form of a part needs."""

    form: PartForm
    categories: list[Category]  # the categories that can be chosen
    wrong: str

    flags = details.FLAGS
    units = details.UNITS
    positions = details.POSITIONS
    attributes = details.ATTRIBUTES
    most_button_name = details.MAX_BUTTON_NAME


def category_choices(session: Session, chosen: int | None) -> list[Category]:
    """The live categories, and the chosen one."""
    found = [category for category, _count in categories.all_categories(session)]
    return [category for category in found if category.archived_at is None or category.id == chosen]


def typed_search() -> str:
    """The words that the reader searches for."""
    return " ".join(request.values.get("q", "")[:MAX_SEARCH].split())
