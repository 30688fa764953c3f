"""Parses the search text for orders into terms: words, people, cars, numbers. Case, marks and endings do not count.

Each term is looked up once, within limits on its known words and on the orders counted for each of them.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from sqlalchemy import ColumnElement, Select, func, select
from sqlalchemy.orm import InstrumentedAttribute, Session

from common.cars.identified import clean_number
from common.database.models import CarWord, Order, OrderWord, Person
from common.order_index import LONGEST, SHORTEST_OF_CAR
from common.text import folding
from common.text.numbers import parse_number

MAX_TYPED = 80
MOST_TERMS = 6
MOST_WORDS = 12  # known words with a typed beginning; if there are more, the search uses the beginning
MOST_PEOPLE = 8
MOST_KNOWN_PEOPLE = 2_000
COUNT_LIMIT = 1_000  # orders counted for a word; a word with more is common
PERSONS, CARS = 2_000, 100  # assumed orders of people and cars, which are not counted
NUMBER_SIGNS = ("#", "№")
AFTER_ALL = "\U0010ffff"
_SPOKEN = re.compile(r"[^\W\d_]+")


@dataclass(frozen=True)
class Term:
    """One typed term. `start` is a word's beginning, `words` the known words with it, None if there are too many.

    `people` have this name, `car` is a part of a plate or VIN, `number` an order's. Any one of them may match. `weight`
    is the estimated number of orders.
    """

    start: str
    words: tuple[str, ...] | None
    people: tuple[int, ...] = ()
    car: str = ""
    number: int | None = None
    weight: int = 0


def read(session: Session, typed: str) -> list[Term] | None:
    """The terms, all of which an order must match; None if a term matches no order."""
    terms = []
    for piece in _pieces(session, typed[:MAX_TYPED]):
        found = _read_piece(session, piece)
        if found is None:
            return None
        terms += found
    return terms[:MOST_TERMS]


def order_number(typed: str) -> int | None:
    """An order's number, if the text is only that: `1041`, `#1041`."""
    bare = typed.strip().lstrip("".join(NUMBER_SIGNS)).strip()
    return parse_number(bare)


def begins_with(column: InstrumentedAttribute[str], start: str) -> ColumnElement[bool]:
    """A range condition instead of LIKE: both databases use an index for it, and no character needs escaping."""
    return (column >= start) & (column < start + AFTER_ALL)


def cars_with(part: str) -> Select[Any]:
    """The cars whose plate or VIN contains this."""
    return select(CarWord.vehicle_id).where(begins_with(CarWord.word, part))


def _pieces(session: Session, typed: str) -> list[str]:
    """The pieces between spaces; pieces that form a plate are joined: `12 345 67 дима`."""
    pieces = typed.split()[:MOST_TERMS]
    for length in range(len(pieces), 1, -1):
        for at in range(len(pieces) - length + 1):
            joined = "".join(pieces[at : at + length])
            if any(c.isdigit() for c in joined) and _is_car(session, clean_number(joined)[1]):
                return [*pieces[:at], joined, *pieces[at + length :]]
    return pieces


def _is_car(session: Session, part: str) -> bool:
    if not SHORTEST_OF_CAR <= len(part) <= LONGEST:
        return False
    return session.scalar(cars_with(part).limit(1)) is not None


def _read_piece(session: Session, piece: str) -> list[Term] | None:
    """The terms of one piece: a car's number in any form, else its words. None: it matches no order."""
    key = clean_number(piece)[1]
    car = key if _is_car(session, key) else ""
    words = folding.words(piece)
    if car and len(words) != 1:
        return [Term("", (), car=car, weight=CARS)]
    if not words:
        return None
    terms = []
    for word in words:
        term = _look_up(session, word, car, order_number(piece))
        if term is None:
            return None
        terms.append(term)
    return terms


def _look_up(session: Session, word: str, car: str, number: int | None) -> Term | None:
    start = _word_start(word)[:LONGEST]
    known = session.execute(_known_words(start, exactly=len(word) < 2)).all()
    people = _people_named(session, word)
    if number is not None and session.get(Order, number) is None:
        number = None
    if not (known or people or car or number is not None):
        return None
    weight = sum(count for _, count in known) + (PERSONS if people else 0) + (CARS if car else 0)
    many = len(known) > MOST_WORDS
    return Term(start, None if many else tuple(w for w, _ in known), people, car, number, weight * (2 if many else 1))


def _word_start(word: str) -> str:
    """A word without its ending, so that `колодка` finds `колодки`; codes and short words stay whole.

    A Hebrew word also loses its possible prefix, as it does when orders are filed.
    """
    bare = folding.forms(word)[-1]
    return folding.stem(bare) if len(bare) > 3 and _SPOKEN.fullmatch(bare) else bare


def _known_words(start: str, *, exactly: bool) -> Select[Any]:
    """The first known words with this beginning, each with its number of orders, counted up to a limit.

    The query jumps from word to word along the index, past the rows between them.
    """
    above, below = OrderWord.word >= start, OrderWord.word < start + AFTER_ALL
    if exactly:
        below = OrderWord.word == start
    words = select(func.min(OrderWord.word).label("word")).where(above, below).cte("words", recursive=True)
    next_word = select(func.min(OrderWord.word)).where(OrderWord.word > words.c.word, below).scalar_subquery()
    words = words.union_all(select(next_word).where(words.c.word.is_not(None)))
    orders_of = (
        select(OrderWord.order_id).where(OrderWord.word == words.c.word).limit(COUNT_LIMIT).correlate(words).subquery()
    )
    count = select(func.count()).select_from(orders_of).scalar_subquery()
    return select(words.c.word, count).where(words.c.word.is_not(None)).limit(MOST_WORDS + 1)


def _people_named(session: Session, word: str) -> tuple[int, ...]:
    """People by folded name. They are not in the order index: they are few, and a new name must find all old orders."""
    rows = session.execute(select(Person.id, Person.name).order_by(Person.id.desc()).limit(MOST_KNOWN_PEOPLE))
    named = (id_ for id_, name in rows if any(part.startswith(word) for part in _folded_name(name)))
    return tuple(id_ for id_, _ in zip(named, range(MOST_PEOPLE), strict=False))


@lru_cache(maxsize=4096)
def _folded_name(name: str) -> tuple[str, ...]:
    return folding.words(name)
