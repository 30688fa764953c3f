"""Placing an order: once however often it is confirmed, with the words it was placed with, within the limits."""

from __future__ import annotations

import pytest
from sqlalchemy import func, select

from common.database.engine import Database
from common.database.models import Event, Grade, LineState, Order, OutboxRow, Person, Unit
from common.errors import InvalidInput
from common.orders import placing
from common.orders.content.quantities import MAX_QUANTITY
from common.orders.placing import WantedLine
from tests.common.orders.placed import PADS, placed
from tests.support.cast import acts


def test_confirming_twice_is_one_order(any_database: Database, mechanic: Person) -> None:
    with any_database.write() as session:
        first, new = placing.place_order(session, key="k", person=mechanic, lines=[PADS], actor=acts(mechanic))
    with any_database.write() as session:
        again, fresh = placing.place_order(session, key="k", person=mechanic, lines=[PADS], actor=acts(mechanic))
    assert (new, fresh) == (True, False)
    assert first.id == again.id
    with any_database.read() as session:
        assert session.scalar(select(func.count()).select_from(Event)) == 1
        assert session.scalar(select(func.count()).select_from(OutboxRow)) == 1


def test_an_order_keeps_the_words_it_was_placed_with(any_database: Database, mechanic: Person) -> None:
    order = placed(any_database, mechanic)
    with any_database.read() as session:
        line = session.get_one(Order, order.id).lines[0]
    assert line.words == PADS.words
    assert (line.position, line.quantity, line.grade, line.state) == (1, 2, Grade.ORIGINAL, LineState.REQUESTED)


def test_an_order_keeps_in_what_each_part_is_counted_and_what_was_said_of_it(
    any_database: Database, mechanic: Person
) -> None:
    oil = WantedLine({"": "масло"}, 500, unit=Unit.MILLILITRE, remark="5w30, Shell")
    with any_database.write() as session:
        order, _ = placing.place_order(session, key="k", person=mechanic, lines=[oil, PADS], actor=acts(mechanic))
    with any_database.read() as session:
        lines = session.get_one(Order, order.id).lines
        assert [(line.quantity, line.unit, line.remark) for line in lines] == [
            (500, Unit.MILLILITRE, "5w30, Shell"),
            (2, Unit.PIECE, ""),
        ]


@pytest.mark.parametrize(
    ("lines", "code"),
    [
        ([], "no_lines"),
        ([PADS] * 51, "too_many_lines"),
        ([WantedLine({"": "x"}, 0)], "quantity"),
        ([WantedLine({"": "x"}, 10_000)], "quantity"),
        ([WantedLine({"": ""})], "words"),
        ([WantedLine({})], "words"),
        ([WantedLine({"": "x" * 201})], "words"),
        ([WantedLine({"": "x"}, remark="x" * 301)], "remark"),
    ],
)
def test_what_is_no_order_is_refused_by_name(
    database: Database, dima: Person, lines: list[WantedLine], code: str
) -> None:
    with pytest.raises(InvalidInput) as refusal, database.write() as session:
        placing.place_order(session, key="k", person=dima, lines=lines, actor=acts(dima))
    assert refusal.value.code == code


def test_a_long_comment_is_refused(database: Database, dima: Person) -> None:
    with pytest.raises(InvalidInput, match="comment"), database.write() as session:
        placing.place_order(session, key="k", person=dima, lines=[PADS], actor=acts(dima), comment="x" * 1001)


def test_the_largest_order_is_placed(any_database: Database, mechanic: Person) -> None:
    widest = WantedLine(
        dict.fromkeys(("ru", "he", "en"), "ц" * placing.MAX_WORDS), MAX_QUANTITY, remark="ц" * placing.MAX_REMARK
    )
    with any_database.write() as session:
        order, _ = placing.place_order(
            session,
            key="k" * 64,
            person=mechanic,
            lines=[widest] * placing.MAX_LINES,
            actor=acts(mechanic),
            comment="ц" * placing.MAX_COMMENT,
        )
        assert len(order.lines) == placing.MAX_LINES
