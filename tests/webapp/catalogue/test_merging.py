"""At the desk: what was written by hand becomes a part, and two parts become one."""

from __future__ import annotations

import re

from sqlalchemy import select

from common.catalogue import catalogue
from common.database.engine import Database
from common.database.models import OrderLine, Part, Person
from tests.support.seed import SMALL
from tests.webapp.desks import line, place
from tests.webapp.visitor import Visitor


def test_the_form_holds_the_mechanics_words_in_their_language(
    manager: Visitor, database: Database, dima: Person
) -> None:
    with database.write() as session:
        catalogue.load(session, SMALL)
    order = place(database, dima, line("зеркало левое"), line("battery"))
    place(database, dima, line("Левое зеркало"))
    page = manager.text(f"/orders/{order.id}")
    addresses = re.findall(r'href="(/catalogue/lines/\d+)"', page)
    assert len(addresses) == 2
    text = manager.text(addresses[0])
    assert re.search(r'id="name-ru"[^>]*value="зеркало левое"', text)
    assert "Also 1 other open line that says the same" in text
    wrong = manager.post(addresses[0], {"name_ru": "зеркало левое", "name_he": "מראה"})
    assert wrong.status_code == 400
    assert 'value="מראה"' in wrong.text
    fields = {"name_ru": "зеркало левое", "name_he": "מראה", "category": "1", "alike": "yes"}
    assert manager.post(addresses[0], fields).status_code == 303
    assert manager.get(addresses[0]).status_code == 303
    assert "Battery" in manager.text(addresses[1])
    with database.read() as session:
        battery = session.scalars(select(Part).where(Part.code == "battery")).one()
    assert manager.post(f"{addresses[1]}/link", {"part": battery.id}).status_code == 303
    with database.read() as session:
        linked = session.scalars(select(OrderLine.part_id).where(OrderLine.part_id.is_not(None))).all()
    assert len(linked) == 3


def test_a_merge_is_told_before_it_is_done(manager: Visitor, database: Database) -> None:
    with database.write() as session:
        catalogue.load(session, SMALL)
        first, second = (
            session.scalars(select(Part).where(Part.code == code)).one()
            for code in ("brake_pads_front", "brake_pads_rear")
        )
    choice = manager.text(f"/catalogue/parts/{first.id}/merge?q=rear brake pads")
    assert f"/catalogue/parts/{first.id}/merge?into={second.id}" in choice
    told = manager.text(f"/catalogue/parts/{first.id}/merge?into={second.id}")
    assert "What will happen" in told
    fields = {"into": second.id, "version": 1, "into_version": 1}
    assert manager.post(f"/catalogue/parts/{first.id}/merge", {**fields, "into_version": 9}).status_code == 409
    assert manager.post(f"/catalogue/parts/{first.id}/merge", fields).status_code == 303
    assert "It was merged" in manager.text(f"/catalogue/parts/{first.id}")
    assert manager.post(f"/catalogue/parts/{first.id}/merge", fields).status_code == 400
