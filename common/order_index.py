"""The order index: the words that find an order, written in the transaction that places or changes the order.

It replaces the databases' text searches. Those return matches unsorted, so a common word costs as much as it has
orders. This index keeps each word's orders sorted by number, newest at the end.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from sqlalchemy import delete, insert, literal, select
from sqlalchemy.orm import Session

from common.database import rows
from common.database.models import CarWord, Order, OrderLine, OrderWord, Part, Vehicle
from common.text import folding

# Raise it whenever a text is filed under other words than before; `felix-hub migrate` then indexes all orders again.
VERSION = 1
LONGEST = 40
CATEGORY = "category:"  # cannot collide with folded text: folding drops the colon
SHORTEST_OF_CAR = 3  # two digits would match half of all plates
AT_ONCE = 6  # words folded together: folding reads only the beginning of a text


def index_order(session: Session, order: Order) -> None:
    """File a locked order under its words, replacing its earlier entries."""
    if order.version > 1:
        session.execute(delete(OrderWord).where(OrderWord.order_id == order.id))
    found = sorted(_words_of(session, order))
    if found:
        session.execute(insert(OrderWord), [{"order_id": order.id, "word": word} for word in found])


def _words_of(session: Session, order: Order) -> set[str]:
    parts = {line.part_id for line in order.lines if line.part_id is not None}
    categories = session.scalars(select(Part.category_id).where(Part.id.in_(parts)).distinct()) if parts else ()
    texts = (words for line in order.lines for words in (*line.words.values(), line.remark))
    return words_in(order.comment, *texts) | {category_word(category) for category in categories}


def words_in(*texts: str) -> set[str]:
    """The folded words; Hebrew words also without the letter that may be a prefix."""
    return {form[:LONGEST] for text in texts for word in _folded(text) for form in folding.forms(word)}


def _folded(text: str) -> Iterator[str]:
    pieces = text.split()
    for start in range(0, len(pieces), AT_ONCE):
        yield from folding.words(" ".join(pieces[start : start + AT_ONCE]))


def category_word(category_id: int) -> str:
    return f"{CATEGORY}{category_id}"


def index_part(session: Session, part_id: int, category_id: int) -> None:
    """File every order with this part under its category, too: a line became the part, or the part changed category."""
    of_it = select(OrderLine.order_id, literal(category_word(category_id))).where(OrderLine.part_id == part_id)
    # Sorted, as in every insert of words: two transactions wait for each other but never deadlock.
    into = rows.insert(session, OrderWord).from_select(
        ["order_id", "word"], of_it.distinct().order_by(OrderLine.order_id)
    )
    session.execute(into.on_conflict_do_nothing())


def index_car(session: Session, car: Vehicle) -> None:
    """File a car under its numbers; filing it again has no effect."""
    words = [{"vehicle_id": car.id, "word": word} for word in sorted(words_of_car(car.key, car.vin))]
    if not words:
        return
    session.execute(rows.insert(session, CarWord).on_conflict_do_nothing(), words)


def words_of_car(*keys: str | None) -> set[str]:
    return {word for key in keys if key for word in _endings(key[:LONGEST])}


def _endings(key: str) -> Iterable[str]:
    return (key[start:] for start in range(max(1, len(key) - SHORTEST_OF_CAR + 1)))
