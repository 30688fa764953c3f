"""The form of a part, for new parts, changed parts, and parts made of handwritten lines."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from flask import request
from sqlalchemy.orm import Session

from common.catalogue import categories, naming
from common.database.models import Category, Part
from common.languages import LANGUAGES
from webapp.web.numbers import requested_number
from webapp.wording import audit_text

MAX_SEARCH = 80


@dataclass(frozen=True)
class PartForm:
    """The fields of a part's form."""

    names: Mapping[str, str]
    synonyms: Mapping[str, str]  # by language, one per line
    flags: list[str]
    category_id: int | None

    @classmethod
    def of(cls, part: Part) -> PartForm:
        sorted_ = {code: "\n".join(found) for code, found in naming.by_language(part.synonyms).items()}
        return cls(part.names, sorted_, part.flags, part.category_id)

    @classmethod
    def typed(cls) -> PartForm:
        return cls(
            names={code: request.form.get(f"name_{code}", "") for code in LANGUAGES},
            synonyms={code: request.form.get(f"synonyms_{code}", "") for code in LANGUAGES},
            flags=request.form.getlist("flags"),
            category_id=requested_number("category"),
        )

    def fields(self) -> dict[str, Any]:
        """The fields as the service functions take them."""
        lines = [line for text in self.synonyms.values() for line in text.splitlines()]
        return {
            "names": self.names,
            "synonyms": lines,
            "flags": self.flags,
            "category_id": self.category_id or 0,
        }


@dataclass(frozen=True)
class PartFormPage:
    """What every page with the form of a part needs."""

    form: PartForm
    categories: list[Category]  # the categories that can be chosen
    wrong: str

    flags = audit_text.FLAGS


def category_choices(session: Session, chosen: int | None) -> list[Category]:
    """The live categories, and the chosen one."""
    found = [category for category, _count in categories.all_categories(session)]
    return [category for category in found if category.archived_at is None or category.id == chosen]


def typed_search() -> str:
    """The words that the reader searches for."""
    return " ".join(request.values.get("q", "")[:MAX_SEARCH].split())
