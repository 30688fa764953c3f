"""What holds for every endpoint: who may, what is understood, what is done once."""

from __future__ import annotations

import re
import threading
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import func, select

from common import clock, idempotency
from common.database.engine import Database
from common.database.models import ApiRequest, ApiToken, ChatMessage, Event, Order, Person
from common.people.scopes import Scope
from tests.support.cast import AVI, DIMA, RINA, hire
from tests.webapp.api.client import BASE, Client, problem, token
from tests.webapp.desks import OpenApp, place, signed_in
from webapp.api.resources import ENDPOINTS


def order_for(person: Person, **changes: Any) -> dict[str, Any]:
    return {"person_id": person.id, "vehicle": "1234567", "lines": [{"text": "oil filter", "quantity": 2}], **changes}


def count(database: Database, table: type) -> int:
    with database.read() as session:
        return session.scalar(select(func.count()).select_from(table)) or 0


@pytest.mark.parametrize("sent", [None, "", "Bearer", "Bearer fh_wrong", "Basic eDp5", "Bearer fh_\xe9\xff"])
def test_without_a_good_token_there_is_nothing(app: Flask, sent: str | None) -> None:
    headers = {} if sent is None else {"Authorization": sent}
    answer = app.test_client().get(f"{BASE}/orders", headers=headers)
    assert (answer.status_code, answer.mimetype) == (401, "application/problem+json")
    assert answer.get_json()["type"] == problem("unauthorized")
    assert answer.headers["WWW-Authenticate"].startswith('Bearer realm="felix-hub"')


def test_a_session_of_the_desk_opens_no_endpoint(app: Flask, database: Database, rina: Person) -> None:
    assert signed_in(app, database, rina).get(f"{BASE}/orders").status_code == 401


def test_a_token_opens_no_page(app: Flask, till: Client) -> None:
    answer = app.test_client().get("/orders", headers=till.headers)
    assert (answer.status_code, answer.location) == (303, "/login?next=%2Forders")


def test_a_missing_scope_is_named(app: Flask, database: Database, rina: Person) -> None:
    reader = Client(app, token(database, rina, [Scope.ORDERS_READ]))
    answer = reader.send("POST", "/orders", json={})
    assert answer.status_code == 403
    assert answer.get_json()["scope"] == "orders:write"
    assert 'error="insufficient_scope", scope="orders:write"' in answer.headers["WWW-Authenticate"]


def test_the_last_use_of_a_reader_is_kept_too(till: Client, database: Database) -> None:
    till.get("/me")
    with database.read() as session:
        assert session.scalar(select(ApiToken.seen_at)) is not None


@pytest.mark.parametrize(
    ("asked", "spoken", "title"),
    [
        ("en", "en", "There is nothing here"),
        ("ru;q=0.9, en;q=0.5", "ru", "Здесь ничего нет"),
        ("he-IL", "he", "אין כאן כלום"),
        ("xx", "en", "There is nothing here"),
    ],
)
def test_a_problem_speaks_the_clients_language(till: Client, asked: str, spoken: str, title: str) -> None:
    told = till.send("GET", "/orders/999", headers={"Accept-Language": asked})
    assert (told.headers["Content-Language"], told.get_json()["title"]) == (spoken, title)
    assert told.get_json()["type"] == problem("not-found")


@pytest.mark.parametrize("path", ["", "/", "/nothing", "/orders/", "/orders/0x1", "/orders/99999999999999999999"])
def test_errors_of_no_endpoint_are_problems_too(till: Client, path: str) -> None:
    assert till.get(path, 404)["type"] == problem("not-found")


def test_another_method_is_refused_with_those_that_are_known(till: Client) -> None:
    answer = till.send("DELETE", "/orders")
    assert (answer.status_code, answer.get_json()["type"]) == (405, problem("method"))
    assert set(answer.headers["Allow"].split(", ")) == {"GET", "HEAD", "POST"}


@pytest.mark.parametrize(
    ("accept", "status"),
    [("application/json", 200), ("*/*", 200), ("application/*;q=0.5", 200), ("text/html", 406), ("image/*", 406)],
)
def test_answers_are_json_or_nothing(till: Client, accept: str, status: int) -> None:
    assert till.send("GET", "/me", headers={"Accept": accept}).status_code == status


@pytest.mark.parametrize("kind", ["text/plain", "application/x-www-form-urlencoded", ""])
def test_bodies_are_json(till: Client, kind: str) -> None:
    answer = till.send("POST", "/orders", data=b"{}", headers={"Content-Type": kind})
    assert (answer.status_code, answer.get_json()["type"]) == (415, problem("media-type"))


def test_a_body_that_is_too_large_is_refused(till: Client) -> None:
    answer = till.send("POST", "/orders", json={"comment": "x" * 70_000})
    assert (answer.status_code, answer.get_json()["type"]) == (413, problem("too-large"))


def test_what_does_not_fit_is_named_place_by_place(till: Client, dima: Person) -> None:
    body = {"person_id": str(dima.id), "vehicle": "1234567", "lines": [{"quantity": 0}], "colour": "red"}
    told = till.post("/orders", body, 422)
    assert told["type"] == problem("invalid")
    assert [error["at"] for error in told["errors"]] == ["/person_id", "/lines/0/quantity", "/colour"]


def test_an_unknown_parameter_is_refused(till: Client) -> None:
    assert till.get("/orders?stat=new", 422)["errors"][0]["at"] == "/stat"


def test_the_same_key_again_places_one_order(till: Client, database: Database, dima: Person) -> None:
    first = till.send("POST", "/orders", json=order_for(dima), key="k-1")
    again = till.send("POST", "/orders", json=order_for(dima), key="k-1")
    assert (first.status_code, again.status_code) == (201, 201)
    assert again.get_data() == first.get_data()
    assert again.headers["Location"] == first.headers["Location"] == f"{BASE}/orders/1"
    assert ("Idempotency-Replayed" in first.headers, again.headers["Idempotency-Replayed"]) == (False, "true")
    assert count(database, Order) == 1


def test_the_same_key_with_another_body_is_refused(till: Client, database: Database, dima: Person) -> None:
    till.post("/orders", order_for(dima), 201, key="k-1")
    told = till.post("/orders", order_for(dima, comment="another"), 422, key="k-1")
    assert told["type"] == problem("key-reused")
    assert count(database, Order) == 1


def test_a_refused_request_leaves_its_key_free(till: Client, database: Database, dima: Person) -> None:
    till.post("/orders", order_for(dima, vehicle="-"), 422, key="k-1")
    assert count(database, ApiRequest) == 0
    till.post("/orders", order_for(dima), 201, key="k-1")


def test_a_key_is_forgotten_after_a_day(till: Client, database: Database, dima: Person) -> None:
    till.post("/orders", order_for(dima), 201, key="k-1")
    with clock.travel(timedelta(days=1)):
        till.post("/orders", order_for(dima), 201, key="k-1")
    assert count(database, Order) == 2


@pytest.mark.parametrize("key", ["x" * 256, "\xe9", "a\tb"])
def test_a_key_that_is_none_is_refused(till: Client, dima: Person, key: str) -> None:
    assert till.post("/orders", order_for(dima), 422, key=key)["errors"][0]["in"] == "header"


def test_a_secret_is_shown_once_and_not_kept(till: Client, database: Database) -> None:
    made = till.post("/invitations", {"name": "Lev"}, 201, key="k-1")
    assert till.post("/invitations", {"name": "Lev"}, 409, key="k-1")["type"] == problem("shown-once")
    with database.read() as session:
        row = session.scalars(select(ApiRequest)).one()
        assert made["code"] not in str(vars(row))


def test_what_is_done_through_the_api_says_so_on_the_timeline(till: Client, database: Database, dima: Person) -> None:
    till.post("/orders", order_for(dima), 201)
    with database.read() as session:
        event = session.scalars(select(Event)).one()
    assert (event.via, event.kind) == ("api", "order.placed")


def test_the_same_key_at_the_same_time_does_it_once(
    any_database: Database, any_database_url: str, app_on: OpenApp
) -> None:
    """Eight threads, one key, on both databases: one order, one message, and the same answer for all."""
    app = app_on(any_database, any_database_url)
    dima = hire(any_database, DIMA)
    client = Client(app, token(any_database, hire(any_database, RINA)))
    for path, body in (("/orders", order_for(dima)), ("/orders/1/messages", {"text": "It is here."})):
        answers = together(8, lambda path=path, body=body: client.send("POST", path, json=body, key="k" + path))
        assert {answer.status_code for answer in answers} == {201}
        assert len({answer.get_data() for answer in answers}) == 1
    assert (count(any_database, Order), count(any_database, ChatMessage)) == (1, 1)


def test_of_two_with_the_same_version_one_wins_and_the_other_sees_what_happened(
    any_database: Database, any_database_url: str, app_on: OpenApp
) -> None:
    app = app_on(any_database, any_database_url)
    place(any_database, hire(any_database, DIMA))
    client = Client(app, token(any_database, hire(any_database, RINA)))
    moves = iter(["take", "cancel"])
    answers = together(
        2,
        lambda: client.send("POST", "/orders/1/moves", json={"move": next(moves), "version": 1, "reason": "a race"}),
    )
    lost = next(answer for answer in answers if answer.status_code == 409).get_json()
    assert sorted(answer.status_code for answer in answers) == [200, 409]
    assert (lost["type"], lost["version"]) == (problem("stale-version"), 2)
    assert [fact["kind"] for fact in lost["happened"]] in (["order.taken"], ["order.cancelled"])


def test_whoever_comes_while_the_first_is_at_it_is_told_to_come_again(any_database_url: str, app_on: OpenApp) -> None:
    """The second waits as long as the database waits for a lock: PostgreSQL for the key, SQLite for its one writer."""
    first, second = Database(any_database_url), Database(any_database_url, lock_timeout=0.2)
    dima, value = hire(first, DIMA), token(first, hire(first, RINA))
    app = app_on(second, any_database_url)
    client = Client(app, value)
    client.get("/me")  # writes the time of use
    with first.write() as session:
        idempotency.begin_request(session, 1, "k", "something that takes long")
        answer = client.send("POST", "/orders", json=order_for(dima), key="k")
    wanted = (503, problem("busy")) if second.is_sqlite else (409, problem("in-progress"))
    assert (answer.status_code, answer.get_json()["type"]) == wanted
    assert answer.headers["Retry-After"] == "2"
    first.dispose()
    second.dispose()


def test_whatever_can_be_read_is_read_from_both_databases(
    any_database: Database, any_database_url: str, app_on: OpenApp
) -> None:
    app = app_on(any_database, any_database_url)
    client = Client(app, token(any_database, hire(any_database, AVI)))
    place(any_database, hire(any_database, DIMA))
    client.post("/categories", {"names": {"en": "Filters"}}, 201)
    client.post("/parts", {"category_id": 1, "names": {"en": "Filter"}}, 201)
    client.post("/replies", {"shortcut": "eta", "texts": {"en": "{part}"}}, 201)
    client.post("/views", {"name": "New", "filters": {"state": ["new"]}}, 201)
    queries = {"/changes": "?since=2020-01-01T00:00:00Z", "/parts/search": "?q=filter", "/orders": "?q=oil&limit=1"}
    for endpoint in ENDPOINTS:
        if endpoint.method == "GET":
            client.get(re.sub(r"{\w+}", "1", endpoint.path) + queries.get(endpoint.path, ""))
    moved = client.post("/orders/moves", {"move": "take", "orders": [{"id": 1, "version": 1}, {"id": 9, "version": 1}]})
    assert [item["problem"] for item in moved["items"]] == ["", "not-found"]


def together(number: int, send: Any) -> list[Any]:
    start, answers = threading.Barrier(number), []

    def run() -> None:
        start.wait(20)
        answers.append(send())

    threads = [threading.Thread(target=run) for _ in range(number)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert len(answers) == number
    return answers
