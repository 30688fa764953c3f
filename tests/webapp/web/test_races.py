"""Requests that want the same unique value at the same moment: one is the first, and nobody meets an error of ours.

The walk names for every unique key of the schema either the race that is run here, or why no two requests can race.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from io import BytesIO

import pytest
from flask import Flask, request
from sqlalchemy import PrimaryKeyConstraint, UniqueConstraint, event, func, select
from sqlalchemy.exc import IntegrityError
from werkzeug.test import TestResponse

from common.catalogue import categories
from common.cli.opening import HOST
from common.database.engine import Database
from common.database.models import (
    Base,
    Category,
    InvitationWay,
    KnownBrowser,
    Login,
    Media,
    Order,
    Part,
    Person,
    QuickReply,
    Role,
)
from common.people import invitations, known_browsers
from tests.support import pictures
from tests.support.cast import AVI, DIMA, PASSWORD, hire
from tests.webapp.api import client
from tests.webapp.desks import OpenApp, place, signed_in
from tests.webapp.visitor import Visitor
from webapp.web import races

MANY = 3
Race = Callable[[int], TestResponse]  # the request of one of them


class Desk:
    """A desk on PostgreSQL, whose requests can be made to meet just before they insert."""

    def __init__(self, app: Flask, database: Database) -> None:
        self.app, self.database = app, database
        self.avi, self.dima = hire(database, AVI), hire(database, DIMA)

    def visitor(self) -> Visitor:
        return signed_in(self.app, self.database, self.avi)

    def count(self, model: type[Base]) -> int:
        with self.database.read() as session:
            return session.scalar(select(func.count()).select_from(model)) or 0

    def race(self, table: str, ask: Race) -> list[int]:
        """The status of each answer. All have looked whether the value is taken before the first inserts it."""
        with _meeting_before(self.database, f"INSERT INTO {table} "), ThreadPoolExecutor(MANY) as threads:
            return sorted(answer.status_code for answer in threads.map(ask, range(MANY)))


@contextmanager
def _meeting_before(database: Database, statement: str) -> Iterator[None]:
    barrier, been = threading.Barrier(MANY), threading.local()

    def meet(_connection: object, _cursor: object, text: str, *_: object) -> None:
        if text.startswith(statement) and not hasattr(been, "here"):
            been.here = True
            barrier.wait(10)

    event.listen(database.engine, "before_cursor_execute", meet)
    yield
    event.remove(database.engine, "before_cursor_execute", meet)
    assert barrier.n_waiting == 0


@pytest.fixture
def desk(app_on: OpenApp, postgresql_url: str) -> Iterator[Desk]:
    database = Database(postgresql_url)
    yield Desk(app_on(database, postgresql_url), database)
    database.dispose()


def race_usernames(desk: Desk) -> None:
    with desk.database.write() as session:
        made = [
            invitations.invite(session, HOST, name=f"New {n}", role=Role.STOREKEEPER, way=InvitationWay.DESK)[1]
            for n in range(MANY)
        ]
    form = {"username": "same", "password": PASSWORD}
    found = desk.race("login", lambda n: Visitor(desk.app).post(f"/welcome/{made[n]}", form))
    assert (found, desk.count(Login)) == ([303, 400, 400], 1)


def race_shortcuts(desk: Desk) -> None:
    form = {"shortcut": "same", "text_en": "x", "text_ru": "", "text_he": ""}
    found = desk.race("quick_reply", lambda _: desk.visitor().post("/replies", form))
    assert (found, desk.count(QuickReply)) == ([303, 400, 400], 1)


def race_shortcuts_of_programs(desk: Desk) -> None:
    program = client.Client(desk.app, client.token(desk.database, desk.avi))
    body = {"shortcut": "same", "texts": {"en": "x"}}
    found = desk.race("quick_reply", lambda _: program.send("POST", "/replies", json=body))
    assert (found, desk.count(QuickReply)) == ([201, 422, 422], 1)


def race_categories(desk: Desk) -> None:
    form = {"name_en": "Same", "name_ru": "Same", "name_he": "Same", "icon": ""}
    found = desk.race("category", lambda _: desk.visitor().post("/catalogue/categories", form))
    assert (found, desk.count(Category)) == ([303] * MANY, MANY)


def race_parts(desk: Desk) -> None:
    with desk.database.write() as session:
        kind = categories.add(session, HOST, names={"en": "Brakes"}, icon="")
    form = {"name_en": "Same", "name_ru": "Same", "name_he": "Same", "category": str(kind.id)}
    found = desk.race("part", lambda _: desk.visitor().post("/catalogue/parts", form))
    assert (found, desk.count(Part)) == ([303] * MANY, MANY)


def race_orders(desk: Desk) -> None:
    form = {
        "do": "place", "key": "k" * 16, "person": str(desk.dima.id),
        "line_part": "", "line_words": "a bolt", "line_quantity": "4", "line_grade": "any",
    }  # fmt: skip
    found = desk.race("orders", lambda n: desk.visitor().post("/orders/new", {**form, "car": f"12-345-6{n}"}))
    assert (found, desk.count(Order)) == ([303] * MANY, 1)


RACES: dict[str, Callable[[Desk], None]] = {
    "login.username": race_usernames,
    "quick_reply.shortcut": race_shortcuts,
    "category.code": race_categories,
    "part.code": race_parts,
    "orders.key": race_orders,
}
RANDOM, IGNORED = "a random value", "its insert takes an existing row (ON CONFLICT)"
LANE, LOCKED = "only the daemon's one database thread inserts it", "its insert comes after a lock on another row"
NO_RACE = {
    "api_request.token_id,key": IGNORED,
    "api_token.digest": RANDOM,
    "car_word.vehicle_id,word": IGNORED,
    "card.order_id,chat_id": LOCKED,
    "desk_note.key": LOCKED,
    "draft.key": RANDOM,
    "favourite.person_id,part_id": IGNORED,
    "inbox.bot_id,update_id": IGNORED,
    "inbox.digest": IGNORED,
    "invitation.digest": RANDOM,
    "join_request.telegram_id": LANE,
    "look.order_id,person_id": "whoever is second finds the other's row (a savepoint)",
    "known_browser.person_id,digest": IGNORED,
    "media.chat_id,message_id": LANE,
    "order_line.order_id,position": LOCKED,
    "order_word.order_id,word": IGNORED,
    "outbox.key": IGNORED,
    "person.telegram_id": LOCKED,
    "throttle_count.key": IGNORED,
    "vehicle.key": IGNORED,
}


@pytest.mark.postgres
@pytest.mark.parametrize("run", [*RACES.values(), race_shortcuts_of_programs], ids=lambda run: run.__name__)
def test_whoever_is_second_gets_a_proper_answer(desk: Desk, run: Callable[[Desk], None]) -> None:
    run(desk)


@pytest.mark.postgres
def test_sign_ins_at_once_in_one_browser_are_all_remembered(desk: Desk) -> None:
    def sign_in(_: int) -> str:
        with desk.database.write() as session:
            return known_browsers.remember(session, desk.avi.id, "a browser")

    with _meeting_before(desk.database, "INSERT INTO known_browser "), ThreadPoolExecutor(MANY) as threads:
        assert set(threads.map(sign_in, range(MANY))) == {"a browser"}
    assert desk.count(KnownBrowser) == 1


def test_every_unique_key_is_raced_or_cannot_be() -> None:
    assert {*_unique_keys()} == {*RACES, *NO_RACE}
    assert not RACES.keys() & NO_RACE.keys()


def _unique_keys() -> Iterator[str]:
    """The unique keys that hold more than an id of ours."""
    for table in Base.metadata.sorted_tables:
        for constraint in table.constraints:
            if not isinstance(constraint, PrimaryKeyConstraint | UniqueConstraint):
                continue
            names = [column.name for column in constraint.columns]
            if isinstance(constraint, UniqueConstraint) or len(names) > 1:
                yield f"{table.name}.{','.join(names)}"


class Insert:
    """Fails an insert like one that has lost a race, so many times."""

    def __init__(self, database: Database, table: str, times: int) -> None:
        self._begin, self.left = f"INSERT INTO {table} ", times
        event.listen(database.engine, "before_cursor_execute", self._fail)

    def _fail(self, _connection: object, _cursor: object, text: str, *_: object) -> None:
        if text.startswith(self._begin) and self.left:
            self.left -= 1
            raise IntegrityError(text, {}, UniqueViolation())


class UniqueViolation(Exception):
    sqlstate = "23505"


def test_the_photo_of_a_request_that_is_repeated_is_read_again(
    manager: Visitor, database: Database, dima: Person
) -> None:
    order, insert = place(database, dima), Insert(database, "chat_message", 1)
    form = {"text": "look", "key": "n" * 16, "photo": (BytesIO(pictures.picture()), "x.jpg")}
    assert manager.post(f"/orders/{order.id}/messages", form).status_code == 303
    assert insert.left == 0
    with database.read() as session:
        assert len(session.scalars(select(Media)).all()) == 1


def test_every_file_of_a_field_is_read_again() -> None:
    app, read = Flask(__name__), []

    @app.post("/")
    def both() -> str:
        read.append([file.read() for file in request.files.getlist("photo")])
        if len(read) == 1:
            raise IntegrityError("", {}, UniqueViolation())
        return ""

    races.install(app)
    photos = [(BytesIO(b"one"), "1.jpg"), (BytesIO(b"two"), "2.jpg")]
    assert app.test_client().post("/", data={"photo": photos}).status_code == 200
    assert read == [[b"one", b"two"]] * 2


def test_whoever_loses_every_race_is_told_that_somebody_was_faster(manager: Visitor, database: Database) -> None:
    insert = Insert(database, "category", 99)
    answer = manager.post("/catalogue/categories", {"name_en": "A", "name_ru": "A", "name_he": "A", "icon": ""})
    assert (answer.status_code, "Somebody else changed it first" in answer.text) == (409, True)
    assert insert.left == 99 - 5
