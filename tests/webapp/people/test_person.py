"""One person at the desk: changed by one of two, given a role, signed out, archived; and the last manager stays."""

from __future__ import annotations

import re

import pytest
from flask import Flask
from sqlalchemy import select

from common.database.engine import Database
from common.database.models import AuditEntry, Chat, Person, Role, StaffSession
from common.permissions import Action
from tests.support.cast import AVI, PASSWORD, Member, hire
from tests.webapp.desks import place, signed_in
from tests.webapp.visitor import Visitor
from webapp.people.roles import ACTIONS
from webapp.wording.audit_text import KINDS

SECOND = Member("Olga", "ru", Role.MANAGER, username="olga")


def form(person: Person, **changed: object) -> dict[str, object]:
    wanted = ["notice.ready", "notice.waiting", "notice.cancelled", "notice.reopened", "notice.request_refused", "chat"]
    return {"name": person.name, "language": person.language, "wanted": wanted, "version": person.version, **changed}


def now(database: Database, person: Person) -> Person:
    with database.read() as session:
        return session.get_one(Person, person.id)


def test_a_page_says_who_they_are_whether_they_are_reached_and_what_they_ordered(
    storekeeper: Visitor, database: Database, dima: Person, rina: Person
) -> None:
    order = place(database, dima)
    with database.write() as session:
        session.get_one(Person, rina.id).language = "en"
        session.add(Chat(chat_id=1001, unreachable="blocked"))
        session.get_one(Person, dima.id).quiet_from, session.get_one(Person, dima.id).quiet_until = 22 * 60, 7 * 60
    text = storekeeper.text(f"/people/{dima.id}")
    for words in ("Dima", "blocked the bot", "22:00", "07:00", f"/orders/{order.id}"):
        assert words in text
    assert f"/people/{dima.id}/role" not in text
    assert f'href="/people/{dima.id}"' in storekeeper.text("/people")


def test_of_two_who_change_somebody_one_wins_and_nothing_typed_is_lost(
    manager: Visitor, database: Database, dima: Person
) -> None:
    assert manager.post(f"/people/{dima.id}", form(dima, name="Dmitri", wanted=[])).status_code == 303
    changed = now(database, dima)
    assert changed.name == "Dmitri"
    assert "notice.ready" in changed.muted
    late = manager.post(f"/people/{dima.id}", form(dima, name="Dima K."))
    assert late.status_code == 409
    assert 'value="Dima K."' in late.text
    assert "Dmitri" in late.text
    wrong = manager.post(f"/people/{dima.id}", form(changed, name=" "))
    assert wrong.status_code == 400


def test_a_storekeeper_changes_mechanics_and_no_staff(
    storekeeper: Visitor, database: Database, dima: Person, avi: Person
) -> None:
    assert storekeeper.post(f"/people/{dima.id}", form(dima, name="Dmitri")).status_code == 303
    assert storekeeper.post(f"/people/{avi.id}", form(avi, name="Nobody")).status_code == 403
    assert now(database, avi).name == "Avi"


def test_another_role_counts_at_the_next_click_and_is_in_the_audit(
    app: Flask, manager: Visitor, database: Database, rina: Person
) -> None:
    hers = signed_in(app, database, rina)
    assert hers.get("/audit").status_code == 403
    given = {"role": "manager", "version": rina.version}
    assert manager.post(f"/people/{rina.id}/role", given).status_code == 303
    assert hers.get("/audit").status_code == 200
    assert manager.post(f"/people/{rina.id}/role", given).status_code == 409
    text = re.sub(r"<[^>]+>", "", manager.text("/audit?about=person"))
    assert "Avi gave Rina another role" in text
    assert re.search(r"Storekeeper.*→.*Manager", text, re.DOTALL)
    taken = {"role": "mechanic", "version": now(database, rina).version}
    assert manager.post(f"/people/{rina.id}/role", taken).status_code == 303
    assert hers.get("/").status_code == 303


def test_the_last_manager_stays_one(app: Flask, manager: Visitor, database: Database, avi: Person) -> None:
    given = {"role": "storekeeper", "version": avi.version}
    refused = manager.post(f"/people/{avi.id}/role", given)
    assert refused.status_code == 400
    assert "Somebody has to be a manager" in refused.text
    olga = hire(database, SECOND)
    hers = signed_in(app, database, olga)
    assert manager.post(f"/people/{avi.id}/role", given).status_code == 303
    assert hers.post(f"/people/{olga.id}/role", {"role": "storekeeper", "version": 1}).status_code == 400
    assert now(database, olga).role is Role.MANAGER


def test_of_two_managers_who_close_each_others_access_one_stays(
    app: Flask, manager: Visitor, database: Database, avi: Person
) -> None:
    olga = hire(database, SECOND)
    hers = signed_in(app, database, olga)
    assert manager.post(f"/people/{olga.id}/archive").status_code == 303
    assert hers.post(f"/people/{avi.id}/archive").status_code == 303  # to the login: she is out
    assert now(database, avi).archived_at is None


def test_a_manager_signs_somebody_out_everywhere(
    app: Flask, manager: Visitor, database: Database, rina: Person
) -> None:
    hers = [signed_in(app, database, rina) for _ in range(2)]
    assert all(visitor.get("/").status_code == 200 for visitor in hers)
    manager.post(f"/people/{rina.id}/sign-out")
    assert all(visitor.get("/").status_code == 303 for visitor in hers)
    assert manager.get("/").status_code == 200
    assert hers[0].post(f"/people/{rina.id}/sign-out").status_code == 303


def test_a_link_gives_a_member_of_staff_a_new_password(app: Flask, manager: Visitor, database: Database) -> None:
    rina = hire(database, Member("Rina", "en", Role.STOREKEEPER, username="rina"), password=PASSWORD)
    hers = signed_in(app, database, rina)
    text = manager.post(f"/people/{rina.id}/desk-link").text
    path = re.search(r"(/welcome/[\w-]+)", text)
    assert path
    chosen = {"username": "rina", "password": "another fine password"}
    assert Visitor(app).post(path[1], chosen).status_code == 303
    assert hers.get("/").status_code == 303
    assert Visitor(app).post("/login", chosen).status_code == 303
    assert Visitor(app).post(path[1], chosen).status_code == 410


def test_a_mechanic_gets_no_link_to_the_desk(manager: Visitor, dima: Person) -> None:
    assert manager.post(f"/people/{dima.id}/desk-link").status_code == 400


def test_people_are_found_by_name_role_and_reach(
    manager: Visitor, database: Database, dima: Person, noa: Person
) -> None:
    with database.write() as session:
        session.add(Chat(chat_id=1001, unreachable="blocked"))
        session.get_one(Person, noa.id).name = "Ноа ЛЕВИ"
    shown = {
        path: _named(manager.text(path)) for path in ("/people?q=леви", "/people?role=manager", "/people?reach=no")
    }
    assert {path: sorted(names) for path, names in shown.items()} == {
        "/people?q=леви": ["Ноа ЛЕВИ"],
        "/people?role=manager": ["Avi"],
        "/people?reach=no": ["Avi", "Dima"],
    }
    assert "Nobody fits." in manager.text("/people?q=zzz")


def _named(text: str) -> list[str]:
    return re.findall(r'<bdi class="name">([^<]+)</bdi>', text)


def test_one_browser_is_signed_out_and_the_others_stay(app: Flask, manager: Visitor, database: Database) -> None:
    with database.read() as session:
        avi = session.scalars(select(Person).where(Person.name == AVI.name)).one()
    other = signed_in(app, database, avi)
    offered = re.findall(r'name="browser" value="([0-9a-f]{64})"', manager.text("/account"))
    assert len(offered) == 1
    manager.post("/account/browsers", {"browser": offered[0]})
    assert other.get("/").status_code == 303
    assert manager.get("/").status_code == 200


def test_nobody_signs_out_somebody_elses_browser(
    app: Flask, storekeeper: Visitor, manager: Visitor, database: Database, avi: Person
) -> None:
    with database.read() as session:
        theirs = session.scalars(select(StaffSession.digest).where(StaffSession.person_id == avi.id)).one()
    storekeeper.post("/account/browsers", {"browser": theirs})
    assert manager.get("/").status_code == 200


def test_a_new_password_signs_the_others_out_and_not_this_one(app: Flask, database: Database) -> None:
    avi = hire(database, AVI, password=PASSWORD)
    here, there = signed_in(app, database, avi), signed_in(app, database, avi)
    fields = {"present": PASSWORD, "password": "nine blue herons"}
    assert here.post("/account/password", {**fields, "present": "wrong"}).status_code == 400
    assert here.post("/account/password", {**fields, "password": "short"}).status_code == 400
    assert there.get("/").status_code == 200
    assert here.post("/account/password", fields).status_code == 303
    assert there.get("/").status_code == 303
    assert here.get("/").status_code == 200
    with database.read() as session:
        assert "person.password" in session.scalars(select(AuditEntry.kind)).all()


def test_every_action_has_words_and_both_roles_are_in_the_table(manager: Visitor) -> None:
    assert set(ACTIONS) == set(Action)
    text = manager.text("/people/roles")
    assert text.count("<tr>") == len(Action) + 1


@pytest.mark.parametrize("kind", list(KINDS))
def test_every_kind_of_fact_names_only_what_it_is_given(kind: str) -> None:
    known = {"who", "name", "other", "added", "browser", "changed", "written"}
    assert set(re.findall(r"%\((\w+)\)", KINDS[kind])) <= known
