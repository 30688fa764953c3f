"""A walk along the rows of a catalogue file: the outcome of each, in the catalogue as the rows before left it."""

from __future__ import annotations

import enum
from collections import Counter, defaultdict
from collections.abc import Container, Iterable
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from common import audit
from common.catalogue import categories, details, naming
from common.catalogue.imports import catalogue_file
from common.catalogue.imports.catalogue_file import Cells
from common.database.models import Category, Part
from common.errors import InvalidInput
from common.i18n import worded
from common.permissions import Actor
from common.text import folding


class RowOutcome(enum.StrEnum):
    BAD = "bad"
    ADDED = "added"
    CHANGED = "changed"
    SAME = "same"


@dataclass
class RowVerdict:
    """The outcome of a row, expected or actual. `reason`: the code of an `InvalidInput`; `fields`: the changed ones."""

    number: int
    outcome: RowOutcome
    name: str
    reason: str = ""
    arguments: dict[str, Any] = field(default_factory=dict)
    fields: list[str] = field(default_factory=list)


class ImportRun:
    """The catalogue, and its state after the rows so far. With an actor, the changes are written.

    It takes a few statements, whatever the number of rows: the catalogue is read at once and written at once.

    Args:
        seen: the codes that rows before had.
    """

    def __init__(self, session: Session, actor: Actor | None = None, seen: Iterable[str] = ()) -> None:
        self.session, self.actor = session, actor
        parts = select(Part).order_by(Part.id)
        found = session.scalars(parts.with_for_update() if actor else parts).all()
        self.parts = {part.code: part for part in found}
        self.named: defaultdict[tuple[str, ...], set[str]] = defaultdict(set)
        for part in found:
            if part.archived_at is None:
                self._name(part.code, part.names)
        self.categories: dict[str, Category | None] = {c.code: c for c in session.scalars(select(Category))}
        self.category_names: dict[tuple[str, ...], str] = {}
        for code, category in self.categories.items():
            self._name_category(code, category.names if category else {})
        self.last = Counter({p.category_id: 0 for p in found})
        for part in found:
            self.last[part.category_id] = max(self.last[part.category_id], part.position)
        self.seen = set(seen)
        self.taken = self.seen | self.parts.keys()
        self.numbers: Counter[str] = Counter()
        self.touched: list[tuple[str, Part, int, audit.Changes]] = []

    def _name(self, code: str, names: dict[str, Any]) -> None:
        for words in filter(None, (folding.words(str(name)) for name in names.values())):
            self.named[words].add(code)

    def _name_category(self, code: str, names: dict[str, Any]) -> None:
        for name in names.values():
            self.category_names.setdefault(folding.words(str(name)), code)

    def walk(self, rows: Iterable[tuple[int, Cells]]) -> Iterable[RowVerdict]:
        """The outcome of each row."""
        for number, cells in rows:
            name = next(iter(catalogue_file.names(cells, "part").values()), cells.get("part_code", ""))
            try:
                yield self._row(number, cells, name)
            except InvalidInput as error:
                yield RowVerdict(number, RowOutcome.BAD, name[: naming.MAX_NAME], error.code, error.arguments)

    def _row(self, number: int, cells: Cells, name: str) -> RowVerdict:
        wanted = self._wanted(cells)
        code, part = self._known(cells)
        if code in self.seen:
            raise InvalidInput("row_twice")
        if part is not None and part.archived_at is not None:
            raise InvalidInput("part_archived")
        if part is None and not wanted.get("names"):
            raise InvalidInput("part_name_needed")
        category = self._category(cells, part)
        verdict = (
            RowVerdict(number, RowOutcome.ADDED, name)
            if part is None
            else self._changed(number, name, part, category, wanted)
        )
        code = code or self._fresh_code(wanted["names"])
        self.seen.add(code)
        self.taken.add(code)
        if part is None:
            self._add(code, category, wanted)
        return verdict

    @staticmethod
    def _wanted(cells: Cells) -> dict[str, Any]:
        """The row's values for the part, cleaned."""
        wanted: dict[str, Any] = {}
        if names := catalogue_file.names(cells, "part"):
            wanted["names"] = naming.clean_names(names)
        if "synonyms" in cells:
            wanted["synonyms"] = naming.clean_synonyms(catalogue_file.split(cells["synonyms"]))
        return wanted | details.clean(catalogue_file.given_details(cells))

    def _known(self, cells: Cells) -> tuple[str, Part | None]:
        """The part that the row means. Raises: InvalidInput `code`, `row_ambiguous`."""
        if "part_code" in cells:
            code = naming.clean_code(cells["part_code"])
            return code, self.parts.get(code)
        codes: set[str] = set()
        for name in catalogue_file.names(cells, "part").values():
            codes |= self.named.get(folding.words(name), set())
        if len(codes) > 1:
            raise InvalidInput("row_ambiguous")
        code = next(iter(codes), "")
        return code, self.parts.get(code)

    def _category(self, cells: Cells, part: Part | None) -> str:
        """The code of the row's category, existing or new. Raises: InvalidInput `category`, …"""
        names = catalogue_file.names(cells, "category")
        typed = cells.get("category_code", "")
        code = typed.lower()
        known = code if code in self.categories else None
        for name in (typed, *names.values()):
            known = known or self.category_names.get(folding.words(name)) if name else known
        if known:
            return known
        if not names:
            if part is not None and not typed:
                return part.category.code
            raise InvalidInput("category_unknown")
        cleaned = naming.clean_names(names)
        code = naming.clean_code(typed) if typed else naming.code_of(cleaned, "category")
        free = self._first_free(code, self.categories)
        self._add_category(free, cleaned, cells)
        return free

    def _add_category(self, code: str, names: dict[str, str], cells: Cells) -> None:
        icon = naming.clean_icon(cells.get("category_icon", ""))
        self.categories[code] = None
        self._name_category(code, names)
        if self.actor is not None:
            made = categories.add(self.session, self.actor, names=names, icon=icon, code=code)
            self.categories[code] = made

    def _changed(self, number: int, name: str, part: Part, category: str, wanted: dict[str, Any]) -> RowVerdict:
        for named in wanted.keys() & {"names", "button_names"}:  # a language without a cell stays
            wanted[named] = {**getattr(part, named), **wanted[named]}
        if category != part.category.code:
            wanted["category_id"] = self._id(category)
        changes = audit.differences(part, wanted)
        if changes and self.actor is not None:
            self.touched.append(("part.changed", part, part.version + 1, changes))
            for each, (_before, after) in changes.items():
                setattr(part, each, after)
        return RowVerdict(number, RowOutcome.CHANGED if changes else RowOutcome.SAME, name, fields=sorted(changes))

    def _id(self, category: str) -> int:
        """The category's id; 0 in a preview if the category is new."""
        found = self.categories[category]
        return found.id if found is not None else 0

    def _fresh_code(self, names: dict[str, str]) -> str:
        return self._first_free(naming.code_of(names, "part"), self.taken)

    def _first_free(self, code: str, taken: Container[str]) -> str:
        """As `categories.first_free`; of many rows with one name, each begins where the row before ended."""
        number = max(self.numbers[code], 1)
        while (free := code if number == 1 else f"{code}_{number}") in taken:
            number += 1
        self.numbers[code] = number
        return free

    def _add(self, code: str, category: str, wanted: dict[str, Any]) -> None:
        self._name(code, wanted["names"])
        if self.actor is None:
            return
        category_id = self._id(category)
        self.last[category_id] += 1
        part = Part(
            category_id=category_id,
            code=code,
            position=self.last[category_id],
            **{"synonyms": [], "flags": [], **wanted},
        )
        self.session.add(part)
        self.touched.append(("part.added", part, 1, {}))

    def record(self) -> None:
        """Write the changes, and record each added or changed part in the audit."""
        assert self.actor is not None
        self.session.flush()
        for kind, part, version, changes in self.touched:
            entry = audit.new_entry(
                kind,
                self.actor,
                subject_id=part.id,
                name=worded(part.names),
                version=version,
                arguments={"changes": changes} if changes else {},
            )
            self.session.add(entry)
        self.session.flush()
