"""What a hundred boards ask for at once is made once, and nobody is shown what is somebody else's."""

from __future__ import annotations

import threading

from common.database.engine import Database
from common.database.models import Person
from common.orders.moves import Move
from common.talk import presence
from tests.webapp.desks import place
from tests.webapp.test_statements import asked
from tests.webapp.visitor import Visitor
from webapp.web.page_cache import PageCache


def test_those_who_come_while_it_is_made_get_what_is_made() -> None:
    cache, made = PageCache(), []
    begun, go_on = threading.Event(), threading.Event()

    def make() -> str:
        made.append(1)
        begun.set()
        assert go_on.wait(10)
        return "board"

    got: list[str] = []
    threads = [threading.Thread(target=lambda: got.append(cache.get_or_render("ru", 7, make))) for _ in range(9)]
    for thread in threads:
        thread.start()
    assert begun.wait(10)
    go_on.set()
    for thread in threads:
        thread.join(10)
    assert (got, len(made)) == (["board"] * 9, 1)


def test_a_newer_revision_and_other_readers_get_their_own() -> None:
    cache = PageCache()
    assert cache.get_or_render("ru", 7, lambda: "old") == "old"
    assert cache.get_or_render("ru", 8, lambda: "new") == "new"
    assert cache.get_or_render("ru", 7, lambda: "never") == "new"
    assert cache.get_or_render("he", 8, lambda: "other") == "other"


def test_what_failed_is_made_again() -> None:
    cache = PageCache()
    try:
        cache.get_or_render("ru", 7, lambda: str(1 // 0))
    except ZeroDivisionError:
        assert cache.get_or_render("ru", 7, lambda: "board") == "board"


def test_an_undo_is_offered_to_nobody_else(
    manager: Visitor, storekeeper: Visitor, database: Database, dima: Person, rina: Person
) -> None:
    order = place(database, dima)
    with database.write() as session:  # both read the same words
        session.get_one(Person, rina.id).language = "en"
    storekeeper.post(f"/orders/{order.id}/moves", {"move": Move.TAKE, "version": "1", "back": "board"})
    hers, his = storekeeper.text("/board/columns"), manager.text("/board/columns")
    for text in (hers, his):
        assert f'id="card-{order.id}"' in text
    assert f"/orders/{order.id}/undo" in hers
    assert f"/orders/{order.id}/undo" not in his


def test_the_second_who_asks_costs_less(manager: Visitor, database: Database, dima: Person) -> None:
    place(database, dima)
    manager.get("/board/columns")
    place(database, dima)
    first, second = (asked(manager, database, "/board/columns") for _ in range(2))
    assert second < first
    assert manager.text("/board/columns").count('id="card-') == 2


def test_the_first_paint_and_the_update_are_the_same_columns(
    manager: Visitor, database: Database, dima: Person
) -> None:
    place(database, dima)
    whole, update = manager.text("/"), manager.text("/board/columns")
    assert update[update.index('<nav class="jump"') :].strip() in whole


def test_who_has_an_order_open_is_told_of_the_others_only(
    manager: Visitor, storekeeper: Visitor, database: Database, dima: Person, rina: Person
) -> None:
    order = place(database, dima)
    with database.write() as session:
        session.get_one(Person, rina.id).language = "en"
        presence.mark_open(session, order.id, rina.id)
    assert "Rina</bdi> has it open" in manager.text("/board/columns")
    assert "has it open" not in storekeeper.text("/board/columns")
