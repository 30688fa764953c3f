"""Orders through the API: found, paged, polled for changes; lists that are saved."""

from __future__ import annotations

from datetime import UTC, timedelta, timezone

import pytest

from common import clock
from common.database.engine import Database
from common.database.models import Person
from common.orders.moves import Move
from tests.webapp.api.client import Client, ids
from tests.webapp.desks import line, move, place


def test_pages_follow_one_another_whatever_comes_in_between(till: Client, database: Database, dima: Person) -> None:
    for _ in range(5):
        place(database, dima)
    first = till.get("/orders?limit=2")
    place(database, dima)
    second = till.get(f"/orders?limit=2&cursor={first['next_cursor']}")
    third = till.get(f"/orders?limit=3&cursor={second['next_cursor']}")
    assert [ids(first), ids(second), ids(third)] == [[5, 4], [3, 2], [1]]
    assert third["next_cursor"] is None


def test_a_cursor_belongs_to_its_list(till: Client, database: Database, dima: Person) -> None:
    for _ in range(2):
        place(database, dima)
    cursor = till.get("/orders?limit=1&state=new")["next_cursor"]
    told = till.get(f"/orders?limit=1&state=ready&cursor={cursor}", 422)
    assert told["errors"][0]["at"] == "/cursor"


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("", [3, 2, 1]),
        ("state=in_work", [2]),
        ("state=in_work&state=new", [3, 2, 1]),
        ("q=77-888-99", [3]),
        ("q=brake", [1]),
        ("owner=mine", [2]),
        ("owner=nobody", [3, 1]),
        ("from=2000-01-01&to=2000-01-02", []),
        ("from=2000-01-01", [3, 2, 1]),
        ("overdue=1", []),
    ],
)
def test_orders_are_found_as_at_the_desk(
    till: Client, database: Database, dima: Person, rina: Person, query: str, found: list[int]
) -> None:
    place(database, dima, line("brake pads"))
    place(database, dima)
    place(database, dima, plate="7788899")
    move(database, 2, Move.TAKE, rina)
    assert ids(till.get(f"/orders?{query}")) == found


def test_of_a_mechanic(till: Client, database: Database, dima: Person, noa: Person) -> None:
    place(database, dima)
    place(database, noa)
    assert ids(till.get(f"/orders?person={noa.id}")) == [2]


def test_what_changed_since_then_comes_in_the_order_of_change(
    till: Client, database: Database, dima: Person, rina: Person
) -> None:
    with clock.travel(-timedelta(hours=3)):
        for _ in range(3):
            place(database, dima)
    since = till.get("/revision")["now"].replace("+", "%2B")
    move(database, 3, Move.TAKE, rina)
    till.patch("/orders/3/lines/3", {"state": "here", "version": 2})
    till.post("/orders/1/messages", {"text": "It is on its way."}, 201)
    first = till.get(f"/changes?since={since}&limit=1")
    rest = till.get(f"/changes?since={since}&limit=1&cursor={first['next_cursor']}")
    assert (ids(first), ids(rest), rest["next_cursor"]) == ([3], [1], None)


def test_a_moment_counts_in_whatever_zone_it_is_said(till: Client, database: Database, dima: Person) -> None:
    place(database, dima)
    hour = timedelta(hours=1)
    for zone in (timezone(-5 * hour), UTC, timezone(5 * hour)):
        for since, found in ((clock.utcnow() - hour, [1]), (clock.utcnow() + hour, [])):
            said = since.astimezone(zone).isoformat().replace("+", "%2B")
            assert ids(till.get(f"/changes?since={said}")) == found


def test_a_poller_is_told_whether_anything_changed(till: Client, database: Database, dima: Person) -> None:
    seen = till.get("/revision")["revision"]
    assert till.get(f"/revision?since={seen}")["changed"] is False
    place(database, dima)
    assert till.get(f"/revision?since={seen}")["changed"] is True


def test_a_view_is_saved_shared_changed_and_put_away(till: Client, office: Client) -> None:
    view = till.post("/views", {"name": "Mine", "filters": {"owner": ["mine"]}}, 201)
    office.get(f"/views/{view['id']}", 404)
    shared = till.patch(f"/views/{view['id']}", {"shared": True, "version": 1})
    assert ids(office.get("/views")) == [view["id"]]
    assert till.patch(f"/views/{view['id']}", {"name": "Old", "version": 1}, 409)["version"] == shared["version"]
    till.post(f"/views/{view['id']}/archive", {"version": 2})
    assert ids(till.get("/views")) == []
    till.post("/views", {"name": "x", "filters": {"colour": ["red"]}}, 422)
