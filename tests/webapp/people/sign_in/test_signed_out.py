"""A form of somebody who is no longer signed in leads to the login and back, however large it is."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from flask import Flask

from common import clock
from common.database.engine import Database
from common.database.models import Order, Person
from common.media import desk_photos
from common.people import logins
from tests.support.cast import PASSWORD
from tests.webapp.desks import line, place
from tests.webapp.visitor import OWN, Visitor
from webapp.web import form_limits

PAGE = "/orders?state=new"
LARGE = bytes(form_limits.MAX_FORM + 1)
PHOTO = bytes(desk_photos.MAX_UPLOAD - form_limits.MAX_FORM)
HUGE = bytes(desk_photos.MAX_UPLOAD + 10 * form_limits.MAX_FORM)
EXPIRED = timedelta(seconds=1) + logins.SESSION_LIFE
CONTENT_TYPE = "multipart/form-data; boundary=x"
MULTIPART = b'--x\r\nContent-Disposition: form-data; name="photo"; filename="a.jpg"\r\n\r\n%b\r\n--x--\r\n'
FOREIGN = {"Origin": "https://evil.example"}


def send(visitor: Visitor, path: str, content: bytes, headers: dict[str, str] | None = None) -> tuple[int, str]:
    """Send a form with a file from a page of the desk."""
    came_from = {**OWN, "Referer": f"http://localhost{PAGE}"}
    answer = visitor.post(path, MULTIPART % content, headers=headers or came_from, content_type=CONTENT_TYPE)
    return answer.status_code, answer.location or ""


@pytest.fixture
def order(database: Database, dima: Person) -> Order:
    return place(database, dima, line())


@pytest.mark.parametrize("content", [b"", LARGE, PHOTO, HUGE], ids=["none", "large", "photo", "larger than any"])
def test_whoever_sends_a_form_after_the_session_ended_signs_in_and_is_back_on_the_page(
    storekeeper: Visitor, order: Order, rina: Person, database: Database, content: bytes
) -> None:
    with database.write() as session:
        logins.set_password(session, session.get_one(Person, rina.id), "rina", PASSWORD)
    with clock.travel(EXPIRED):
        code, where = send(storekeeper, f"/orders/{order.id}/messages", content)
        assert (code, urlsplit(where).path) == (303, "/login")
        back = parse_qs(urlsplit(where).query)["next"][0]
        signed_in = storekeeper.post("/login", {"username": "rina", "password": PASSWORD, "next": back})
    assert (signed_in.status_code, signed_in.location) == (303, PAGE)


@pytest.mark.parametrize("path", ["/orders/1/messages", "/catalogue/import", "/catalogue/parts"])
def test_whoever_never_signed_in_is_sent_to_the_login_with_a_large_form(stranger: Visitor, path: str) -> None:
    code, where = send(stranger, path, LARGE)
    assert (code, urlsplit(where).path) == (303, "/login")


def test_a_large_form_of_a_foreign_page_is_refused(stranger: Visitor) -> None:
    assert send(stranger, "/orders/1/messages", LARGE, FOREIGN)[0] == 403


def test_a_large_form_of_a_reader_without_the_right_is_refused(storekeeper: Visitor, manager: Visitor) -> None:
    assert send(storekeeper, "/catalogue/import", LARGE)[0] == 413
    assert send(storekeeper, "/catalogue/import", b"")[0] == 403
    assert send(manager, "/catalogue/parts", LARGE)[0] == 413


def test_a_large_form_of_a_page_that_is_open_to_all_is_refused(stranger: Visitor) -> None:
    assert send(stranger, "/login", LARGE)[0] == 413


@pytest.mark.parametrize(
    "referer",
    [
        "",
        "http://[",
        "https://evil.example/orders",
        "http://localhost//evil.example",
        "http://localhost/orders/1/messages",
        "http://localhost/nothing-here",
    ],
)
def test_from_no_page_of_ours_the_way_leads_to_the_board(app: Flask, referer: str) -> None:
    stranger = Visitor(app)
    code, where = send(stranger, "/orders/1/messages", b"", {**OWN, "Referer": referer})
    assert (code, where) == (303, "/login?lost=file")


def test_a_part_of_a_page_leads_back_to_its_page(stranger: Visitor) -> None:
    headers = {"HX-Request": "true", "Referer": f"http://localhost{PAGE}"}
    answer = stranger.get("/board/columns", headers=headers)
    assert (answer.status_code, answer.headers["HX-Redirect"]) == (401, "/login?next=%2Forders%3Fstate%3Dnew")


@pytest.mark.parametrize(
    ("sent", "words"),
    [
        ({"data": {"text": "where is it?"}}, "what you just sent was not kept"),
        ({"data": {"text": "x"}, "headers": {**OWN, "HX-Request": "true"}}, "what you just sent was not kept"),
        (
            {"data": MULTIPART % b"jpeg", "content_type": CONTENT_TYPE},
            "the photo or file that you just sent was not kept",
        ),
        (
            {"data": MULTIPART % PHOTO, "content_type": CONTENT_TYPE},
            "the photo or file that you just sent was not kept",
        ),
    ],
    ids=["words", "words of a part of a page", "photo", "large photo"],
)
def test_the_login_says_what_was_not_kept_and_goes_on_saying_so(
    stranger: Visitor, sent: dict[str, Any], words: str
) -> None:
    answer = stranger.post("/orders/1/messages", **sent)
    login = answer.location or answer.headers["HX-Redirect"]
    page = stranger.get(login)
    assert words in page.text
    lost = parse_qs(urlsplit(login).query)["lost"][0]
    again = stranger.post("/login", {"username": "rina", "password": "wrong", "lost": lost})
    assert words in again.text


def test_whoever_sent_nothing_is_told_of_no_loss(stranger: Visitor, order: Order) -> None:
    for answer in (stranger.get("/orders"), stranger.post(f"/orders/{order.id}/look")):
        assert urlsplit(answer.location or "").path == "/login"
        assert "lost" not in (answer.location or "")
    assert "not kept" not in stranger.text("/login?lost=everything")
