"""People through the API: found, invited, archived, let in."""

from __future__ import annotations

import pytest

from common.database.engine import Database
from common.database.models import Person
from common.people import join_requests, logins, tokens
from common.signing import digest
from tests.webapp.api.client import Client, problem, token


def test_people_are_listed_by_role_and_place(office: Client, dima: Person, rina: Person) -> None:
    assert {item["name"] for item in office.get("/people")["items"]} == {"Avi", "Dima", "Rina"}
    (found,) = office.get("/people?role=mechanic")["items"]
    assert (found["id"], found["telegram"], found["language"]) == (dima.id, "reachable", "ru")
    assert office.get("/people?which=archived")["items"] == []
    first = office.get("/people?limit=1")
    assert first["items"][0] not in office.get(f"/people?cursor={first['next_cursor']}")["items"]


def test_an_archived_person_is_out_and_can_come_back(office: Client, database: Database, rina: Person) -> None:
    value = token(database, rina)
    assert office.post(f"/people/{rina.id}/archive")["archived_at"]
    with database.read() as session:
        assert tokens.find(session, value) is None
    assert office.post(f"/people/{rina.id}/restore")["archived_at"] is None


def test_a_person_is_changed_as_they_were_seen(till: Client, office: Client, dima: Person, avi: Person) -> None:
    wanted = {"name": "Dmitri", "language": "he", "muted": ["notice.waiting"], "version": 1}
    changed = till.patch(f"/people/{dima.id}", wanted)
    assert (changed["name"], changed["language"], changed["muted"]) == ("Dmitri", "he", ["notice.waiting"])
    told = till.patch(f"/people/{dima.id}", wanted, 409)
    assert (told["version"], [fact["kind"] for fact in told["happened"]]) == (changed["version"], ["person.changed"])
    assert till.patch(f"/people/{avi.id}", {**wanted, "muted": []}, 403)["action"] == "people.staff"
    assert office.patch(f"/people/{dima.id}", {**wanted, "muted": ["x"], "version": 2}, 422)["code"] == "notice"


def test_a_role_is_given_and_there_is_always_a_manager(
    office: Client, database: Database, rina: Person, avi: Person
) -> None:
    value = token(database, rina)
    version = office.get(f"/people/{rina.id}")["version"]
    office.post(f"/people/{rina.id}/role", {"role": "mechanic", "version": version})
    with database.read() as session:
        assert tokens.find(session, value) is None
    mine = office.get(f"/people/{avi.id}")["version"]
    assert office.post(f"/people/{avi.id}/role", {"role": "mechanic", "version": mine}, 422)["code"] == "last_manager"


def test_somebody_is_signed_out_unlinked_and_let_in_to_the_desk(
    office: Client, database: Database, dima: Person, rina: Person
) -> None:
    with database.write() as session:
        cookie = logins.open_session(session, rina.id, "a test")
    office.post(f"/people/{rina.id}/sign-out")
    with database.read() as session:
        assert logins.live_session(session, digest(cookie)) is None
    assert office.post(f"/people/{dima.id}/unlink")["telegram"] == "none"
    assert "/welcome/" in office.post(f"/people/{rina.id}/desk-invitations", status=201)["link"]
    assert office.post(f"/people/{dima.id}/desk-invitations", status=422)["code"] == "no_staff"


def test_people_are_found_by_name_and_by_reach(office: Client, database: Database, dima: Person) -> None:
    assert [item["name"] for item in office.get("/people?q=DIM")["items"]] == ["Dima"]
    assert "Dima" not in [item["name"] for item in office.get("/people?unreachable=1")["items"]]


def test_nobody_archives_themselves(office: Client, avi: Person) -> None:
    assert office.post(f"/people/{avi.id}/archive", status=422)["code"] == "yourself"


def test_a_storekeeper_invites_mechanics_only(till: Client) -> None:
    made = till.post("/invitations", {"name": "Lev", "language": "ru"}, 201)
    assert made["code"]
    assert "code" not in till.get("/invitations")["items"][0]
    told = till.post("/invitations", {"name": "Lev", "role": "manager"}, 403)
    assert (told["type"], told["action"]) == (problem("role"), "people.staff")
    till.post(f"/invitations/{made['id']}/revoke")
    assert till.get("/invitations")["items"] == []


def test_staff_are_invited_to_the_desk(office: Client) -> None:
    made = office.post("/invitations", {"name": "Lena", "role": "storekeeper"}, 201)
    assert made["link"].endswith(f"/welcome/{made['code']}")


def test_a_new_link_moves_somebody_who_is_here(till: Client, dima: Person) -> None:
    made = till.post(f"/people/{dima.id}/invitations", status=201)
    assert (made["person_id"], made["name"]) == (dima.id, "Dima")
    till.post("/people/999/invitations", status=404)


@pytest.mark.parametrize("decision", ["let_in", "refuse"])
def test_a_stranger_is_decided_once(office: Client, database: Database, decision: str) -> None:
    with database.write() as session:
        join_requests.ask(session, telegram_id=5005, name="Lev", language="ru")
    (asked,) = office.get("/join-requests")["items"]
    decided = office.post(f"/join-requests/{asked['id']}/decision", {"decision": decision})
    assert decided["state"] == {"let_in": "approved", "refuse": "refused"}[decision]
    again = office.post(f"/join-requests/{asked['id']}/decision", {"decision": decision}, 409)
    assert again["type"] == problem("not-now")


def test_a_token_says_who_it_is(till: Client, rina: Person) -> None:
    me = till.get("/me")
    assert (me["token"], me["person"]) == ("a test", {"id": rina.id, "name": "Rina", "role": "storekeeper"})
    assert len(me["scopes"]) == 6
