"""The page of the catalogue: parts with search and filters, and how many lack a name in a language."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from flask import request
from sqlalchemy.orm import Session

from common import i18n
from common.catalogue import categories, details, part_list
from common.catalogue.part_list import PartSearch
from common.database.models import Category, Part
from common.languages import LANGUAGES, NAMES
from common.permissions import Action
from webapp.catalogue.part_form import typed_search
from webapp.web.context import reader
from webapp.web.numbers import requested_number


@dataclass(frozen=True)
class NameGap:
    """The parts without a name in a language, and the address of their list."""

    language: str
    count: int
    href: str


@dataclass(frozen=True)
class PartListPage:
    """The content of the page."""

    wanted: PartSearch
    parts: list[Part]
    after: int | None  # the last part of this page, if there are others
    categories: list[tuple[Category, int]]  # each with the number of its parts
    gaps: list[NameGap]
    may_change: bool

    flags = details.FLAGS

    @property
    def is_sortable(self) -> bool:
        """Whether the list shows one category's parts in their order: only then can they be moved."""
        wanted = self.wanted
        is_filtered = bool(wanted.text or wanted.lacks or wanted.archived)
        return wanted.category_id is not None and not is_filtered and self.may_change

    @property
    def new_part(self) -> str:
        """The address of the form for a new part, in the shown category."""
        chosen = self.wanted.category_id
        return f"/catalogue/parts/new?category={chosen}" if chosen else "/catalogue/parts/new"

    @property
    def next(self) -> str:
        return address(self.wanted, after=self.after) if self.after else ""

    @property
    def start(self) -> str:
        """The address of the first page; empty on it."""
        return address(self.wanted) if self.wanted.after else ""


def read_part_list_page(session: Session) -> PartListPage:
    """The page for the signed-in reader."""
    wanted = _part_query()
    found = part_list.find(session, wanted, i18n.language())
    return PartListPage(
        wanted=wanted,
        parts=found.parts,
        after=found.next,
        categories=categories.all_categories(session),
        gaps=_read_gaps(session, wanted),
        may_change=reader().may(Action.CATALOGUE_CHANGE),
    )


def _part_query() -> PartSearch:
    lacks = request.args.get("lacks", "")
    return PartSearch(
        text=typed_search(),
        category_id=requested_number("category"),
        lacks=lacks if lacks in LANGUAGES else "",
        archived=request.args.get("show") == "archived",
        after=requested_number("after"),
    )


def _read_gaps(session: Session, wanted: PartSearch) -> list[NameGap]:
    """The gaps, except the one that is shown; none in the list of archived parts."""
    if wanted.archived:
        return []
    counts = part_list.missing_name_counts(session)
    return [
        NameGap(NAMES[code], count, address(wanted, lacks=code, q=""))
        for code, count in counts.items()
        if code != wanted.lacks
    ]


def address(wanted: PartSearch, **other: Any) -> str:
    """The list's address with some filters changed."""
    given = {
        "q": wanted.text,
        "category": wanted.category_id,
        "lacks": wanted.lacks,
        "show": "archived" if wanted.archived else "",
        **other,
    }
    query = urlencode({name: value for name, value in given.items() if value})
    return f"/catalogue?{query}" if query else "/catalogue"
