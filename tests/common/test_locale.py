"""The catalogues: complete, true to the sources, with the right plurals and the same placeholders."""

from __future__ import annotations

import re
from io import BytesIO

import pytest
from babel.messages.catalog import Catalog

from common import i18n
from common.i18n import ngettext
from common.languages import LANGUAGES
from common.locale import sources
from common.locale.__main__ import check
from common.locale.checks import problems


def test_every_text_is_translated_and_nothing_is_left_over() -> None:
    assert check() == []


@pytest.mark.parametrize(
    ("language", "forms"),
    [("ru", ["позиция", "позиции", "позиций"]), ("he", ["שורה", "שורות"]), ("en", ["line", "lines"])],
)
def test_numbers_take_the_languages_own_plurals(language: str, forms: list[str]) -> None:
    one, many = "Your list of %(count)s line is not sent yet.", "Your list of %(count)s lines is not sent yet."
    with i18n.use_language(language):
        said = [ngettext(one, many, number) for number in (1, 3, 5)]
    assert all(form in text for form, text in zip((*forms, forms[-1]), said, strict=False))


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_catalogue_names_the_plural_rule_of_its_language(language: str) -> None:
    catalogue = sources.read(sources.path_of(language), language)
    assert catalogue.plural_expr == Catalog(locale=language).plural_expr
    assert not catalogue.fuzzy


def catalogue_of(source: str | tuple[str, str], translation: str | tuple[str, ...]) -> Catalog:
    catalogue = Catalog(locale="ru")
    catalogue.add(source, translation)
    return catalogue


def found_of(source: str | tuple[str, str]) -> Catalog:
    catalogue = Catalog()
    catalogue.add(source)
    return catalogue


@pytest.mark.parametrize(
    ("source", "translation", "problem"),
    [
        ("Ready", "", "not translated"),
        (("%(n)s line", "%(n)s lines"), ("%(n)s строка", "%(n)s строки"), "not translated"),
        (("%(n)s line", "%(n)s lines"), ("%(n)s a", "%(n)s b", "c"), "placeholders"),
        ("Order %(number)s", "Заказ %(nomer)s", "placeholders"),
        ("Order %(number)s", "Заказ", "placeholders"),
    ],
)
def test_a_bad_translation_is_named(source: str, translation: str, problem: str) -> None:
    (found,) = problems("ru", catalogue_of(source, translation), found_of(source))
    assert problem in found


def test_a_text_that_is_missing_or_left_over_is_named() -> None:
    found = list(problems("ru", catalogue_of("Old", "Старый"), found_of("New")))
    assert found == ["ru: missing 'New'", "ru: no longer in the sources: 'Old'"]


def test_texts_are_found_inside_f_strings_and_inside_one_another() -> None:
    source = BytesIO(
        b"""a = f"{_('one')}"\nb = gettext(table.get(code, N_('two')))\nc = i18n.ngettext('a', 'b', n)\nd = _(code)\n"""
    )
    found = [texts for _line, _name, texts, _comments in sources.python_texts(source, sources.KEYWORDS, (), {})]
    assert sorted(found, key=str) == [("a", "b", None), ("one",), ("two",), (None,), (None,)]


@pytest.mark.parametrize(("language", "foreign"), [("he", "[а-яА-Я]"), ("ru", "[א-ת]"), ("en", "[а-яА-Яא-ת]")])
def test_a_translation_is_in_the_alphabet_of_its_language(language: str, foreign: str) -> None:
    for message in sources.read(sources.path_of(language), language):
        said = message.string if isinstance(message.string, str) else " ".join(message.string or ())
        assert not message.id or not re.search(foreign, said), f"{message.id}: {said}"
