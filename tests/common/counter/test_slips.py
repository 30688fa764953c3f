"""Paper is a fact: the first of an order, its copies, and what did not come out."""

from __future__ import annotations

from collections.abc import Sequence

import pytest

from common.counter import slips
from common.counter.slips import Width
from common.database.engine import Database
from common.database.models import Event, OutboxRow, Person
from common.errors import Forbidden, InvalidInput, NotFound
from common.events.kinds import EventKind
from tests.support.cast import acts
from tests.webapp.desks import place, state


def printed(database: Database, order_id: int, kind: EventKind = slips.PRINTED) -> Sequence[Event]:
    with database.read() as session:
        return slips.prints(session, [order_id], kind)[order_id]


def press(database: Database, order_ids: Sequence[int], who: Person, key: str) -> None:
    with database.write() as session:
        slips.record_printed(session, acts(who), order_ids, Width.ROLL_80, key=key)


def test_each_pressing_is_one_more_paper_and_a_repeated_one_is_not(
    database: Database, dima: Person, rina: Person
) -> None:
    order = place(database, dima)
    for key in ("first-paper", "first-paper", "second-paper"):
        press(database, [order.id], rina, key)
    assert [(e.arguments["copy"], e.arguments["width"], e.actor_id) for e in printed(database, order.id)] == [
        (1, "80", rina.id),
        (2, "80", rina.id),
    ]


def test_paper_leaves_the_order_as_it_is_and_tells_nobody(database: Database, dima: Person, rina: Person) -> None:
    order = place(database, dima)
    with database.read() as session:
        before = session.query(OutboxRow).count()
    press(database, [order.id], rina, "first-paper")
    assert state(database, order.id).version == order.version
    with database.read() as session:
        assert session.query(OutboxRow).count() == before


def test_what_did_not_come_out_is_said_once_and_counts_as_a_paper(
    database: Database, dima: Person, rina: Person
) -> None:
    order = place(database, dima)
    press(database, [order.id], rina, "first-paper")
    for key in ("first-paper", "first-paper", "never-printed"):
        with database.write() as session:
            slips.record_failed(session, acts(rina), [order.id], key=key)
    press(database, [order.id], rina, "second-paper")
    assert [e.arguments["copy"] for e in printed(database, order.id, slips.FAILED)] == [1]
    assert [e.arguments["copy"] for e in printed(database, order.id)] == [1, 2]


def test_many_are_printed_together_or_not_at_all(database: Database, dima: Person, rina: Person) -> None:
    first, second = place(database, dima), place(database, dima)
    press(database, [second.id, first.id, first.id], rina, "both-papers")
    assert [len(printed(database, order.id)) for order in (first, second)] == [1, 1]
    with pytest.raises(NotFound):
        press(database, [first.id, 999], rina, "other-papers")
    assert len(printed(database, first.id)) == 1


@pytest.mark.parametrize(("order_ids", "code"), [([], "slips_none"), (range(1, slips.MAX_SLIPS + 2), "slips_many")])
def test_none_and_too_many_are_refused(database: Database, rina: Person, order_ids: Sequence[int], code: str) -> None:
    with pytest.raises(InvalidInput, match=code):
        press(database, order_ids, rina, "some-papers")


def test_a_mechanic_prints_nothing(database: Database, dima: Person) -> None:
    order = place(database, dima)
    with pytest.raises(Forbidden):
        press(database, [order.id], dima, "first-paper")
