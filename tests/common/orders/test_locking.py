"""An order is changed at the version that was seen, and by one at a time."""

from __future__ import annotations

import threading

import pytest
from sqlalchemy import event

from common.database.engine import Database, revision
from common.database.models import Order, Person
from common.errors import NotFound, StaleVersion
from common.orders import moves
from common.orders.moves import Move
from tests.common.orders.placed import S, moved, placed
from tests.support.cast import acts


def test_a_stale_version_is_refused_and_changes_nothing(
    any_database: Database, mechanic: Person, storekeeper: Person
) -> None:
    order = placed(any_database, mechanic)
    moved(any_database, order, Move.TAKE, storekeeper)
    with any_database.read() as session:
        before = revision(session)
    with pytest.raises(StaleVersion) as refusal:
        moved(any_database, order, Move.CANCEL, storekeeper, version=1, reason="late")
    assert (refusal.value.key, refusal.value.since, refusal.value.version) == (order.id, 1, 2)
    with any_database.read() as session:
        assert session.get_one(Order, order.id).state is S.IN_WORK
        assert revision(session) == before


def test_an_order_that_is_not_there_is_not_found(any_database: Database, storekeeper: Person) -> None:
    with pytest.raises(NotFound), any_database.write() as session:
        moves.move_order(session, acts(storekeeper), 404, Move.TAKE, expected_version=1)


def test_of_two_who_move_the_same_version_one_wins(
    any_database: Database, mechanic: Person, storekeeper: Person
) -> None:
    order = placed(any_database, mechanic)
    ends: list[str] = []
    together = threading.Barrier(2)

    def take() -> None:
        together.wait(10)
        try:
            moved(any_database, order, Move.TAKE, storekeeper)
            ends.append("took it")
        except StaleVersion:
            ends.append("was late")

    threads = [threading.Thread(target=take) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(20)
    assert sorted(ends) == ["took it", "was late"]


def test_a_change_locks_its_order_before_it_reads_or_writes_anything(
    any_database: Database, mechanic: Person, storekeeper: Person
) -> None:
    order = placed(any_database, mechanic)
    said: list[str] = []
    event.listen(any_database.engine, "before_cursor_execute", lambda _c, _k, statement, *_: said.append(statement))
    moved(any_database, order, Move.TAKE, storekeeper)
    spoken = [statement for statement in said if not statement.startswith("BEGIN")]
    tables = [statement.split()[:3] for statement in spoken if statement.startswith(("INSERT", "UPDATE"))]
    assert spoken[0].startswith("UPDATE orders SET version")
    written = [words[1] if words[0] == "UPDATE" else words[2] for words in tables]
    assert written == [
        "orders",
        "orders",
        "event",
        "outbox",
        "outbox",
        "outbox",
        "revision",
    ]  # the third: the card's place in the queue
