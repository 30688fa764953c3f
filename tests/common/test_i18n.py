"""The language is the reader's, in every thread and task its own."""

from __future__ import annotations

import asyncio
import threading

import pytest

from common import i18n
from common.languages import LANGUAGES, NAMES


def test_every_language_has_a_name_and_a_direction() -> None:
    assert set(NAMES) == set(LANGUAGES)
    assert {code: i18n.direction(code) for code in LANGUAGES} == {"ru": "ltr", "he": "rtl", "en": "ltr"}


def test_a_language_is_spoken_within_a_block_and_blocks_nest() -> None:
    with i18n.use_language("ru"):
        with i18n.use_language("he"):
            assert (i18n.language(), i18n.direction(), str(i18n.locale())) == ("he", "rtl", "he")
        assert i18n.language() == "ru"
    assert i18n.language() == "en"


def test_each_thread_speaks_its_own_language() -> None:
    seen: list[str] = []
    with i18n.use_language("he"):
        thread = threading.Thread(target=lambda: seen.append(i18n.language()))
        thread.start()
        thread.join(5)
    assert seen == ["en"]


async def test_each_task_speaks_its_own_language() -> None:
    async def speak(code: str) -> str:
        with i18n.use_language(code):
            await asyncio.sleep(0)
            return i18n.language()

    assert await asyncio.gather(*(speak(code) for code in LANGUAGES)) == list(LANGUAGES)


@pytest.mark.parametrize(
    ("code", "known"),
    [
        ("ru", "ru"),
        ("ru-RU", "ru"),
        ("RU_ru", "ru"),
        ("iw", "he"),
        ("he-IL", "he"),
        ("en-GB", "en"),
        ("uk", None),
        ("", None),
        (None, None),
        ("rus", None),
    ],
)
def test_what_telegram_and_browsers_call_a_language(code: str | None, known: str | None) -> None:
    assert i18n.known_language(code) == known


def test_a_language_without_a_catalogue_speaks_the_sources() -> None:
    with i18n.use_language("xx"):
        assert i18n.gettext("New order") == "New order"
        assert i18n.ngettext("one", "many", 3) == "many"


def test_nothing_translates_to_nothing() -> None:
    for code in LANGUAGES:
        with i18n.use_language(code):
            assert i18n.gettext("") == ""


def test_russian_counts_in_its_own_way() -> None:
    forms = {i18n.translations("ru").plural(number) for number in (1, 2, 5)}  # type: ignore[attr-defined]
    assert forms == {0, 1, 2}


def test_names_and_numbers_keep_their_own_direction() -> None:
    assert i18n.isolated("נועה") == "\u2068נועה\u2069"
    assert i18n.left_to_right("12-345-67") == "\u206612-345-67\u2069"


@pytest.mark.parametrize(
    ("words", "shown"),
    [
        ({"ru": "Свеча", "he": "מצת", "en": "Plug"}, "מצת"),
        ({"": "прокладка"}, "прокладка"),
        ({"en": "Plug"}, "Plug"),
        ({"ru": "Свеча"}, "Свеча"),
        ({}, ""),
    ],
)
def test_an_orders_words_are_shown_in_the_readers_language_or_the_nearest(words: dict[str, str], shown: str) -> None:
    assert i18n.worded(words, "he") == shown
    with i18n.use_language("he"):
        assert i18n.worded(words) == shown


def test_a_marked_text_is_itself() -> None:
    assert i18n.N_("Ready") == "Ready"
