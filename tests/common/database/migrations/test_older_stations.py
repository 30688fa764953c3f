"""Each revision is reached from the oldest, on SQLite and on PostgreSQL, and nothing is lost on the way."""

from __future__ import annotations

import pytest

from common.database import schema
from common.database.engine import Database
from tests.common.database.migrations.stations import (
    REVISIONS,
    arrive,
    assert_kept,
    assert_sound,
    contents,
    fill,
    shape,
    shape_of_a_new,
)


def test_each_revision_is_reached_with_rows_in_every_table(
    empty_database: Database, request: pytest.FixtureRequest
) -> None:
    """Also one that is written tomorrow."""
    station = arrive(REVISIONS[0], empty_database)
    for revision in REVISIONS[1:]:
        fill(station)
        before = contents(station)
        assert all(before.values())
        assert schema.migrate(station, to=revision) == revision
        assert_kept(before, contents(station), revision)
        assert_sound(station)
    assert shape(station) == shape_of_a_new(station, request)
