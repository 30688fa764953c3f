"""A station that an older program left comes up whole, and the desk goes on: the board, a move, a new order."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from common.database import schema
from common.database.engine import Database
from common.database.models import Order, OrderState, Person, Role
from common.orders.moves import Move
from tests.common.database.migrations.stations import (
    FILES,
    REVISIONS,
    arrive,
    assert_kept,
    assert_sound,
    contents,
    shape,
    shape_of_a_new,
)
from tests.webapp.desks import OpenApp, move, place, signed_in, state

PAGES = ("/", "/orders", "/people", "/catalogue", "/replies", "/views", "/system", "/account")


@pytest.mark.parametrize("revision", FILES)
def test_it_is_kept_and_the_desk_goes_on(
    empty_database: Database, revision: str, app_on: OpenApp, request: pytest.FixtureRequest
) -> None:
    station = arrive(revision, empty_database)
    before = contents(station)
    assert schema.migrate(station) == schema.head_revision()
    assert_kept(before, contents(station), *REVISIONS[REVISIONS.index(revision) + 1 :])
    assert_sound(station)
    assert shape(station) == shape_of_a_new(station, request)
    use(station, app_on)


def use(station: Database, app_on: OpenApp) -> None:
    with station.read() as session:
        dima = session.scalars(select(Person).where(Person.role == Role.MECHANIC).limit(1)).one()
        avi = session.scalars(select(Person).where(Person.role == Role.MANAGER)).one()
        waiting = session.scalars(select(Order).where(Order.state == OrderState.NEW).limit(1)).one()
        every = session.scalars(select(Order.id)).all()
    desk = signed_in(app_on(station, station.engine.url.render_as_string(hide_password=False)), station, avi)
    for page in (*PAGES, f"/orders/{waiting.id}", f"/orders/{max(every)}"):
        desk.text(page)
    move(station, waiting.id, Move.TAKE, avi)
    assert state(station, waiting.id).state is OrderState.IN_WORK
    assert place(station, dima).id == max(every) + 1
    assert f'href="/orders/{max(every) + 1}"' in desk.text("/")
