"""Serving orders through the API: placed, moved one by one and many at once, claimed, undone."""

from __future__ import annotations

from typing import Any

import pytest
from sqlalchemy import select

from common.database.engine import Database
from common.database.models import Order, OutboxRow, OutboxState, Person
from common.talk import change_requests
from common.talk.change_requests import Wish
from tests.support.cast import acts
from tests.webapp.api.client import Client, problem
from tests.webapp.desks import place


def test_an_order_is_placed_for_a_mechanic(till: Client, database: Database, dima: Person) -> None:
    lines = [{"text": "oil filter", "quantity": 2, "grade": "original"}]
    made = till.post("/orders", {"person_id": dima.id, "vehicle": "12 345 67", "lines": lines}, 201)
    assert (made["person"]["name"], made["vehicle"]["plate"], made["state"]) == ("Dima", "12-345-67", "new")
    assert (made["lines"][0]["text"], made["lines"][0]["names"]) == ("oil filter", {})
    with database.read() as session:
        assert session.scalars(select(OutboxRow.chat_id).where(OutboxRow.kind == "card")).all() == [dima.telegram_id]


def test_a_line_brings_its_unit_and_its_remark_and_is_corrected(till: Client, dima: Person) -> None:
    lines = [{"text": "oil", "quantity": 500, "unit": "ml", "remark": " 5w-30\n Shell "}, {"text": "bolt"}]
    made = till.post("/orders", {"person_id": dima.id, "vehicle": "12 345 67", "lines": lines}, 201)
    assert [(line["quantity"], line["unit"], line["remark"]) for line in made["lines"]] == [
        (500, "ml", "5w-30 Shell"),
        (1, "pcs", ""),
    ]
    wanted = {"quantity": 4, "unit": "l", "remark": "5w-40", "version": 1}
    line = made["lines"][0]["id"]
    corrected = till.patch(f"/orders/{made['id']}/lines/{line}/wanted", wanted)
    assert {name: corrected["lines"][0][name] for name in ("quantity", "unit", "remark")} | {"version": 1} == wanted
    assert corrected["version"] == 2
    told = till.patch(f"/orders/{made['id']}/lines/{line}/wanted", wanted, 409)
    assert [event["kind"] for event in told["happened"]] == ["line.counted", "line.remarked"]


@pytest.mark.parametrize(
    "changes", [{"quantity": 10_000}, {"quantity": 0}, {"quantity": 1.5}, {"unit": "gallon"}, {"remark": "r" * 301}]
)
def test_what_no_line_can_be_is_refused(till: Client, dima: Person, changes: dict[str, object]) -> None:
    line = {"text": "oil", "quantity": 4, "unit": "l", "remark": "5w-30", **changes}
    till.post("/orders", {"person_id": dima.id, "vehicle": "1234567", "lines": [line]}, 422)


def test_a_requested_change_says_its_unit_and_remark(till: Client, database: Database, dima: Person) -> None:
    order = place(database, dima)
    till.post(f"/orders/{order.id}/moves", {"move": "take", "version": 1})
    with database.write() as session:
        line = session.get_one(Order, order.id).lines[0].id
        for wish, facts in (
            (Wish.QUANTITY, {"line": line, "quantity": 4, "unit": "l"}),
            (Wish.REMARK, {"line": line, "remark": "5w-30"}),
        ):
            change_requests.ask(session, acts(dima), order.id, wish, facts)
    asked = till.get(f"/orders/{order.id}")["requests"]
    assert [(one["kind"], one["quantity"], one["unit"], one["remark"]) for one in asked] == [
        ("quantity", 4, "l", ""),
        ("remark", None, None, "5w-30"),
    ]


def test_whoever_places_an_order_may_be_on_it_at_once(till: Client, dima: Person) -> None:
    body = {"person_id": dima.id, "vehicle": "1234567", "lines": [{"text": "oil filter"}], "take": True}
    made = till.post("/orders", body, 201)
    assert (made["state"], made["owner"]["name"], made["version"]) == ("in_work", "Rina", 2)


def test_a_part_brings_its_words_in_all_languages(office: Client, dima: Person) -> None:
    category = office.post("/categories", {"names": {"en": "Filters"}}, 201)
    names = {"ru": "Фильтр", "en": "Filter"}
    part = office.post("/parts", {"category_id": category["id"], "names": names}, 201)
    made = office.post("/orders", {"person_id": dima.id, "vehicle": "1234567", "lines": [{"part_id": part["id"]}]}, 201)
    assert (made["lines"][0]["names"], made["lines"][0]["text"]) == (names, None)


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"person_id": 999}, "person_needed"),
        ({"lines": [{"part_id": 999}]}, "part_gone"),
        ({"lines": [{}]}, "part_or_text"),
        ({"lines": [{"text": "  "}]}, "part_or_text"),
        ({"lines": [{"text": "x", "part_id": 1}]}, "part_or_text"),
        ({"vehicle": "–"}, "plate_empty"),
    ],
)
def test_what_the_station_does_not_take_is_refused_with_its_rule(
    till: Client, dima: Person, changes: dict[str, Any], code: str
) -> None:
    told = till.post("/orders", {"person_id": dima.id, "vehicle": "1234567", "lines": [{"text": "x"}], **changes}, 422)
    assert (told["type"], told["code"]) == (problem("refused"), code)
    assert told["detail"]


def test_an_order_is_served_from_taking_to_issuing(till: Client, database: Database, dima: Person) -> None:
    place(database, dima)
    till.post("/orders/1/moves", {"move": "take", "version": 1})
    till.patch("/orders/1/lines/1", {"state": "ordered", "version": 2, "expected_on": "2099-01-02"})
    till.post("/orders/1/moves", {"move": "wait", "version": 3, "reason": "Haifa", "expected_on": "2099-01-02"})
    ready = till.post("/orders/1/moves", {"move": "ready", "version": 4})
    assert ready["moves"] == ["issue", "reopen", "cancel"]
    done = till.post("/orders/1/moves", {"move": "issue", "version": 5, "collector": {"name": "Lev"}})
    assert (done["state"], done["issued_to"], done["owner"]["name"]) == ("issued", "Lev", "Rina")
    events = till.get("/orders/1/events?limit=3")
    assert [event["kind"] for event in events["items"]] == ["order.placed", "order.taken", "line.changed"]
    assert {event["via"] for event in events["items"][1:]} == {"api"}
    more = till.get(f"/orders/1/events?cursor={events['next_cursor']}")
    assert [event["kind"] for event in more["items"]] == ["order.waiting", "order.ready", "order.issued"]


def test_nobody_waits_without_a_day_or_a_word_that_it_is_not_known(
    till: Client, database: Database, dima: Person
) -> None:
    place(database, dima)
    till.post("/orders/1/moves", {"move": "take", "version": 1})
    wait = {"move": "wait", "version": 2, "reason": "Haifa"}
    assert till.post("/orders/1/moves", wait, 422)["code"] == "day_needed"
    assert till.post("/orders/1/moves", {**wait, "day_unknown": True})["expected_on"] is None


def test_a_line_says_from_whom_it_was_ordered_and_why_it_came_back(
    till: Client, database: Database, dima: Person
) -> None:
    place(database, dima)
    till.post("/orders/1/moves", {"move": "take", "version": 1})
    ordered = till.patch("/orders/1/lines/1", {"state": "ordered", "version": 2, "supplier": "Haifa"})
    assert ordered["lines"][0]["supplier"] == "Haifa"
    till.patch("/orders/1/lines/1", {"state": "here", "version": 3})
    till.post("/orders/1/moves", {"move": "ready", "version": 4})
    till.post("/orders/1/moves", {"move": "issue", "version": 5})
    back = {"state": "returned", "version": 6}
    assert till.patch("/orders/1/lines/1", back, 422)["code"] == "reason_needed"
    assert till.patch("/orders/1/lines/1", {**back, "reason": "wrong side"})["lines"][0]["reason"] == "wrong side"


def test_somebody_is_put_on_an_order_and_nobody(till: Client, database: Database, dima: Person, avi: Person) -> None:
    place(database, dima)
    given = till.post("/orders/1/owner", {"person_id": avi.id, "version": 1})
    assert given["owner"]["name"] == "Avi"
    assert till.post("/orders/1/owner", {"person_id": None, "version": 2})["owner"] is None
    assert till.post("/orders/1/owner", {"person_id": dima.id, "version": 3}, 422)["code"] == "owner"


@pytest.mark.parametrize(
    ("body", "status", "name"),
    [
        ({"move": "ready", "version": 1}, 409, "not-now"),
        ({"move": "take", "version": 7}, 409, "stale-version"),
        ({"move": "cancel", "version": 1}, 422, "refused"),
        ({"move": "wait", "version": 1, "reason": "Haifa"}, 422, "refused"),
        ({"move": "take", "version": 1, "expected_on": "2020-01-01"}, 422, "refused"),
        ({"move": "fly", "version": 1}, 422, "invalid"),
        ({"move": "take"}, 422, "invalid"),
    ],
)
def test_a_move_that_cannot_be_is_refused(
    till: Client, database: Database, dima: Person, body: dict[str, Any], status: int, name: str
) -> None:
    place(database, dima)
    assert till.post("/orders/1/moves", body, status)["type"] == problem(name)


def test_a_move_can_be_undone_while_its_notice_waits(till: Client, database: Database, dima: Person) -> None:
    place(database, dima)
    till.post("/orders/1/moves", {"move": "take", "version": 1})
    till.post("/orders/1/moves", {"move": "ready", "version": 2, "undo_seconds": 30})
    assert till.post("/orders/1/undo", {"version": 3})["state"] == "in_work"
    told = till.post("/orders/1/undo", {"version": 4}, 422)
    assert told["code"] == "undo_gone"
    with database.read() as session:
        notice = session.scalars(select(OutboxRow).where(OutboxRow.kind == "notice.ready")).one()
    assert notice.state is OutboxState.SUPERSEDED


def test_of_many_each_is_moved_or_refused_on_its_own(till: Client, database: Database, dima: Person) -> None:
    for _ in range(3):
        place(database, dima)
    till.post("/orders/2/moves", {"move": "take", "version": 1})
    seen = [{"id": number, "version": 1} for number in (3, 2, 99, 1)]
    done = till.post("/orders/moves", {"move": "take", "orders": seen}, key="many")
    told = [(item["id"], item["state"], item["problem"]) for item in done["items"]]
    assert told == [(3, "in_work", ""), (2, None, "stale-version"), (99, None, "not-found"), (1, "in_work", "")]
    assert till.post("/orders/moves", {"move": "take", "orders": seen}, key="many") == done


def test_many_are_given_to_somebody_each_on_its_own(
    till: Client, database: Database, dima: Person, avi: Person
) -> None:
    for _ in range(2):
        place(database, dima)
    seen = [{"id": 1, "version": 1}, {"id": 2, "version": 7}]
    done = till.post("/orders/owners", {"person_id": avi.id, "orders": seen})
    assert [(item["version"], item["problem"]) for item in done["items"]] == [(2, ""), (1, "stale-version")]
    assert [till.get(f"/orders/{number}")["owner"] is None for number in (1, 2)] == [False, True]


def test_an_order_is_claimed_given_to_somebody_else_and_let_go_of(
    till: Client, database: Database, dima: Person, rina: Person, avi: Person
) -> None:
    place(database, dima)
    assert till.post("/orders/1/owner", {"person_id": rina.id, "version": 1})["owner"]["name"] == "Rina"
    assert till.post("/orders/1/owner", {"person_id": avi.id, "version": 2})["owner"]["name"] == "Avi"
    assert till.post("/orders/1/owner", {"person_id": None, "version": 3})["owner"] is None
    assert till.post("/orders/1/owner", {"person_id": dima.id, "version": 4}, 422)["code"] == "owner"
    till.post("/orders/1/moves", {"move": "cancel", "version": 4, "reason": "not wanted"})
    assert till.post("/orders/1/owner", {"person_id": rina.id, "version": 5}, 409)["type"] == problem("not-now")


def test_a_line_says_from_whom_it_comes_and_suggests_a_move(till: Client, database: Database, dima: Person) -> None:
    place(database, dima)
    till.post("/orders/1/moves", {"move": "take", "version": 1})
    ordered = till.patch("/orders/1/lines/1", {"state": "ordered", "version": 2, "supplier": "Champion"})
    assert (ordered["lines"][0]["supplier"], ordered["suggested"]) == ("Champion", "wait")
    assert till.patch("/orders/1/lines/1", {"state": "here", "version": 3})["suggested"] == "ready"
    till.patch("/orders/1/lines/1", {"state": "issued", "version": 4})
    assert till.patch("/orders/1/lines/1", {"state": "returned", "version": 5}, 422)["code"] == "reason_needed"
    back = till.patch("/orders/1/lines/1", {"state": "returned", "version": 5, "reason": "the wrong side"})
    assert back["lines"][0]["reason"] == "the wrong side"
