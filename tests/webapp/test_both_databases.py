"""The desk's own queries mean the same on SQLite and on PostgreSQL."""

from __future__ import annotations

import pytest
from sqlalchemy import update

from common.clock import utcnow
from common.database.engine import Database
from common.database.models import Bot, Chat, OutboxRow, OutboxState
from common.orders.moves import Move
from tests.support.cast import AVI, DIMA, hire
from tests.webapp.desks import METRICS_TOKEN, OpenApp, line, move, place, signed_in, state
from tests.webapp.visitor import Visitor


@pytest.fixture
def avi(any_database: Database, any_database_url: str, app_on: OpenApp) -> Visitor:
    """Avi's browser on either database."""
    return signed_in(app_on(any_database, any_database_url), any_database, hire(any_database, AVI))


@pytest.fixture
def order_id(any_database: Database, avi: Visitor) -> int:
    """An order of Dima's whose messages did not arrive."""
    dima = hire(any_database, DIMA)
    order = place(any_database, dima, line("oil filter", 3), plate="1234567")
    with any_database.write() as session:
        session.execute(update(OutboxRow).values(state=OutboxState.FAILED, reason_detail="Bad Request"))
        session.add(Chat(chat_id=1001, unreachable="blocked"))
        session.add(Bot(bot_id=2**40, username="b", name="B", link_base="t.me", active_at=utcnow(), webhook={}))
    return order.id


def test_every_page_shows_it(avi: Visitor, order_id: int) -> None:
    assert "undelivered" in avi.text("/")
    assert "oil filter" in avi.text(f"/orders/{order_id}")
    assert "blocked the bot" in avi.text("/people")
    for path in ("/system", "/account", "/orders?state=new", "/people?show=archived", "/people?after=1"):
        avi.text(path)
    metrics = avi.get("/metrics", headers={"Authorization": f"Bearer {METRICS_TOKEN}"}).text
    assert 'felix_orders{state="new"} 1.0' in metrics


@pytest.mark.parametrize("typed", ["345-67", "dIM", "12 345 67"])
def test_search_finds_it(avi: Visitor, order_id: int, typed: str) -> None:
    assert f'href="/orders/{order_id}"' in avi.text(f"/orders?q={typed}")
    assert f'href="/orders/{order_id}"' not in avi.text(f"/orders?q={typed}zz")


@pytest.mark.parametrize("number", [2**31, 2**53 - 1])
def test_a_number_too_large_for_any_order_is_only_not_found(avi: Visitor, order_id: int, number: int) -> None:
    assert avi.get(f"/orders/{number}").status_code == 404
    assert avi.get(f"/orders?before={number}").status_code == 200
    assert avi.post(f"/messages/{number}/resend").status_code == 404
    assert avi.post(f"/people/{number}/archive").status_code == 404
    assert avi.get(f"/people?after={number}").status_code == 200


def test_a_move_and_a_stale_one(avi: Visitor, any_database: Database, order_id: int) -> None:
    fields = {"move": Move.TAKE, "version": "1"}
    assert avi.post(f"/orders/{order_id}/moves", fields).status_code == 303
    assert avi.post(f"/orders/{order_id}/moves", fields).status_code == 409
    assert state(any_database, order_id).version == 2


def test_a_failed_message_is_sent_again(avi: Visitor, any_database: Database, order_id: int) -> None:
    assert avi.post("/messages/1/resend").location == f"/orders/{order_id}#messages"
    assert avi.post("/messages/1/resend").status_code == 409


def test_a_later_message_of_its_kind_ends_the_trouble(avi: Visitor, any_database: Database, order_id: int) -> None:
    move(any_database, order_id, Move.TAKE, hire(any_database, AVI))
    with any_database.write() as session:
        session.execute(update(OutboxRow).where(OutboxRow.id > 1).values(state=OutboxState.SENT))
    assert "undelivered" not in avi.text("/")
