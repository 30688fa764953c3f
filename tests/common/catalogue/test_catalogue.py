"""The catalogue: loaded as often as anybody likes."""

from __future__ import annotations

from pathlib import Path

import pytest
from sqlalchemy import func, select

from common import clock
from common.catalogue import catalogue
from common.database.engine import Database
from common.database.models import Category, Part
from tests.support.seed import PARTS


def test_loading_twice_adds_once(any_database: Database) -> None:
    for added in (PARTS, 0):
        with any_database.write() as session:
            assert catalogue.load(session) == added
    with any_database.read() as session:
        assert session.scalar(select(func.count()).select_from(Part)) == PARTS


def test_loading_leaves_alone_what_somebody_changed(any_database: Database) -> None:
    with any_database.write() as session:
        catalogue.load(session)
        part = session.scalars(select(Part).where(Part.code == "battery")).one()
        part.names = {**part.names, "en": "Accumulator"}
        part.archived_at = clock.utcnow()
    with any_database.write() as session:
        catalogue.load(session)
        part = session.scalars(select(Part).where(Part.code == "battery")).one()
        assert part.names["en"] == "Accumulator"
        assert part.archived_at is not None


def test_a_file_of_ones_own_is_added(any_database: Database, tmp_path: Path) -> None:
    lines = catalogue.DEFAULT_FILE.read_text(encoding="utf-8").splitlines()
    own = tmp_path / "own.csv"
    own.write_text(f"{lines[0]}\nbody,🚗,Кузов,מרכב,Body,mirror_left,Зеркало,מראה,Mirror,,,,,,,,\n", encoding="utf-8")
    with any_database.write() as session:
        catalogue.load(session)
        assert catalogue.load(session, own) == 1
        assert session.scalar(select(func.count()).where(Category.code == "body")) == 1


def test_what_is_archived_is_offered_no_more(any_database: Database) -> None:
    with any_database.write() as session:
        catalogue.load(session)
        category = catalogue.categories(session)[0]
        part, other = catalogue.parts_of(session, category.id)[:2]
        part.archived_at = clock.utcnow()
        session.flush()
        assert catalogue.live_part(session, part.id) is None
        assert catalogue.live_part(session, other.id) is other
        assert part not in catalogue.parts_of(session, category.id)
        category.archived_at = clock.utcnow()
        session.flush()
        assert catalogue.live_part(session, other.id) is None
        assert catalogue.parts_of(session, category.id) == []
        assert category not in catalogue.categories(session)


@pytest.mark.parametrize("part_id", [0, -1, 404])
def test_a_part_that_is_not_there_is_none(any_database: Database, part_id: int) -> None:
    with any_database.read() as session:
        assert catalogue.live_part(session, part_id) is None
