"""What the conversation asks the catalogue: within bounds, however much somebody writes."""

from __future__ import annotations

import random
import time

from sqlalchemy import select

from bot_daemon.chat import lookup
from bot_daemon.chat.lookup import SEARCHING
from common import i18n
from common.catalogue.catalogue import load
from common.database.engine import Database
from common.database.models import Category, Part

LETTERS = "абвгдежзиклмнопрстуфхцчшэюя"


def words(chance: random.Random, count: int) -> str:
    return " ".join("".join(chance.choices(LETTERS, k=7)) for _ in range(count))


def test_a_pasted_price_list_does_not_hold_the_database_thread(database: Database) -> None:
    """Without a bound it would: 400 lines of twelve words nobody knows take half a minute."""
    chance = random.Random(1)
    with database.write() as session:
        load(session)
        category = session.scalars(select(Category)).first()
        assert category is not None
        for position in range(2000):
            names = {language: words(chance, 3) for language in ("ru", "he", "en")}
            place = 1000 + position
            session.add(
                Part(category_id=category.id, code=f"p{place}", names=names, synonyms=[], flags=[], position=place)
            )
        first = session.scalars(select(Part).order_by(Part.position)).first()
        assert first is not None
        called = first.names["ru"]
    text = [called, *(words(chance, 12) for _ in range(400))]
    with database.read() as session, i18n.use_language("ru"):
        lookup.matching_parts(session, [called])  # the index is made by now
        began = time.monotonic()
        found = lookup.matching_parts(session, text)
        took = time.monotonic() - began
    assert took < SEARCHING + 2
    assert found[called][0].id == first.id
    assert len(found) < len(text)
