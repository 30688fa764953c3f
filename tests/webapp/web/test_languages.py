"""Each reader reads their own language."""

from __future__ import annotations

import pytest

from common.database.engine import Database
from common.database.models import Grade, Person
from tests.webapp.desks import line, place
from tests.webapp.visitor import Visitor


def test_the_page_speaks_the_readers_language_not_the_browsers(storekeeper: Visitor) -> None:
    text = storekeeper.get("/", headers={"Accept-Language": "ru"}).text
    assert '<html lang="he" dir="rtl"' in text


def test_states_and_grades_are_words_not_codes(storekeeper: Visitor, database: Database, dima: Person) -> None:
    order = place(database, dima, line("oil filter", 1, Grade.ORIGINAL))
    for path in ("/", "/orders", f"/orders/{order.id}"):
        text = storekeeper.text(path)
        assert ">חדשה<" in text, path
        assert ">new<" not in text
    assert "מקורי" in storekeeper.text(f"/orders/{order.id}")


def test_a_reader_changes_it_by_a_press(storekeeper: Visitor, database: Database, rina: Person) -> None:
    answer = storekeeper.post("/account/language", {"language": "ru", "next": "/orders"})
    assert answer.location == "/orders"
    assert '<html lang="ru" dir="ltr"' in storekeeper.text("/")
    with database.read() as session:
        assert session.get_one(Person, rina.id).language == "ru"


@pytest.mark.parametrize(
    ("accepts", "language"), [("he-IL,he;q=0.9", "he"), ("iw", "he"), ("fr, ru;q=0.5", "ru"), ("fr", "en"), ("", "en")]
)
def test_before_the_login_the_browser_is_asked_then_the_station(stranger: Visitor, accepts: str, language: str) -> None:
    assert f'<html lang="{language}"' in stranger.get("/login", headers={"Accept-Language": accepts}).text


def test_a_strangers_choice_is_remembered(stranger: Visitor) -> None:
    stranger.post("/account/language", {"language": "he", "next": "/login"})
    assert '<html lang="he"' in stranger.get("/login", headers={"Accept-Language": "ru"}).text


@pytest.mark.parametrize("language", ["", "xx", "../../etc", "en\0"])
def test_another_language_is_refused(manager: Visitor, language: str) -> None:
    assert manager.post("/account/language", {"language": language}).status_code == 400


def test_looking_at_an_address_never_changes_it(manager: Visitor) -> None:
    assert manager.get("/account/language").status_code == 405


def test_one_readers_language_does_not_leak_into_the_next_request(storekeeper: Visitor, manager: Visitor) -> None:
    for _ in range(3):
        assert 'lang="he"' in storekeeper.text("/")
        assert 'lang="en"' in manager.text("/")


@pytest.mark.parametrize("theme", ["light", "dark", "auto"])
def test_light_or_dark_is_the_readers_choice(manager: Visitor, theme: str) -> None:
    manager.post("/account/theme", {"theme": theme})
    assert f'data-theme="{theme}"' in manager.text("/")


def test_another_theme_is_refused(manager: Visitor) -> None:
    assert manager.post("/account/theme", {"theme": '"><script>'}).status_code == 400
