"""People through the API: found, invited, archived, let in."""

from __future__ import annotations

import pytest

from common import joining, tokens
from common.database import Database
from common.models import Person
from tests.webapp.api.client import Client, problem, token


def test_people_are_listed_by_role_and_place(office: Client, dima: Person, rina: Person) -> None:
    assert {item["name"] for item in office.get("/people")["items"]} == {"Avi", "Dima", "Rina"}
    (found,) = office.get("/people?role=mechanic")["items"]
    assert (found["id"], found["telegram"], found["language"]) == (dima.id, "reachable", "ru")
    assert office.get("/people?who=archived")["items"] == []
    first = office.get("/people?limit=1")
    assert first["items"][0] not in office.get(f"/people?cursor={first['next_cursor']}")["items"]


def test_an_archived_person_is_out_and_can_come_back(office: Client, database: Database, rina: Person) -> None:
    value = token(database, rina)
    assert office.post(f"/people/{rina.id}/archive")["archived_at"]
    with database.read() as session:
        assert tokens.find(session, value) is None
    assert office.post(f"/people/{rina.id}/restore")["archived_at"] is None


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
        joining.ask(session, telegram_id=5005, name="Lev", language="ru")
    (asked,) = office.get("/join-requests")["items"]
    decided = office.post(f"/join-requests/{asked['id']}/decision", {"decision": decision})
    assert decided["state"] == {"let_in": "approved", "refuse": "refused"}[decision]
    again = office.post(f"/join-requests/{asked['id']}/decision", {"decision": decision}, 409)
    assert again["type"] == problem("not-now")


def test_a_token_says_who_it_is(till: Client, rina: Person) -> None:
    me = till.get("/me")
    assert (me["token"], me["person"]) == ("a test", {"id": rina.id, "name": "Rina", "role": "storekeeper"})
    assert len(me["scopes"]) == 6
