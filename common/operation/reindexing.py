"""Rebuilds the order index for this program's folding, in short transactions, while the processes keep working."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Sequence

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from common.database import rows
from common.database.engine import Database
from common.database.models import CarWord, Order, OrderIndex, OrderLine, OrderWord, Part, Vehicle
from common.order_index import CATEGORY, VERSION, category_word, words_in, words_of_car

AT_ONCE = 100  # orders or cars per transaction, about 50 ms
LONGEST_PAUSE = 0.1  # seconds
THE_ROW = 1


def is_current(session: Session) -> bool:
    """Whether every order and car is filed under the words that this program searches for."""
    state = session.get(OrderIndex, THE_ROW)
    return state is not None and state.finished and state.version == VERSION


def reindex(database: Database, *, every: bool = False, pause: Callable[[float], None] = time.sleep) -> int:
    """File all orders and cars, unless the index is current. Returns how many were filed.

    An interrupted run is continued. Between two transactions it pauses for as long as the last one took, so that other
    writers get their turn. `every` starts again even if the index is current.
    """
    with database.read() as session:
        if is_current(session) and not every:
            return 0
    if every:
        _begin_anew(database)
    total = 0
    started = time.monotonic()
    while filed := _file_some(database):
        total += filed
        pause(min(time.monotonic() - started, LONGEST_PAUSE))
        started = time.monotonic()
    return total


def _begin_anew(database: Database) -> None:
    with database.write() as session:
        _begin(_lock_state(session))


def _file_some(database: Database) -> int:
    """File the orders or cars of one transaction. Returns their number, 0 when all are filed."""
    with database.write() as session:
        state = _lock_state(session)
        filed = 0 if state.finished else _file_orders(session, state) or _file_cars(session, state)
        state.finished = not filed
        return filed


def _lock_state(session: Session) -> OrderIndex:
    """Lock the index's one row. A second command at the same time waits here; then both continue together."""
    new = {"id": THE_ROW, "version": VERSION, "last_order": 0, "last_car": 0, "finished": False}
    session.execute(rows.insert(session, OrderIndex).values(new).on_conflict_do_nothing())
    state = session.get_one(OrderIndex, THE_ROW, with_for_update=True)
    if state.version != VERSION:
        _begin(state)
    return state


def _begin(state: OrderIndex) -> None:
    state.version, state.last_order, state.last_car, state.finished = VERSION, 0, 0, False


def _file_orders(session: Session, state: OrderIndex) -> int:
    """File the next orders, locked: a transaction that changes one of them files it again afterwards."""
    after = select(Order.id, Order.comment).where(Order.id > state.last_order)
    orders = session.execute(after.order_by(Order.id).limit(AT_ONCE).with_for_update()).all()
    if not orders:
        return 0
    file_again(session, [order_id for order_id, _ in orders])
    state.last_order = orders[-1].id
    return len(orders)


def file_again(session: Session, ids: Sequence[int]) -> None:
    """File these orders, locked, under the words that they have now."""
    commented = session.execute(select(Order.id, Order.comment).where(Order.id.in_(ids)))
    words = {(order_id, word) for order_id, comment in commented for word in words_in(comment)}
    words.update(_words_of_lines(session, ids))
    # Entries of categories are not folded words: they stay, and a part that changes its category adds one.
    session.execute(delete(OrderWord).where(OrderWord.order_id.in_(ids), OrderWord.word.not_like(f"{CATEGORY}%")))
    _insert_words(session, OrderWord, "order_id", words)


def _words_of_lines(session: Session, ids: Sequence[int]) -> Iterable[tuple[int, str]]:
    lines = (
        select(OrderLine.order_id, OrderLine.words, OrderLine.remark, Part.category_id)
        .outerjoin(Part, Part.id == OrderLine.part_id)
        .where(OrderLine.order_id.in_(ids))
    )
    for order_id, words, remark, category_id in session.execute(lines):
        yield from ((order_id, word) for word in words_in(*words.values(), remark))
        if category_id is not None:
            yield order_id, category_word(category_id)


def _file_cars(session: Session, state: OrderIndex) -> int:
    after = select(Vehicle.id, Vehicle.key, Vehicle.vin).where(Vehicle.id > state.last_car)
    cars = session.execute(after.order_by(Vehicle.id).limit(AT_ONCE).with_for_update()).all()
    if not cars:
        return 0
    ids = [car_id for car_id, *_ in cars]
    session.execute(delete(CarWord).where(CarWord.vehicle_id.in_(ids)))
    _insert_words(session, CarWord, "vehicle_id", {(car_id, w) for car_id, *keys in cars for w in words_of_car(*keys)})
    state.last_car = ids[-1]
    return len(ids)


def _insert_words(
    session: Session, model: type[OrderWord] | type[CarWord], owner: str, words: set[tuple[int, str]]
) -> None:
    """Insert words sorted by owner, as everywhere: two transactions wait for each other but never deadlock."""
    new = [{owner: owner_id, "word": word} for owner_id, word in sorted(words)]
    if new:
        session.execute(rows.insert(session, model).on_conflict_do_nothing(), new)
