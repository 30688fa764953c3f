"""The filters of a list of orders, read from the fields of an address and written back to them.

Pages, saved views and the API share these fields. An invalid value is left out and reported, never guessed.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from zoneinfo import ZoneInfo

from common.database.models import OrderState
from common.finding.order_search import OrderSearch
from common.finding.search_terms import MAX_TYPED
from common.text.numbers import parse_number

Fields = dict[str, list[str]]
FIELDS = ("q", "state", "person", "category", "owner", "from", "to", "overdue", "undelivered")
MINE, NOBODY = "mine", "nobody"
YES = "1"
EARLIEST, LATEST = date(1990, 1, 1), date(9000, 1, 1)  # days that fit into a datetime in every zone
MOST_LEFT_OUT = 10


@dataclass(frozen=True)
class OrderFilters:
    """`fields`: the valid filters, in the order of `FIELDS`; `left_out`: the invalid ones, as (field, value)."""

    wanted: OrderSearch
    fields: Fields
    left_out: tuple[tuple[str, str], ...] = ()


class _FilterReader:
    """Reads the fields one by one, and collects the valid and the invalid ones."""

    def __init__(self, given: Mapping[str, Sequence[str]]) -> None:
        self.given = given
        self.fields: Fields = {}
        self.left_out: list[tuple[str, str]] = []

    def values(self, name: str) -> list[str]:
        return [value.strip() for value in self.given.get(name, ()) if value.strip()]

    def value(self, name: str) -> str:
        return next(iter(self.values(name)), "")

    def refuse(self, name: str, value: str) -> None:
        self.left_out.append((name, value[:MAX_TYPED]))

    def text(self) -> str:
        typed = " ".join(self.value("q")[:MAX_TYPED].split())
        if typed:
            self.fields["q"] = [typed]
        return typed

    def states(self) -> frozenset[OrderState]:
        known = [value for value in self.values("state") if value in set(OrderState)]
        for value in self.values("state"):
            if value not in known:
                self.refuse("state", value)
        found = frozenset(OrderState(value) for value in known)
        if found:
            self.fields["state"] = [state.value for state in OrderState if state in found]
        return found

    def number(self, name: str) -> int | None:
        value = self.value(name)
        if not value:
            return None
        number = parse_number(value)
        if not number:
            self.refuse(name, value)
            return None
        self.fields[name] = [str(number)]
        return number

    def owner(self, reader_id: int | None) -> tuple[int | None, bool]:
        value = self.value("owner")
        if value == MINE and reader_id is not None:
            self.fields["owner"] = [MINE]
            return reader_id, False
        if value == NOBODY:
            self.fields["owner"] = [NOBODY]
            return None, True
        return self.number("owner"), False

    def day(self, name: str) -> date | None:
        value = self.value(name)
        if not value:
            return None
        try:
            day = date.fromisoformat(value)
        except ValueError:
            day = None
        if day is None or not EARLIEST <= day <= LATEST:
            self.refuse(name, value)
            return None
        self.fields[name] = [day.isoformat()]
        return day

    def switch(self, name: str) -> bool:
        value = self.value(name)
        if value and value != YES:
            self.refuse(name, value)
        if value == YES:
            self.fields[name] = [YES]
        return value == YES


def read(
    given: Mapping[str, Sequence[str]], *, today: date, zone: ZoneInfo, reader_id: int | None = None
) -> OrderFilters:
    """Read the fields. `mine` means the reader: the same address shows each reader their own orders."""
    reading = _FilterReader(given)
    owner_id, unowned = reading.owner(reader_id)
    wanted = OrderSearch(
        today=today,
        zone=zone,
        text=reading.text(),
        states=reading.states(),
        person_id=reading.number("person"),
        category_id=reading.number("category"),
        owner_id=owner_id,
        unowned=unowned,
        placed_from=reading.day("from"),
        placed_until=reading.day("to"),
        overdue=reading.switch("overdue"),
        undelivered=reading.switch("undelivered"),
    )
    fields = {name: reading.fields[name] for name in FIELDS if name in reading.fields}
    return OrderFilters(wanted, fields, tuple(reading.left_out[:MOST_LEFT_OUT]))
