"""The reader's language: the account's; before login the cookie's, then the browser's, then the station's."""

from __future__ import annotations

from contextlib import ExitStack

from flask import Flask, g, request

from common import i18n
from common.languages import LANGUAGES, NAMES
from webapp.web.context import desk, maybe_reader

COOKIE = "language"


def reader_language() -> str:
    who = maybe_reader()
    if who is not None:
        return i18n.known_language(who.language) or desk().settings.station_language
    return i18n.known_language(request.cookies.get(COOKIE)) or _browser_language() or desk().settings.station_language


def _browser_language() -> str | None:
    return next((code for code in map(i18n.known_language, request.accept_languages.values()) if code), None)


def install(app: Flask) -> None:
    app.jinja_env.add_extension("jinja2.ext.i18n")
    app.jinja_env.install_gettext_callables(  # type: ignore[attr-defined]
        i18n.gettext, i18n.ngettext, newstyle=True, pgettext=i18n.pgettext, npgettext=i18n.npgettext
    )
    app.jinja_env.globals.update(language=i18n.language, direction=i18n.direction, languages=_language_names)


def activate_language() -> None:
    """Switch texts to the reader's language; called before each request."""
    g.language_stack = ExitStack()
    g.language_stack.enter_context(i18n.use_language(reader_language()))


def deactivate_language(_error: BaseException | None = None) -> None:
    """Undo `activate_language`; called after each request."""
    stack = g.pop("language_stack", None)
    if stack is not None:
        stack.close()


def _language_names() -> list[tuple[str, str]]:
    return [(code, NAMES[code]) for code in LANGUAGES]
