"""Slips: the paper's words, its language, the copy's mark, and what the timeline says of it."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from flask import Flask

from common.database.engine import Database
from common.database.models import Additives, Grade, Order, Person
from common.orders.moves import Move
from tests.webapp.desks import line, move, place, signed_in
from tests.webapp.visitor import Visitor

KEY = "k" * 16


def paper(text: str) -> str:
    """The first paper of a page, without its markup."""
    found = re.search(r"<article.*?</article>", text, re.DOTALL)
    assert found
    return " ".join(re.sub(r"<[^>]*>", " ", found[0]).split())


def print_it(visitor: Visitor, orders: str, key: str = KEY, width: str = "80", language: str = "en") -> str:
    """Press the button; the page after it."""
    answer = visitor.post("/slips", {"orders": orders, "key": key, "width": width, "language": language})
    assert answer.status_code == 303, answer.text
    return visitor.text(answer.location)


def test_a_paper_says_what_is_to_be_handed_out_and_to_whom(
    manager: Visitor, database: Database, dima: Person, rina: Person
) -> None:
    order = place(database, dima, line("air filter", 3, Grade.ORIGINAL), plate="12345678", comment="bay 3")
    move(database, order.id, Move.TAKE, rina)
    said = paper(manager.text(f"/orders/{order.id}/slip"))
    for words in ("Felix", f" {order.id} ", "123-45-678", "Dima", "3 × air filter original", "bay 3", "Served by Rina"):
        assert words in said, words
    assert "COPY" not in said


def test_additives_are_on_it(manager: Visitor, database: Database, dima: Person) -> None:
    order = place(database, dima)
    with database.write() as session:
        session.get_one(Order, order.id).additives = Additives.WITHOUT
    assert "No additives" in paper(manager.text(f"/orders/{order.id}/slip"))


def test_the_qr_code_opens_the_order_by_the_public_address(
    make_app: Callable[..., Flask], database: Database, dima: Person, avi: Person
) -> None:
    order = place(database, dima)
    visitor = signed_in(make_app(PUBLIC_URL="http://felix.example/"), database, avi)
    text = visitor.text(f"/orders/{order.id}/slip")
    assert f"http://felix.example/orders/{order.id} " in paper(text) + " "
    assert "<figure><svg" in text


@pytest.mark.parametrize(
    ("language", "direction", "words"),
    [("he", "rtl", "נפתחה"), ("ru", "ltr", "Создан"), ("mechanic", "ltr", "Создан"), ("xx", "ltr", "Placed")],
)
def test_the_paper_has_a_language_of_its_own(
    manager: Visitor, database: Database, dima: Person, language: str, direction: str, words: str
) -> None:
    order = place(database, dima)
    text = manager.text(f"/orders/{order.id}/slip?language={language}")
    assert words in paper(text)
    assert f'dir="{direction}">' in text.partition("<article")[2]
    assert "Back to the order" in text  # the page speaks to its reader


def test_the_second_paper_says_that_it_is_a_copy_and_a_reload_is_no_second_paper(
    manager: Visitor, database: Database, dima: Person
) -> None:
    order = place(database, dima)
    first = print_it(manager, str(order.id))
    assert "data-print" in first
    assert "COPY" not in paper(first) + paper(print_it(manager, str(order.id)))
    assert "COPY" in paper(manager.text(f"/orders/{order.id}/slip"))
    second = paper(print_it(manager, str(order.id), key="j" * 16))
    assert "COPY paper no. 2 , the first on" in second
    timeline = manager.text(f"/orders/{order.id}")
    assert "<bdi>Avi</bdi> printed the slip: <bdi>80 mm</bdi>" in timeline
    assert "<bdi>80 mm, copy, paper no. 2</bdi>" in timeline


def test_what_did_not_come_out_is_on_the_timeline(manager: Visitor, database: Database, dima: Person) -> None:
    order = place(database, dima)
    print_it(manager, str(order.id))
    answer = manager.post("/slips/failed", {"orders": str(order.id), "key": KEY})
    assert answer.status_code == 303
    assert "COPY" in paper(manager.text(answer.location))
    assert "the slip did not come out" in manager.text(f"/orders/{order.id}")


def test_an_address_that_was_not_printed_is_a_preview(manager: Visitor, database: Database, dima: Person) -> None:
    order = place(database, dima)
    assert "data-print" not in manager.text(f"/orders/{order.id}/slip?key={KEY}")


def test_many_come_each_on_a_paper_of_its_own(manager: Visitor, database: Database, dima: Person) -> None:
    first, second = place(database, dima), place(database, dima)
    print_it(manager, str(first.id))
    text = print_it(manager, f"{second.id},{first.id}", key="j" * 16)
    assert text.count("<article") == 2
    assert text.count("<strong>COPY</strong>") == 1
    assert "data-print" in text


def test_a_form_may_name_each_order_by_a_field_of_its_own(manager: Visitor, database: Database, dima: Person) -> None:
    first, second = place(database, dima), place(database, dima)
    assert manager.text(f"/slips?orders={first.id}&orders={second.id}").count("<article") == 2


def test_what_is_ticked_in_the_list_is_printed(manager: Visitor, database: Database, dima: Person) -> None:
    first, second, _third = (place(database, dima) for _ in range(3))
    assert "/slips/choose" in manager.text("/orders")
    picked = {"pick": [f"{first.id}:1", f"{second.id}:1"], "shown": [f"{n.id}:1" for n in (first, second, _third)]}
    for more, count in (({}, 2), ({"all": "1"}, 3)):
        answer = manager.post("/slips/choose", {**picked, **more})
        assert answer.status_code == 303
        assert manager.text(answer.location).count("<article") == count


def test_the_browser_remembers_its_paper(manager: Visitor, database: Database, dima: Person) -> None:
    order = place(database, dima)
    print_it(manager, str(order.id), width="58")
    assert 'data-width="58"' in manager.text(f"/orders/{order.id}/slip")


def test_what_is_written_by_people_stays_words(manager: Visitor, database: Database, dima: Person) -> None:
    order = place(database, dima, line("<script>alert(1)</script>"), comment="<b>x</b>")
    text = manager.text(f"/orders/{order.id}/slip")
    assert "<script>alert" not in text
    assert "<b>x</b>" not in text
