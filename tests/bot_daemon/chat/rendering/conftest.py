"""A station with the worst of names, orders and drafts."""

from __future__ import annotations

import shutil
from contextlib import closing
from pathlib import Path

import pytest
from sqlalchemy import select

from bot_daemon.chat.conversation import drafts
from common.database import models
from common.database.engine import Database, sqlite_module
from common.database.models import (
    Category,
    Part,
    Person,
    Role,
)
from common.languages import LANGUAGES
from common.people import people
from tests.bot_daemon.chat.rendering.worst import LONG, worst_draft, worst_order


@pytest.fixture(scope="module", params=LANGUAGES)
def worst_station(
    request: pytest.FixtureRequest, sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory
) -> tuple[Path, Person]:
    """A file with the worst of names, orders and drafts, and their mechanic: it takes longer than a test does."""
    path = tmp_path_factory.mktemp("worst") / "felix.sqlite3"
    shutil.copyfile(sqlite_template, path)
    database = Database(f"sqlite:///{path}")
    with database.write() as session:
        person = people.add_person(
            session, name="x", role=Role.MECHANIC, language=request.param, telegram_id=1001, chosen=True
        )
        person.name = LONG[:80]
        for _ in range(7):
            worst_order(session, person)
        session.add(
            models.Draft(
                person_id=person.id,
                key="k" * 24,
                content=drafts.to_stored(worst_draft()),
                updated_at=person.created_at,
            )
        )
        for category in session.scalars(select(Category)):
            category.names, category.icon = dict.fromkeys(LANGUAGES, LONG), "🧨" * 8
        for part in session.scalars(select(Part)):
            part.names = dict.fromkeys(LANGUAGES, LONG)
    database.dispose()
    return path, person


@pytest.fixture
def reader(worst_station: tuple[Path, Person], database_url: str) -> Person:
    """The mechanic of the worst station, which is what `database` is from now on."""
    path, person = worst_station
    connect = sqlite_module().connect
    with closing(connect(path)) as worst, closing(connect(database_url.removeprefix("sqlite:///"))) as here:
        worst.backup(here)
    return person
