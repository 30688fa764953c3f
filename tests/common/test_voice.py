"""One name for each thing and one voice for each language, in every text of bot and desk."""

from __future__ import annotations

import pytest
from babel.messages.catalog import Catalog

from common.languages import LANGUAGES
from common.locale import sources
from common.locale.voice import TERMS, problems


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_text_names_a_thing_by_a_second_word_or_changes_its_voice(language: str) -> None:
    assert list(problems(language, sources.read(sources.path_of(language), language))) == []


@pytest.mark.parametrize(
    ("language", "text", "named"),
    [
        ("ru", "Спроси у стойки.", "стойк"),
        ("ru", "Напишите номер машины.", "address"),
        ("ru", "Фото для вас", "address"),
        ("he", "כתוב מספר רכב", "address"),
        ("he", "לפתוח בדלפק", "דלפק"),
        ("he", "אפשר לבקש קישור הזמנה", "קישור הזמנה"),
        ("en", "Order 7 is already issued.", "issue"),
        ("en", "Ask at the counter.", "counter"),
    ],
)
def test_another_word_and_another_voice_are_named(language: str, text: str, named: str) -> None:
    catalogue = Catalog(locale=language)
    catalogue.add("source", text)
    (problem,) = problems(language, catalogue)
    assert named in problem


def test_no_name_of_a_thing_is_banned_for_another() -> None:
    for language in LANGUAGES:
        names = Catalog(locale=language)
        for term in TERMS:
            names.add(term.en, term.name(language))
        assert list(problems(language, names)) == []
