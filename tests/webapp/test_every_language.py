"""Every page of the desk in every language: it is answered, and nothing on it is English that has a translation."""

from __future__ import annotations

import html
import re
from collections.abc import Iterator

import pytest
from flask import Flask

from common.catalogue import catalogue
from common.database.engine import Database
from common.database.models import Person
from common.i18n import translations
from common.languages import LANGUAGES
from common.locale import sources
from common.talk import quick_replies
from tests.support.cast import DIMA, hire
from tests.support.seed import SMALL
from tests.webapp.desks import place, signed_in

OTHERS = ("/api", "/static", "/media", "/health", "/metrics", "/events", "/login", "/welcome", "/board/new")
NEED_MORE = re.compile(
    r"\.(?:csv|xlsx)$|/<id:import_id>|^/(?:slips|desk/style)$"
)  # files, and pages that want more in the address
IN_EACH = {"Front brake pads"}  # a quick reply is shown as each language reads it
TOO_SHORT = 12  # letters: a shorter text may be part of a word or a name
ADDRESS = re.compile(r"<[^:>]*:\w+>")


def pages(app: Flask, number: int) -> Iterator[str]:
    """Every page for signed-in people; what has a number is the first of its kind."""
    for rule in app.url_map.iter_rules():
        if "GET" in (rule.methods or ()) and not rule.rule.startswith(OTHERS) and not NEED_MORE.search(rule.rule):
            yield ADDRESS.sub(str(number), rule.rule)
    yield from ("/orders?q=zzz", "/catalogue?show=archived", f"/slips?orders={number}", "/nothing-here", "/login")


def untranslated(text: str, language: str) -> list[str]:
    """The texts of the sources that stand on a page though the language has another word for them."""
    seen = re.sub(r'data-words="[^"]*"', "", text)  # a command is found in every language
    shown = html.unescape(re.sub(r"\s+", " ", seen))
    found = translations(language)
    known = (message.id for message in sources.read(sources.TEMPLATE) if isinstance(message.id, str))
    texts = (text for text in known if text not in IN_EACH and len(text) >= TOO_SHORT and "%" not in text)
    return [text for text in texts if text in shown and text not in found.gettext(text)]


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_page_speaks_the_language(app: Flask, database: Database, avi: Person, language: str) -> None:
    order = place(database, hire(database, DIMA))
    with database.write() as session:
        catalogue.load(session, SMALL)
        quick_replies.add_first_replies(session)
        session.get_one(Person, avi.id).language = language
    visitor = signed_in(app, database, avi)
    for path in pages(app, order.id):
        answer = visitor.get(path)
        assert answer.status_code in ((404,) if path == "/nothing-here" else (200, 303)), f"{path}: {answer.status}"
        if language != "en":
            assert untranslated(answer.text, language) == [], path
