"""What a change costs while everybody else waits to write: each transaction that writes is measured by itself."""

from __future__ import annotations

import io
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from common.database.engine import Database
from common.database.models import Category, Order, OrderLine, OrderState, Part
from tests.integration.work.bounds import CHANGE
from tests.integration.work.conftest import LongHistory
from tests.integration.work.measure import Work
from tests.webapp.desks import signed_in
from tests.webapp.visitor import Visitor
from webapp.catalogue import imports

Transactions = list[Work]


@pytest.fixture(scope="module")
def manager(long_history: LongHistory) -> Visitor:
    return signed_in(long_history.app, long_history.database, long_history.avi)


@pytest.fixture
def written(long_history: LongHistory, monkeypatch: pytest.MonkeyPatch) -> Transactions:
    """The work of each transaction that writes, from here on."""
    works: Transactions = []
    write = Database.write

    @contextmanager
    def measured(self: Database, name: str = "write", *, durable: bool = True) -> Iterator[Session]:
        with long_history.meter.measure() as work, write(self, name, durable=durable) as session:
            yield session
        works.append(work)

    monkeypatch.setattr(Database, "write", measured)
    return works


def beyond(works: Transactions) -> list[dict[str, int]]:
    assert works
    return [more for work in works if (more := work.beyond(CHANGE))]


def common_part(history: LongHistory, number: int = 0) -> Part:
    """The part that most orders are of, or the one after it."""
    with history.database.read() as session:
        counted = select(OrderLine.part_id).where(OrderLine.part_id.is_not(None)).group_by(OrderLine.part_id)
        ids = session.scalars(counted.order_by(func.count().desc(), OrderLine.part_id)).all()
        return session.get_one(Part, ids[number])


def large_category(history: LongHistory) -> int:
    with history.database.read() as session:
        return session.scalars(select(Category.id).where(Category.code == "large")).one()


def test_moving_a_part_among_thousands(long_history: LongHistory, manager: Visitor, written: Transactions) -> None:
    with long_history.database.read() as session:
        ids = session.scalars(select(Part.id).where(Part.code.startswith("large")).order_by(Part.position)).all()
    assert manager.post(f"/catalogue/parts/{ids[0]}/place", {"before": ""}).status_code == 303
    assert manager.post(f"/catalogue/parts/{ids[-1]}/place", {"before": str(ids[1])}).status_code == 303
    assert beyond(written) == []


def test_another_category_for_a_part_of_thousands_of_orders(
    long_history: LongHistory, manager: Visitor, written: Transactions
) -> None:
    part = common_part(long_history)
    form = {f"name_{language}": name for language, name in part.names.items()}
    changed = {**form, "category": str(large_category(long_history)), "version": str(part.version)}
    assert manager.post(f"/catalogue/parts/{part.id}", changed).status_code == 303
    assert beyond(written) == []


def test_merging_two_parts_of_thousands_of_orders(
    long_history: LongHistory, manager: Visitor, written: Transactions
) -> None:
    part, into = common_part(long_history, 1), common_part(long_history, 2)
    form = {"into": str(into.id), "version": str(part.version), "into_version": str(into.version)}
    assert manager.post(f"/catalogue/parts/{part.id}/merge", form).status_code == 303
    assert beyond(written) == []


def test_archiving_and_restoring_a_category_of_thousands(
    long_history: LongHistory, manager: Visitor, written: Transactions
) -> None:
    for what in ("archive", "restore"):
        address = f"/catalogue/categories/{large_category(long_history)}/{what}"
        assert manager.post(address).status_code == 303
    assert beyond(written) == []


@pytest.mark.parametrize("row", ["large,,{n},,,Part {n},,", "large,,,Деталь {n},,,,Слово {n}"])
def test_loading_thousands_of_parts(
    manager: Visitor, written: Transactions, monkeypatch: pytest.MonkeyPatch, soak: bool, row: str
) -> None:
    monkeypatch.setattr(imports, "PAUSE", 0)
    heads = "category_code,category_ru,part_code,part_ru,part_he,part_en,flags,synonyms\n"
    content = heads + "".join(f"{row.format(n=n)}\n" for n in range(5_000 if soak else 1_100))
    answer = manager.post("/catalogue/import", {"file": (io.BytesIO(content.encode()), "list.csv")})
    assert answer.status_code == 303
    assert manager.post(answer.location).status_code == 303
    assert len(written) > 3
    assert beyond(written) == []


def test_moving_a_hundred_orders(long_history: LongHistory, manager: Visitor, written: Transactions) -> None:
    with long_history.database.read() as session:
        opened = session.execute(select(Order.id, Order.version).where(Order.state == OrderState.NEW)).all()
    picked = [f"{number}:{version}" for number, version in opened]
    assert manager.post("/orders/moves", {"move": "take", "pick": picked}).status_code == 200
    assert len(written) >= len(picked)
    assert beyond(written) == []


def test_erasing_somebody_with_thousands_of_orders(
    long_history: LongHistory, manager: Visitor, written: Transactions
) -> None:
    with long_history.database.read() as session:
        counted = select(Order.person_id).group_by(Order.person_id).order_by(func.count().desc())
        person_id = session.scalars(counted).first()
    with long_history.database.engine.begin() as connection:
        connection.execute(update(Order).where(Order.person_id == person_id).values(state=OrderState.ISSUED))
    assert manager.post(f"/people/{person_id}/erase", {"sure": "1"}).status_code == 303
    assert beyond(written) == []
