"""Saved views: a name for a list, a link for a colleague, and two who change one at once."""

from __future__ import annotations

import re

from common.database.engine import Database
from common.database.models import Person, SavedView
from common.orders.moves import Move
from tests.webapp.desks import move, place
from tests.webapp.visitor import Visitor


def save(visitor: Visitor, name: str = "Morning", **fields: str) -> str:
    """Saves a view; its link."""
    answer = visitor.post("/views", {"name": name, "state": "new", **fields})
    assert answer.status_code == 303, answer.text
    return str(answer.location)


def view(database: Database, number: int = 1) -> SavedView:
    with database.read() as session:
        return session.get_one(SavedView, number)


def test_a_shared_views_link_opens_the_same_list_for_a_colleague(
    storekeeper: Visitor, manager: Visitor, database: Database, dima: Person, avi: Person
) -> None:
    new, taken = place(database, dima), place(database, dima)
    move(database, taken.id, Move.TAKE, avi)
    link = save(storekeeper, shared="1", q="oil")
    for reader in (storekeeper, manager):
        text = reader.text(link)
        assert "Morning" in text
        assert f'href="/orders/{new.id}"' in text
        assert f'href="/orders/{taken.id}"' not in text
        assert link in reader.text("/orders")


def test_a_private_view_is_nobody_elses(storekeeper: Visitor, manager: Visitor, database: Database) -> None:
    link = save(storekeeper, "Geheim")
    assert manager.get(link).status_code == 404
    assert "Geheim" not in manager.text("/views") + manager.text("/orders")
    answer = manager.post("/views/1", {"version": "1", "name": "Mine now"})
    assert answer.status_code == 404
    assert view(database).name == "Geheim"


def test_mine_is_each_readers_own(
    storekeeper: Visitor, manager: Visitor, database: Database, dima: Person, rina: Person, avi: Person
) -> None:
    hers, his = place(database, dima), place(database, dima)
    move(database, hers.id, Move.TAKE, rina)
    move(database, his.id, Move.TAKE, avi)
    link = save(storekeeper, shared="1", state="in_work", owner="mine")
    for reader, order in ((storekeeper, hers), (manager, his)):
        assert re.findall(r'class="num" href="/orders/(\d+)"', reader.text(link)) == [str(order.id)]


def test_of_two_who_change_it_at_once_one_is_told_and_keeps_what_was_typed(
    storekeeper: Visitor, manager: Visitor, database: Database
) -> None:
    save(storekeeper, shared="1")
    assert manager.post("/views/1", {"version": "1", "name": "Avi's", "shared": "1"}).status_code == 303
    late = storekeeper.post("/views/1", {"version": "1", "name": "Rina's", "shared": "1"})
    assert late.status_code == 409
    assert "Avi&#39;s" in late.text
    assert 'value="Rina&#39;s"' in late.text
    assert (view(database).name, view(database).version) == ("Avi's", 2)


def test_other_filters_are_saved_into_it_or_beside_it(storekeeper: Visitor, database: Database) -> None:
    link = save(storekeeper)
    changed = storekeeper.text(f"{link}&changed=1&state=new&state=ready")
    assert 'name="filters"' in changed
    assert 'action="/views"' in changed
    fields = {"version": "1", "filters": "1", "state": ["new", "ready"]}
    assert storekeeper.post("/views/1", fields).location == link
    assert view(database).wanted == {"state": ["new", "ready"]}
    assert view(database).name == "Morning"


def test_an_archived_view_leaves_the_lists_and_its_link_goes_on(storekeeper: Visitor, database: Database) -> None:
    link = save(storekeeper)
    assert storekeeper.post("/views/1/archive", {"version": "1"}).status_code == 303
    assert link not in storekeeper.text("/views")
    assert link in storekeeper.text("/views?show=archived")
    assert storekeeper.get(link).status_code == 200
    assert storekeeper.post("/views/1/archive", {"version": "1"}).status_code == 409
    assert storekeeper.post("/views/1/restore", {"version": "2"}).status_code == 303
    assert link in storekeeper.text("/views")


def test_who_is_no_manager_leaves_the_views_of_others_alone(
    storekeeper: Visitor, manager: Visitor, database: Database
) -> None:
    link = save(manager, shared="1")
    assert f'href="{link}"' in storekeeper.text("/views")
    assert 'action="/views/1' not in storekeeper.text("/views")
    assert storekeeper.post("/views/1", {"version": "1", "name": "x"}).status_code == 403
    assert view(database).version == 1


def test_what_is_no_view_is_refused_in_words(manager: Visitor, database: Database) -> None:
    for fields, words in (
        ({"name": " ", "q": "oil"}, "1 to 60"),
        ({"name": "x" * 61, "q": "oil"}, "1 to 60"),
        ({"name": "all", "state": "lost"}, "Filter the list first"),
    ):
        answer = manager.post("/views", fields)
        assert answer.status_code == 400
        assert words in answer.text


def test_a_filter_that_is_gone_is_named_and_the_rest_holds(manager: Visitor, database: Database, dima: Person) -> None:
    order = place(database, dima)
    text = manager.text("/orders?state=new&person=999&category=9999&state=lost&from=x")
    assert f'href="/orders/{order.id}"' in text
    for value in ("999", "9999", "lost", "x"):
        assert f"“{value}”" in text


def test_a_chip_takes_its_own_filter_away(manager: Visitor, database: Database, dima: Person) -> None:
    text = manager.text(f"/orders?q=oil&state=new&state=ready&person={dima.id}&overdue=1")
    chips = re.findall(r'class="chip" href="([^"]+)"', text)
    assert chips == [
        f"/orders?state=new&amp;state=ready&amp;person={dima.id}&amp;overdue=1",
        f"/orders?q=oil&amp;state=ready&amp;person={dima.id}&amp;overdue=1",
        f"/orders?q=oil&amp;state=new&amp;person={dima.id}&amp;overdue=1",
        "/orders?q=oil&amp;state=new&amp;state=ready&amp;overdue=1",
        f"/orders?q=oil&amp;state=new&amp;state=ready&amp;person={dima.id}",
    ]
