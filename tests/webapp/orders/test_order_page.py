"""One order's page: lines, moves, timeline; and what happens to nonsense."""

from __future__ import annotations

import pytest
from sqlalchemy import event, select

from common import clock
from common.catalogue import catalogue
from common.database.engine import Database
from common.database.models import (
    Additives,
    Event,
    Grade,
    Order,
    OrderState,
    OutboxRow,
    OutboxState,
    Part,
    Person,
    ReasonCode,
    Via,
)
from common.orders.moves import Move
from common.orders.placing import WantedLine
from common.talk import chat, notes, questions
from tests.support.cast import acts
from tests.support.days import tomorrow
from tests.support.seed import SMALL
from tests.webapp.desks import line, move, place, state
from tests.webapp.visitor import Visitor

TOMORROW = tomorrow().isoformat()
LONG_AGO = "2020-01-01"


def press(visitor: Visitor, order_id: int, what: str, version: int = 1, **fields: str) -> tuple[int, str]:
    answer = visitor.post(f"/orders/{order_id}/moves", {"move": what, "version": str(version), **fields})
    return answer.status_code, answer.text


def test_the_page_tells_the_whole_order(manager: Visitor, database: Database, dima: Person, avi: Person) -> None:
    order = place(database, dima, line("oil filter", 3, Grade.AFTERMARKET), comment="left side")
    move(database, order.id, Move.TAKE, avi)
    text = manager.text(f"/orders/{order.id}")
    for wanted in ("3 ×", "oil filter", "aftermarket", "left side", "12-345-67", "Dima", "Русский"):
        assert wanted in text
    assert "<bdi>Dima</bdi> placed the order" in text
    assert "<bdi>Avi</bdi> took it" in text
    assert "Order card" in text


def test_an_order_expressly_without_additives_says_so_in_the_readers_language(
    manager: Visitor, database: Database, dima: Person
) -> None:
    without, unsaid = place(database, dima), place(database, dima)
    with database.write() as session:
        session.get_one(Order, without.id).additives = Additives.WITHOUT
    assert "No additives" in manager.text(f"/orders/{without.id}")
    assert "No additives" not in manager.text(f"/orders/{unsaid.id}")


def test_it_goes_all_the_way_to_the_mechanics_hands(manager: Visitor, database: Database, dima: Person) -> None:
    order = place(database, dima)
    for version, what in enumerate((Move.TAKE, Move.READY, Move.ISSUE), start=1):
        assert press(manager, order.id, what, version)[0] == 303
    assert state(database, order.id).state is OrderState.ISSUED


def test_waiting_wants_a_reason_and_takes_a_day(
    manager: Visitor, database: Database, dima: Person, avi: Person
) -> None:
    order = place(database, dima)
    move(database, order.id, Move.TAKE, avi)
    status, text = press(manager, order.id, Move.WAIT, 2, reason="  ")
    assert (status, state(database, order.id).state) == (400, OrderState.IN_WORK)
    assert "Give the reason" in text
    status, text = press(manager, order.id, Move.WAIT, 2, reason="from Haifa")
    assert (status, state(database, order.id).state) == (400, OrderState.IN_WORK)
    assert "Say until which day" in text
    assert "from Haifa" in text
    assert press(manager, order.id, Move.WAIT, 2, reason="from Haifa", expected_on=TOMORROW)[0] == 303
    text = manager.text(f"/orders/{order.id}")
    assert "from Haifa" in text
    assert "until tomorrow" in text


@pytest.mark.parametrize("day", ["soon", LONG_AGO, "2026-13-45", "9" * 500])
def test_a_day_that_is_none_is_refused_and_the_reason_is_kept(
    manager: Visitor, database: Database, dima: Person, avi: Person, day: str
) -> None:
    order = place(database, dima)
    move(database, order.id, Move.TAKE, avi)
    status, text = press(manager, order.id, Move.WAIT, 2, reason="from Haifa", expected_on=day)
    assert status == 400
    assert "from Haifa" in text
    assert state(database, order.id).state is OrderState.IN_WORK


def test_a_reason_with_one_tap_is_read_in_the_mechanics_language(
    manager: Visitor, database: Database, dima: Person, avi: Person
) -> None:
    order = place(database, dima)
    move(database, order.id, Move.TAKE, avi)
    assert press(manager, order.id, Move.WAIT, 2, offered="reason.supplier", day_unknown="1", reason="")[0] == 303
    waiting = state(database, order.id)
    assert (waiting.reason, waiting.expected_on) == ("reason.supplier", None)
    text = manager.text(f"/orders/{order.id}")
    assert "the day is not known yet" in text
    assert "Ordered from the supplier" in text
    assert press(manager, order.id, Move.WAIT, 3, offered="reason.of_mine", day_unknown="1")[0] == 400


def test_a_stale_press_changes_nothing_says_what_happened_and_loses_no_word(
    manager: Visitor, database: Database, dima: Person, rina: Person
) -> None:
    order = place(database, dima)
    move(database, order.id, Move.TAKE, rina)
    status, text = press(manager, order.id, Move.CANCEL, 1, reason="wrong car entirely")
    assert status == 409
    assert "<bdi>Rina</bdi> took it" in text
    assert "wrong car entirely" in text
    assert state(database, order.id).state is OrderState.IN_WORK


def test_a_move_that_is_not_allowed_from_here_is_refused(manager: Visitor, database: Database, dima: Person) -> None:
    order = place(database, dima)
    assert press(manager, order.id, Move.ISSUE)[0] == 409
    assert state(database, order.id).version == 1


@pytest.mark.parametrize(
    ("fields", "status"),
    [
        ({}, 400),
        ({"move": "explode", "version": "1"}, 400),
        ({"move": "take"}, 400),
        ({"move": "take", "version": "x"}, 400),
        ({"move": "take", "version": "-1"}, 400),
        ({"move": "take", "version": "9" * 40}, 400),
        ({"move": "take", "version": "٣"}, 400),
        ({"move": "cancel", "version": "1", "reason": "x" * 301}, 400),
        ({"move": "cancel", "version": "1", "reason": "a\0b"}, 400),
        ({"move": "cancel", "version": "1", "reason": "x" * 70_000}, 413),
    ],
    ids=str,
)
def test_nonsense_is_refused_and_changes_nothing(
    manager: Visitor, database: Database, dima: Person, fields: dict[str, str], status: int
) -> None:
    order = place(database, dima)
    answer = manager.post(f"/orders/{order.id}/moves", fields)
    assert answer.status_code == status
    assert "Traceback" not in answer.text
    assert state(database, order.id).version == 1


@pytest.mark.parametrize("number", ["0", "999999", str(2**53 - 1), str(2**63), "9" * 300, "-1", "x", "1.5", "%00"])
def test_an_order_that_is_not_there_is_not_found(manager: Visitor, number: str) -> None:
    assert manager.get(f"/orders/{number}").status_code == 404
    assert manager.post(f"/orders/{number}/moves", {"move": "take", "version": "1"}).status_code == 404


def test_the_move_is_on_the_timeline_with_its_author_and_place(
    manager: Visitor, database: Database, dima: Person, avi: Person
) -> None:
    order = place(database, dima)
    press(manager, order.id, Move.TAKE)
    with database.read() as session:
        newest = session.scalars(select(Event).where(Event.order_id == order.id).order_by(Event.id.desc())).first()
        assert newest is not None
        assert (newest.kind, newest.actor_id, newest.via.value) == ("order.taken", avi.id, "desk")


def test_the_car_remembers_its_last_orders(manager: Visitor, database: Database, dima: Person) -> None:
    old = place(database, dima, line("spark plug"))
    new = place(database, dima)
    text = manager.text(f"/orders/{new.id}")
    assert "This car before" in text
    assert "spark plug" in text
    assert "This car before" not in manager.text(f"/orders/{old.id}")


def test_a_line_says_when_the_car_had_the_same_part_before(manager: Visitor, database: Database, dima: Person) -> None:
    with database.write() as session:
        catalogue.load(session, SMALL)
        part = session.scalars(select(Part)).first()
        assert part is not None
        again = WantedLine(dict(part.names), part_id=part.id)
    old, other, new = place(database, dima, again), place(database, dima, line("bolt")), place(database, dima, again)
    text = manager.text(f"/orders/{new.id}")
    assert f'href="/orders/{old.id}#line-' in text
    assert f'href="/orders/{other.id}#line-' not in text
    assert "this car had it before" not in manager.text(f"/orders/{old.id}")


def test_a_vin_tells_the_make_and_the_year(manager: Visitor, database: Database, dima: Person) -> None:
    order = place(database, dima)
    with database.write() as session:
        vehicle = session.get_one(Order, order.id).vehicle
        assert vehicle is not None
        vehicle.vin = "1G4AH59H45G118341"
    text = " ".join(manager.text(f"/orders/{order.id}").split())
    assert '<dt>Make</dt><dd><bdi dir="ltr">Buick, 2005</bdi></dd>' in text


def test_the_inside_is_what_the_page_holds(manager: Visitor, database: Database, dima: Person) -> None:
    order = place(database, dima)
    assert "<html" not in manager.text(f"/orders/{order.id}/live")


def test_the_timeline_tells_before_and_after_and_what_was_sent_to_whom(
    manager: Visitor, database: Database, dima: Person, avi: Person
) -> None:
    order = place(database, dima)
    for what in (Move.TAKE, Move.READY):
        move(database, order.id, what, avi)
    with database.write() as session:
        row = session.scalars(select(OutboxRow).where(OutboxRow.kind == "notice.ready")).one()
        row.state, row.reason_code = OutboxState.UNREACHABLE, ReasonCode.BLOCKED
    text = " ".join(manager.text(f"/orders/{order.id}").split())
    happened = text[text.index('class="timeline"') :]
    assert '<bdi>In work</bdi> <span aria-hidden="true" class="becomes">→</span>' in happened
    assert "Notice: ready to <bdi>Dima</bdi>" in happened
    assert f'href="#message-{row.id}"' in happened
    assert "unreachable" in happened[: happened.index("took it")]


def test_an_event_that_nobody_knows_says_its_name(manager: Visitor, database: Database, dima: Person) -> None:
    order = place(database, dima)
    with database.write() as session:
        session.add(
            Event(order_id=order.id, kind="order.blessed", at=clock.utcnow(), via=Via.API, version=1, arguments={})
        )
    assert "order.blessed" in manager.text(f"/orders/{order.id}")


def test_the_page_asks_the_database_no_oftener_for_more_lines_and_words(
    manager: Visitor, database: Database, dima: Person, avi: Person
) -> None:
    def asked(order_id: int) -> int:
        statements: list[str] = []
        count = lambda _c, _k, statement, *_: statements.append(statement)  # noqa: E731 the same one is taken away
        event.listen(database.engine, "before_cursor_execute", count)
        manager.text(f"/orders/{order_id}")
        event.remove(database.engine, "before_cursor_execute", count)
        return len(statements)

    small, large = (
        place(database, dima, plate=""),
        place(database, dima, *[line(f"part {n}") for n in range(40)], plate=""),
    )
    for order, times in ((small, 1), (large, 12)):
        move(database, order.id, Move.TAKE, avi)
        for number in range(times):
            with database.write() as session:
                notes.write(session, acts(avi), order.id, "x", key=f"{number}")
                chat.write(session, acts(avi), order.id, "x", key=f"{number}")
                version = session.get_one(Order, order.id).version
                questions.ask(session, acts(avi), order.id, "free", "x?", expected_version=version)
    assert asked(large.id) <= asked(small.id)
