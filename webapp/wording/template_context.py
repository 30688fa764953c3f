"""Values for every template: words, times, addresses of static files."""

from __future__ import annotations

import hashlib
from functools import cache
from pathlib import Path

from flask import Flask, current_app, request
from jinja2 import StrictUndefined
from markupsafe import Markup

from common import clock
from common.database.models import OrderLine, Unit
from common.i18n import worded
from common.orders import reasons
from common.orders.content.corrections import Wanted
from common.orders.content.line_text import line_text
from common.orders.content.quantities import quantity_text, quantity_words, shown
from common.settings.version import version
from webapp.web import scripts
from webapp.web.context import desk, maybe_reader
from webapp.wording import browsers, page_links, palette, shortcuts, times, words

STATIC = Path(__file__).parents[1] / "static"
THEME = "theme"
THEMES = ("auto", "light", "dark")
EITHER, LTR = Markup("<bdi>{}</bdi>"), Markup('<bdi dir="ltr">{}</bdi>')


@cache
def _digest(name: str) -> str:
    return hashlib.sha256((STATIC / name).read_bytes()).hexdigest()[:12]


def asset(name: str) -> str:
    """A static file's address; it changes with the file, so browsers may keep the file for a year.

    It is not made by `url_for`: a request with an invalid Host has no routes, and still gets a page.
    """
    return f"{current_app.static_url_path}/{name}?v={_digest(name)}"


def bdi(text: object, ltr: bool = False) -> Markup:
    """A name, part or number that keeps its own direction inside a line of the other direction."""
    return (LTR if ltr else EITHER).format(text)


def theme() -> str:
    chosen = request.cookies.get(THEME, "auto")
    return chosen if chosen in THEMES else "auto"


def initials(name: str) -> str:
    """`RK` of `Rina Katz`."""
    return "".join(word[0] for word in name.split()[:2]).upper()


def quantity(line: OrderLine) -> Markup:
    """`2 ×` has no direction of its own."""
    return bdi(quantity_text(line.quantity, line.unit), ltr=line.unit is Unit.PIECE)


def shown_quantity(line: OrderLine) -> tuple[str, Unit]:
    return shown(line.quantity, line.unit)


def wanted(what: Wanted) -> Markup:
    """A quantity with its remark, without the part."""
    return words.with_remark(bdi(quantity_words(what.quantity, what.unit)), what.remark)


def line_name(line: OrderLine) -> Markup:
    """What is wanted, and what was said of it."""
    return words.line_name(line.words, line.remark)


def plain_line(line: OrderLine) -> str:
    """The whole line where there can be no markup."""
    return line_text(line).plain


def install(app: Flask) -> None:
    app.jinja_env.undefined = StrictUndefined  # a misspelt name is an error, not an empty place on a page
    app.jinja_env.trim_blocks = app.jinja_env.lstrip_blocks = True
    app.jinja_env.filters.update(
        hour=times.hour,
        day=times.day,
        exact=times.exact,
        written=times.written,
        age=times.age,
        lasted=times.lasted,
        initials=initials,
        worded=worded,
        quantity=quantity,
        shown=shown_quantity,
        wanted=wanted,
        line_name=line_name,
        plain_line=plain_line,
        reason=reasons.reason_text,
        bdi=bdi,
        browser=browsers.browser_name,
    )
    app.jinja_env.globals.update(
        asset=asset,
        script=scripts.address,
        imported=scripts.imported,
        words=words,
        word_of=words.word_of,
        theme=theme,
        now=clock.utcnow,
        page_links=page_links,
        palette=palette,
        shortcuts=shortcuts,
    )
    app.context_processor(_request_variables)


def _request_variables() -> dict[str, object]:
    return {"reader": maybe_reader(), "settings": desk().settings, "version": version()}
