"""Error pages: they tell what happened, what was kept and what to press. No traceback reaches a client."""

from __future__ import annotations

import logging
import re
from dataclasses import dataclass
from urllib.parse import quote

from flask import Flask, Response, g, make_response, render_template, request
from sqlalchemy.exc import DBAPIError, IntegrityError
from werkzeug.exceptions import (
    Conflict,
    HTTPException,
    InternalServerError,
    MethodNotAllowed,
    ServiceUnavailable,
)

from common.database.engine import is_transient, is_unique_violation
from common.errors import Busy, Forbidden, NotFound, SchemaError, WrongState
from common.i18n import N_, gettext
from webapp.web.callers import sessions
from webapp.web.callers.origin import ORIGIN
from webapp.web.context import AccessEnded
from webapp.web.languages import activate_language
from webapp.wording import problems

log = logging.getLogger(__name__)

PAGES: dict[int, tuple[str, str]] = {
    400: (N_("That request cannot be read"), N_("Nothing was changed. Go back and try again.")),
    403: (
        N_("You are not allowed to do that"),
        N_("Your role does not allow it. Nothing was changed. A manager can help."),
    ),
    404: (N_("There is nothing here"), N_("The address is wrong, or what was here is gone.")),
    405: (N_("That cannot be done here"), N_("Nothing was changed. Go back and use the buttons of the page.")),
    409: (
        N_("Somebody else changed it first"),
        N_("It changed meanwhile. Nothing of yours was written over. Look at it again."),
    ),
    413: (N_("That is too large"), N_("Nothing was changed. Send less at once.")),
    429: (N_("Too many attempts"), N_("Wait a quarter of an hour, then try again.")),
    500: (
        N_("Something broke on our side"),
        N_("Nothing was half done: what was not finished was not kept. Try again."),
    ),
    503: (N_("The desk is busy for a moment"), N_("Nothing was changed. Try again in a few seconds.")),
}
OUTDATED = (
    N_("The desk is being updated"),
    N_(
        "A newer program has changed the database, so this one answers nobody any more. Nothing was changed: try again"
        " in a minute. Whoever looks after the desk: install the newer program and start it again."
    ),
)
FOREIGN_ORIGIN = N_("The request did not come from a page of this desk, so it was not carried out.")


def install(app: Flask) -> None:
    app.register_error_handler(HTTPException, _http_error)
    app.register_error_handler(AccessEnded, lambda _error: sessions.login_redirect())
    app.register_error_handler(NotFound, lambda _error: error_page(404))
    app.register_error_handler(Forbidden, lambda _error: error_page(403))
    app.register_error_handler(WrongState, lambda _error: error_page(409))
    app.register_error_handler(Busy, lambda _error: _busy_page())
    app.register_error_handler(SchemaError, lambda _error: _updating_page())
    app.register_error_handler(DBAPIError, _database_error)
    app.register_error_handler(Exception, _unexpected_error)


def _http_error(error: HTTPException) -> Response:
    if error.response is not None:
        return make_response(error.response)
    answer = error_page(error.code or 500, FOREIGN_ORIGIN if error.description == ORIGIN else None)
    if isinstance(error, MethodNotAllowed) and error.valid_methods:
        answer.headers["Allow"] = ", ".join(sorted(error.valid_methods))
    return answer


def _database_error(error: DBAPIError) -> Response:
    if isinstance(error, IntegrityError) and is_unique_violation(error):
        return error_page(Conflict.code)
    if not is_transient(error):
        return _unexpected_error(error)
    log.warning("The database did not answer %s: %s", _request_words(), type(error.orig).__name__)
    return _busy_page()


def _busy_page() -> Response:
    return _unavailable(PAGES[ServiceUnavailable.code], seconds=2)


def _updating_page() -> Response:
    return _unavailable(OUTDATED, seconds=60)


def _unavailable(words: tuple[str, str], seconds: int) -> Response:
    answer = error_page(ServiceUnavailable.code, words=words)
    answer.headers["Retry-After"] = str(seconds)
    return answer


def _unexpected_error(error: Exception) -> Response:
    log.error("%s failed", _request_words(), exc_info=error)
    return error_page(InternalServerError.code)


@dataclass(frozen=True)
class ErrorPage:
    """The content of the page: what happened, and what to do."""

    code: int
    title: str
    help: str

    @property
    def is_our_fault(self) -> bool:
        return self.code >= 500


def _request_words() -> str:
    """The request for the log. Of the address only the numbers are data: a word in it may be the code of a link."""
    if request.url_rule is None:
        return f"{request.method} {quote(request.path)}"
    numbers = {name: value for name, value in (request.view_args or {}).items() if isinstance(value, int)}
    return f"{request.method} {_PLACE.sub(lambda place: str(numbers.get(place[1], '…')), request.url_rule.rule)}"


_PLACE = re.compile(r"<(?:[^<>:]{1,99}:)?(\w{1,99})>")  # of Werkzeug's rules: <id:order_id>


def error_page(code: int, why: str | None = None, words: tuple[str, str] | None = None) -> Response:
    """An error page in the reader's language; for a program, a problem document. `words`: instead of its code's own."""
    if "language_stack" not in g:
        g.setdefault("reader", None)
        activate_language()
    if problems.is_api_request():
        return problems.status_response(code)
    title, help_ = words or PAGES.get(code, PAGES[500] if code >= 500 else PAGES[400])
    page = ErrorPage(code, gettext(title), gettext(why or help_))
    return make_response(render_template("web/error.html", page=page), code)
