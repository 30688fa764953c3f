"""Quick replies: kept by managers, picked by whoever writes, filled before they are sent."""

from __future__ import annotations

import time

import pytest

from common.database.engine import Database
from common.database.models import Order, Person
from common.talk import quick_replies
from tests.support.cast import acts
from tests.webapp.desks import line, place
from tests.webapp.visitor import Visitor

ETA = {"ru": "{part}: ждём {date}", "en": "{part}: expected {date}"}
HOSTILE = "<script>alert(1)</script>"


@pytest.fixture
def eta(database: Database, avi: Person) -> int:
    with database.write() as session:
        return quick_replies.create(session, acts(avi), "eta", ETA).id


@pytest.fixture
def order(database: Database, dima: Person) -> Order:
    return place(database, dima, line("колодки"), line("масло"))


def typed(**more: str) -> dict[str, str]:
    return {"shortcut": "eta", "text_en": f"{HOSTILE} {{number}}", "text_ru": "", "text_he": "", **more}


def test_a_reply_is_written_seen_and_listed(manager: Visitor) -> None:
    answer = manager.post("/replies", typed(do="preview"))
    assert answer.status_code == 200
    assert "&lt;script&gt;alert(1)&lt;/script&gt; 1041" in answer.text
    assert answer.text.count("not written: English is used") == 2
    answer = manager.post("/replies", typed())
    assert answer.status_code == 303
    text = manager.text("/replies")
    assert "/eta" in text
    assert "no Русский" in text
    assert "<script>alert" not in text + manager.text(answer.location)


def test_a_reply_that_is_refused_loses_no_word(manager: Visitor, eta: int) -> None:
    for path, fields in (
        ("/replies", typed()),
        ("/replies", typed(shortcut="new", text_en="costs {price}")),
        (f"/replies/{eta}", typed(version="1", text_en="costs {price}")),
    ):
        answer = manager.post(path, fields)
        assert answer.status_code == 400
        assert "{price}" in answer.text or "shortcut already" in answer.text
        assert f'value="{fields["shortcut"]}"' in answer.text


def test_two_browsers_race_for_one_reply_and_the_second_loses_no_word(manager: Visitor, eta: int) -> None:
    assert manager.post(f"/replies/{eta}", typed(version="1", text_en="first")).status_code == 303
    answer = manager.post(f"/replies/{eta}", typed(version="1", text_en="second"))
    assert answer.status_code == 409
    assert "second</textarea>" in answer.text
    assert "<bdi>first</bdi>" in answer.text


def test_a_reply_goes_out_of_use_and_comes_back(manager: Visitor, eta: int) -> None:
    manager.post(f"/replies/{eta}/archive")
    assert "/replies/1" not in manager.text("/replies")
    assert f"/replies/{eta}" in manager.text("/replies?show=archived")
    manager.post(f"/replies/{eta}/restore")
    assert f"/replies/{eta}" in manager.text("/replies")


def test_many_replies_page(manager: Visitor, database: Database, avi: Person) -> None:
    with database.write() as session:
        for number in range(41):
            quick_replies.create(session, acts(avi), f"r{number:02}", {"en": "x"})
    text = manager.text("/replies")
    assert "after=r39" in text
    assert "/r40" in manager.text("/replies?after=r39")


def test_picked_it_stands_in_the_box_in_the_mechanics_language(
    manager: Visitor, database: Database, order: Order, eta: int
) -> None:
    with database.read() as session:
        oil = session.get_one(Order, order.id).lines[1].id
    answer = manager.post(f"/orders/{order.id}/replies", {"reply": "eta", "line": str(oil), "text": "Привет!"})
    assert answer.status_code == 200
    assert "Привет!\nмасло: ждём {date}</textarea>" in answer.text
    assert "fill it in before you send: {date}" in answer.text
    sent = manager.post(f"/orders/{order.id}/messages", {"key": "k" * 12, "text": "масло: ждём {date}"})
    assert sent.status_code == 400
    assert "Fill in {date} first" in sent.text
    assert "масло: ждём {date}</textarea>" in sent.text


def test_a_message_full_of_spaces_behind_a_brace_is_answered_at_once(manager: Visitor, order: Order) -> None:
    """While a regular expression tries, nobody else is answered."""
    began = time.monotonic()
    sent = manager.post(f"/orders/{order.id}/messages", {"key": "k" * 12, "text": "{" + " " * 3490 + "x"})
    assert sent.status_code == 303
    assert time.monotonic() - began < 2.5


def test_a_script_gets_the_same_without_the_page(manager: Visitor, order: Order, eta: int) -> None:
    json = {"Sec-Fetch-Site": "same-origin", "Accept": "application/json"}
    answer = manager.post(f"/orders/{order.id}/replies", {"reply": "/ETA"}, headers=json)
    assert answer.json is not None
    assert (answer.json["text"], answer.json["missing"]) == ("{part}: ждём {date}", ["part", "date"])
    assert manager.post(f"/orders/{order.id}/replies", {"reply": "zzz"}, headers=json).status_code == 400


def test_an_unknown_reply_loses_no_word(manager: Visitor, order: Order) -> None:
    answer = manager.post(f"/orders/{order.id}/replies", {"reply": "zzz", "text": "half a word"})
    assert answer.status_code == 400
    assert "half a word</textarea>" in answer.text
