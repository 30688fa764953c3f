"""The search follows the catalogue in the database: what is archived, not committed, changed meanwhile."""

from __future__ import annotations

import threading
from collections.abc import Iterator

import pytest
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from common import clock
from common.catalogue import catalogue, search
from common.database.engine import Database
from common.database.models import Category, Part
from tests.support.seed import SMALL


@pytest.fixture
def session(any_database: Database) -> Iterator[Session]:
    with any_database.write() as session:
        catalogue.load(session, SMALL)
        yield session


def found(session: Session, typed: str) -> list[str]:
    codes = {part.id: part.code for part in session.scalars(select(Part))}
    return [codes[match.part_id] for match in search.matches(session, typed, language="ru")]


def test_the_database_is_searched_as_it_is_now(session: Session) -> None:
    assert found(session, "аккумулятор") == ["battery"]
    battery = session.scalars(select(Part).where(Part.code == "battery")).one()
    battery.names = {**battery.names, "ru": "Батарея"}
    session.flush()
    assert found(session, "аккумулятор") == []
    assert found(session, "батарея") == ["battery"]
    session.execute(update(Part).where(Part.code == "battery").values(synonyms=["Аккумулятор"]))
    assert found(session, "аккумулятор") == ["battery"]


def test_what_is_archived_is_not_found(session: Session) -> None:
    for row in (
        session.scalars(select(Part).where(Part.code == "brake_pads_front")).one(),
        session.scalars(select(Category).where(Category.code == "electrics")).one(),
    ):
        row.archived_at = clock.utcnow()
    session.flush()
    assert found(session, "колодки") == ["brake_pads_rear", "brake_wear_sensor_front", "brake_wear_sensor_rear"]
    assert found(session, "аккумулятор") == []
    row.archived_at = None
    session.flush()
    assert found(session, "аккумулятор") == ["battery"]


def test_what_was_not_committed_is_forgotten(any_database: Database) -> None:
    with any_database.write() as session:
        catalogue.load(session, SMALL)
    with any_database.read() as session:
        session.execute(update(Part).where(Part.code == "battery").values(synonyms=["Зверь"]))
        assert found(session, "зверь") == ["battery"]
        session.rollback()
        assert found(session, "зверь") == []
    with any_database.write() as session:
        session.execute(update(Part).where(Part.code == "battery").values(synonyms=["Птица"]))
    with any_database.read() as session:
        assert found(session, "птица") == ["battery"]
        assert found(session, "зверь") == []


def test_threads_search_while_the_catalogue_changes_and_end_with_the_latest(any_database: Database) -> None:
    with any_database.write() as session:
        catalogue.load(session, SMALL)
    seen: list[set[str]] = [set(), set()]

    def look(names: set[str]) -> None:
        while "Storage" not in names:
            with any_database.read() as session:
                names |= {str(match.names["en"]) for match in search.matches(session, "storage")}

    threads = [threading.Thread(target=look, args=(names,), daemon=True) for names in seen]
    for thread in threads:
        thread.start()
    for name in ("Accumulator", "Storage"):
        with any_database.write() as session:
            session.scalars(select(Part).where(Part.code == "battery")).one().names = {"en": name}
    for thread in threads:
        thread.join(20)
    assert all("Storage" in names for names in seen)


def test_an_empty_catalogue_finds_nothing(any_database: Database) -> None:
    with any_database.read() as session:
        assert search.matches(session, "колодки") == []
