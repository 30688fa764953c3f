"""The order search: its filters, and the newest matching orders, page by page.

A list is a merge of walks. A walk follows an index that ends in the order's number (of one word, one person, one
state, …) from the newest on, and stops after a page; each step tests the other conditions. The walks are those of the
rarest condition, so that a page costs the same for a thousand orders and for many more.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import ColumnElement, Select, func, or_, select, union_all
from sqlalchemy.orm import InstrumentedAttribute, Session

from common.database.models import CLOSED, Order, OrderLine, OrderState, OrderWord, OutboxRow
from common.finding import search_terms
from common.finding.search_terms import Term
from common.messaging import outbox
from common.order_index import category_word
from common.orders import overdue

SAMPLE = 100  # orders read at a day's edge: numbers follow time, except for orders placed at the same moment
# The assumed number of orders where counting is not worth it.
FEW, SOME, MANY, ALL = 200, 500, 2_000, 10_000_000


@dataclass(frozen=True)
class OrderSearch:
    """The filters of a list of orders. All of them must hold; no filter means all orders.

    `owner_id` is the order's owner, `unowned` finds orders without one; `placed_until` is included. `today` and `zone`
    define the days.
    """

    today: date
    zone: ZoneInfo
    text: str = ""
    states: frozenset[OrderState] = field(default_factory=frozenset)
    person_id: int | None = None
    category_id: int | None = None
    owner_id: int | None = None
    unowned: bool = False
    placed_from: date | None = None
    placed_until: date | None = None
    overdue: bool = False
    undelivered: bool = False


@dataclass(frozen=True)
class NumberRange:
    """The order numbers that a walk covers: from `first`, and below `before`."""

    first: int | None = None
    before: int | None = None


@dataclass(frozen=True)
class Walk:
    """A walk along an index whose rows for `where` are sorted by `number`, an order's number.

    `several`: an order may have several such rows, but appears only once on the page.
    """

    number: InstrumentedAttribute[Any]
    where: tuple[ColumnElement[bool], ...] = ()
    several: bool = False

    def steps(self, tests: Sequence[ColumnElement[bool]], stretch: NumberRange, limit: int) -> Select[int]:
        """The newest numbers in this range that pass the tests."""
        # With few rows, sorting them is best. The "+ 0" stops SQLite from walking along all orders instead.
        number = self.number + 0 if self.several else self.number
        found = select(number.label("id")).where(*self.where)
        if self.number.class_ is not Order and tests:
            found = found.join(Order, Order.id == self.number)
        if stretch.before is not None:
            found = found.where(self.number < stretch.before)
        if stretch.first is not None:
            found = found.where(self.number >= stretch.first)
        found = found.where(*tests)
        if self.several:
            each = found.distinct().subquery()
            return select(each.c.id).order_by(each.c.id.desc()).limit(limit)
        return found.order_by(self.number.desc()).limit(limit)


@dataclass(frozen=True)
class Condition:
    """`walks` together cover every matching order; `weight` estimates their number; `test` tests one order.

    A test is written so that no index fits it: else SQLite, which does not know how rare things are, walks along the
    index of the test, through all orders of whoever serves most of them.
    """

    weight: int
    walks: tuple[Walk, ...]
    test: ColumnElement[bool]


def find(session: Session, wanted: OrderSearch, *, before: int | None = None, limit: int) -> list[int]:
    """The numbers of the newest matching orders below the number `before`; at most `limit`.

    Ask for one more than a page to detect a next page.
    """
    understood = search_terms.read(session, wanted.text)
    if understood is None:
        return []
    conditions = [*(_term_condition(term) for term in understood), *_conditions(wanted)]
    stretch = _number_range(session, wanted, before)
    if stretch is None:
        return []
    drives = min(conditions, key=lambda condition: condition.weight, default=None)
    tests = [condition.test for condition in conditions if condition is not drives]
    tests += _day_tests(wanted)
    walks = drives.walks if drives else (Walk(Order.id),)
    if len(walks) == 1:
        return list(dict.fromkeys(session.scalars(walks[0].steps(tests, stretch, limit))))
    each = [walk.steps(tests, stretch, limit).subquery() for walk in walks]
    merged = union_all(*(select(steps.c.id) for steps in each)).subquery()
    newest = select(merged.c.id).distinct().order_by(merged.c.id.desc()).limit(limit)
    return list(session.scalars(newest))


def number_of(session: Session, text: str) -> int | None:
    """The order whose number is the whole text, with or without a sign before it, if there is one."""
    number = search_terms.order_number(text)
    if number is None:
        return None
    return session.scalar(select(Order.id).where(Order.id == number))


def _term_condition(term: Term) -> Condition:
    walks = [Walk(OrderWord.order_id, (OrderWord.word == word,)) for word in term.words or ()]
    if term.words is None:
        walks.append(Walk(OrderWord.order_id, (search_terms.begins_with(OrderWord.word, term.start),)))
    tests: list[ColumnElement[bool]] = [
        select(OrderWord.word)
        .where(OrderWord.order_id == Order.id, search_terms.begins_with(OrderWord.word, term.start))
        .correlate(Order)
        .exists()
    ]
    if term.people:
        walks += [Walk(Order.id, (Order.person_id == person_id,)) for person_id in term.people]
        tests.append(Order.person_id.in_(term.people))
    if term.car:
        walks.append(Walk(Order.id, (Order.vehicle_id.in_(search_terms.cars_with(term.car)),)))
        tests.append(Order.vehicle_id.in_(search_terms.cars_with(term.car)))
    if term.number is not None:
        walks.append(Walk(Order.id, (Order.id == term.number,)))
        tests.append(Order.id == term.number)
    return Condition(term.weight, tuple(walks), or_(*tests))


def _conditions(wanted: OrderSearch) -> list[Condition]:
    found = []
    if wanted.states:
        walks = tuple(Walk(Order.id, (Order.state == state,)) for state in sorted(wanted.states))
        weight = ALL - 1 if wanted.states & CLOSED else FEW
        found.append(Condition(weight, walks, func.coalesce(Order.state, Order.state).in_(sorted(wanted.states))))
    for column, value in ((Order.person_id, wanted.person_id), (Order.owner_id, wanted.owner_id)):
        if value is not None:
            found.append(Condition(MANY, (Walk(Order.id, (column == value,)),), column + 0 == value))
    if wanted.unowned:
        found.append(_simple_condition(SOME, Order.owner_id.is_(None)))
    if wanted.category_id is not None:
        filed = OrderWord.word == category_word(wanted.category_id)
        test = select(OrderWord.word).where(OrderWord.order_id == Order.id, filed).correlate(Order).exists()
        found.append(Condition(MANY * 2, (Walk(OrderWord.order_id, (filed,)),), test))
    if wanted.overdue:
        waits, line = overdue.order_past_day(wanted.today), overdue.line_past_day(wanted.today)
        has_one = select(OrderLine.id).where(OrderLine.order_id == Order.id, line).correlate(Order).exists()
        walks = (Walk(Order.id, (waits,)), Walk(OrderLine.order_id, (line,), True))
        found.append(Condition(FEW - 1, walks, or_(waits, has_one)))
    if wanted.undelivered:
        walk = Walk(OutboxRow.order_id, (outbox.undelivered(),), True)
        test = (
            select(OutboxRow.id).where(OutboxRow.order_id == Order.id, outbox.undelivered()).correlate(Order).exists()
        )
        found.append(Condition(SOME, (walk,), test))
    return found


def _simple_condition(weight: int, test: ColumnElement[bool]) -> Condition:
    return Condition(weight, (Walk(Order.id, (test,)),), test)


def _day_tests(wanted: OrderSearch) -> list[ColumnElement[bool]]:
    tests: list[ColumnElement[bool]] = []
    if wanted.placed_from is not None:
        tests.append(Order.created_at >= _midnight(wanted.placed_from, wanted.zone))
    if wanted.placed_until is not None:
        tests.append(Order.created_at < _midnight(wanted.placed_until + timedelta(days=1), wanted.zone))
    return tests


def _number_range(session: Session, wanted: OrderSearch, before: int | None) -> NumberRange | None:
    """The days as a range of order numbers, near which a walk begins and ends. None if no order is from these days."""
    first: int | None = None
    if wanted.placed_from is not None:
        since = Order.created_at >= _midnight(wanted.placed_from, wanted.zone)
        first = _edge(session, since, Order.created_at, func.min)
        if first is None:
            return None
    if wanted.placed_until is not None:
        until = Order.created_at < _midnight(wanted.placed_until + timedelta(days=1), wanted.zone)
        last = _edge(session, until, Order.created_at.desc(), func.max)
        if last is None:
            return None
        before = last + 1 if before is None else min(before, last + 1)
    return NumberRange(first, before)


def _midnight(day: date, zone: ZoneInfo) -> datetime:
    return datetime.combine(day, time(), zone)


def _edge(session: Session, side: ColumnElement[bool], nearest: Any, pick: Any) -> int | None:
    sample = select(Order.id).where(side).order_by(nearest).limit(SAMPLE).subquery()
    number: int | None = session.scalar(select(pick(sample.c.id)))
    return number
