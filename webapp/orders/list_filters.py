"""The filters of the list of orders: read from its address, shown as chips, written into addresses of other lists."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from urllib.parse import urlencode

from sqlalchemy.orm import Session

from common.catalogue import catalogue
from common.database.models import Category, OrderState, Person, SavedView
from common.errors import NotFound
from common.finding import order_filters, saved_lists
from common.finding.order_filters import Fields, OrderFilters
from common.i18n import N_, gettext, worded
from common.people import directory
from common.permissions import Action, roles_that
from common.text.numbers import parse_number
from webapp.web.context import desk, reader
from webapp.wording import times
from webapp.wording.words import STATES, word_of

MAX_CHOICES = 300  # the most choices in a filter's list
COMPLAINTS: dict[str, str] = {
    "state": N_("There is no state “%(value)s”."),
    "person": N_("There is nobody with the number “%(value)s”."),
    "owner": N_("There is nobody with the number “%(value)s”."),
    "category": N_("There is no category “%(value)s”."),
    "from": N_("“%(value)s” is not a date."),
    "to": N_("“%(value)s” is not a date."),
    "overdue": N_("“%(value)s” means nothing here."),
    "undelivered": N_("“%(value)s” means nothing here."),
    "before": N_("“%(value)s” is not a place in the list."),
}


@dataclass(frozen=True)
class Chip:
    """One active filter; `without` is the address of the list without it."""

    name: str
    words: str
    without: str
    state: str = ""


@dataclass(frozen=True)
class Choices:
    """The possible values of the filters."""

    people: list[Person]
    staff: list[Person]
    categories: list[Category]


@dataclass(frozen=True)
class ListRequest:
    """The filters that the address holds, and the ones that were left out because they are invalid, in words."""

    filters: OrderFilters
    chips: list[Chip]
    complaints: list[str]
    view: SavedView | None = None
    changed: bool = False  # the filters differ from the view's

    @property
    def fields(self) -> Fields:
        return self.filters.fields

    def link(self, fields: Fields, **more: object) -> str:
        """This list's address with these fields changed; a saved view stays named in it."""
        return address(fields, {**({"view": self.view.id, "changed": 1} if self.view else {}), **more})

    def file(self, ending: str) -> str:
        """The address of the list as a file."""
        path = f"/orders/export.{ending}"
        if self.view and not self.changed:
            return f"{path}?view={self.view.id}"
        return address(self.fields, path=path)

    def older(self, before: int) -> str:
        """The address of the next page."""
        if self.view and not self.changed:
            return f"/orders?view={self.view.id}&before={before}"
        return self.link(self.fields, before=before)

    @property
    def newest(self) -> str:
        """The address of the first page."""
        return self.link(self.fields) if not self.view or self.changed else f"/orders?view={self.view.id}"

    @property
    def is_backwards(self) -> bool:
        first, last = self.filters.wanted.placed_from, self.filters.wanted.placed_until
        return first is not None and last is not None and first > last


def read_list_request(session: Session, given: Mapping[str, Sequence[str]]) -> ListRequest:
    """The fields of an address, or of the view it names. Unknown people and values are left out.

    Raises: NotFound if this reader has no such view.
    """
    view = _saved_view(session, given)
    changed = bool(given.get("changed"))
    found = read_filters(given if view is None or changed else view.wanted)
    more = {"view": view.id, "changed": 1} if view else {}
    held, missing = _chips(session, found.fields, more)
    for name, value in missing:
        found = replace(read_filters(without(found.fields, name, value)), left_out=found.left_out)
    complaints = [complaint(name, value) for name, value in (*found.left_out, *missing)]
    return ListRequest(found, held, complaints, view, changed and view is not None and found.fields != view.wanted)


def _saved_view(session: Session, given: Mapping[str, Sequence[str]]) -> SavedView | None:
    number = next(iter(given.get("view", ())), "")
    if not number:
        return None
    view_id = parse_number(number)
    if view_id is None:
        raise NotFound("view", number)
    return saved_lists.get(session, view_id, reader().person_id)


def read_filters(fields: Mapping[str, Sequence[str]]) -> OrderFilters:
    zone = desk().settings.station_timezone
    return order_filters.read(fields, today=times.today(), zone=zone, reader_id=reader().person_id)


def address(fields: Fields, more: Mapping[str, object] | None = None, path: str = "/orders") -> str:
    """A list's address."""
    query = urlencode([*field_values(fields), *((name, str(value)) for name, value in (more or {}).items() if value)])
    return f"{path}?{query}" if query else path


def field_values(fields: Fields) -> list[tuple[str, str]]:
    """Each filter with each of its values."""
    return [(name, value) for name in order_filters.FIELDS for value in fields.get(name, ())]


def without(fields: Fields, name: str, value: str = "") -> Fields:
    """The fields without one field, or without one of its values."""
    rest = [one for one in fields.get(name, ()) if value and one != value]
    return {**{other: values for other, values in fields.items() if other != name}, **({name: rest} if rest else {})}


def with_state(fields: Fields, state: str) -> Fields:
    """The fields with this state added or removed."""
    if state in fields.get("state", ()):
        return without(fields, "state", state)
    return {**fields, "state": [*fields.get("state", ()), state]}


def _chips(session: Session, fields: Fields, more: Mapping[str, object]) -> tuple[list[Chip], list[tuple[str, str]]]:
    """The active filters, and those that name an unknown person or value."""
    held, missing = [], []
    for name, value in field_values(fields):
        words = _chip_words(session, name, value)
        if words is None:
            missing.append((name, value))
        else:
            state = value if name == "state" else ""
            held.append(Chip(name, words, address(without(fields, name, value), more), state))
    return held, missing


def _chip_words(session: Session, name: str, value: str) -> str | None:
    match name:
        case "q":
            return f"“{value}”"
        case "state":
            return word_of(STATES, OrderState(value))
        case "person" | "owner":
            return _person_words(session, name, value)
        case "category":
            category = session.get(Category, int(value))
            return worded(dict(category.names)) if category else None
        case "from":
            return gettext("from %(day)s") % {"day": times.day(date.fromisoformat(value))}
        case "to":
            return gettext("until %(day)s") % {"day": times.day(date.fromisoformat(value))}
        case "overdue":
            return gettext("overdue")
    return gettext("undelivered")


def _person_words(session: Session, name: str, value: str) -> str | None:
    if value == order_filters.MINE:
        return gettext("mine")
    if value == order_filters.NOBODY:
        return gettext("nobody’s")
    person = session.get(Person, int(value))
    if person is None:
        return None
    template = gettext("of %(name)s") if name == "person" else gettext("served by %(name)s")
    return template % {"name": person.name}


def complaint(name: str, value: str) -> str:
    """The filters that were left out, in the reader's language."""
    return gettext(COMPLAINTS[name]) % {"value": value}


def filter_choices(session: Session, fields: Fields) -> Choices:
    """The present people and categories, and the chosen ones."""
    named = [parse_number(value) for name in ("person", "owner") for value in fields.get(name, ())]
    chosen = {number for number in named if number is not None}
    people = directory.present_or_named(session, chosen, MAX_CHOICES)
    staff = [person for person in people if person.role in roles_that(Action.ORDER_MOVE) or person.id in chosen]
    return Choices(people, staff, catalogue.categories(session, MAX_CHOICES))
