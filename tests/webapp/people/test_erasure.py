"""Erasing somebody at the desk: managers only, after a question that says how much will go."""

from __future__ import annotations

from sqlalchemy import select

from common.database.engine import Database
from common.database.models import AuditEntry, Person
from tests.common.personal.planted import MARK, planted
from tests.support.cast import DIMA, hire
from tests.webapp.desks import place
from tests.webapp.visitor import Visitor


def test_a_manager_is_asked_told_how_much_and_then_nothing_names_them(manager: Visitor, database: Database) -> None:
    dima = planted(database)
    page = f"/people/{dima.id}"
    for words in ("Orders that keep their numbers", "<dd>1</dd>", "<dd>3</dd>", "I know that it cannot be undone"):
        assert words in manager.text(page)
    assert "Tick that it cannot be undone." in manager.post(f"{page}/erase", {}).text
    assert manager.post(f"{page}/erase", {"sure": "1"}).status_code == 303
    for seen in (page, "/people?show=archived", "/audit", "/orders/1"):
        assert MARK not in manager.text(seen).casefold()
    assert f"Former mechanic {dima.id}" in manager.text(page)
    assert "are no longer kept since" in manager.text("/orders/1")
    assert f"{page}/restore" not in manager.text(page)
    assert f"{page}/erase" not in manager.text(page)
    with database.read() as session:
        entry = session.scalars(select(AuditEntry).where(AuditEntry.kind == "person.erased")).one()
    assert entry.name == f"Former mechanic {dima.id}"


def test_somebody_with_open_orders_is_refused_with_their_numbers(manager: Visitor, database: Database) -> None:
    dima = hire(database, DIMA)
    order = place(database, dima)
    refused = manager.post(f"/people/{dima.id}/erase", {"sure": "1"})
    assert refused.status_code == 400
    assert f"given to somebody else: {order.id}." in refused.text
    with database.read() as session:
        assert session.get_one(Person, dima.id).archived_at is None


def test_nobody_erases_themselves(manager: Visitor, database: Database) -> None:
    with database.read() as session:
        avi = session.scalars(select(Person).where(Person.name == "Avi")).one()
    assert manager.post(f"/people/{avi.id}/erase", {"sure": "1"}).status_code == 400
    assert f"/people/{avi.id}/erase" not in manager.text(f"/people/{avi.id}")


def test_a_storekeeper_sees_no_such_button(storekeeper: Visitor, database: Database) -> None:
    dima = hire(database, DIMA)
    assert f"/people/{dima.id}/erase" not in storekeeper.text(f"/people/{dima.id}")
    assert storekeeper.post(f"/people/{dima.id}/erase", {"sure": "1"}).status_code == 403
