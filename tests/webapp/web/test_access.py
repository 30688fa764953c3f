"""A route says who may call it, or nobody may."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps

import pytest
from flask import Flask

from common.permissions import Action
from webapp.web import access, form_limits
from webapp.web.access import Access, UnmarkedRoute
from webapp.web.callers.sessions import guard

View = Callable[[], str]


def named(view: View) -> View:
    """A decorator as anybody would write it."""

    @wraps(view)
    def calling() -> str:
        return view()

    return calling


def nameless(view: View) -> View:
    """A decorator that forgets what it wraps."""
    return lambda: view()


def app_with(view: View) -> Flask:
    app = Flask("routes", static_folder=None)
    app.add_url_rule("/page", "page", view)
    return app


def test_a_decorator_above_the_mark_keeps_it() -> None:
    view = named(access.needs(Action.AUDIT_SEE)(lambda: ""))
    assert access.access_of(view) == Access(Action.AUDIT_SEE)
    access.check_marks(app_with(view))


def test_a_decorator_above_the_mark_keeps_the_size_of_an_upload() -> None:
    view = named(form_limits.accepts_upload(1_000_000)(lambda: ""))
    assert form_limits.largest(app_with(view)) == 1_000_000 + form_limits.MAX_FORM


@pytest.mark.parametrize("view", [lambda: "", nameless(access.public(lambda: ""))], ids=["unmarked", "mark lost"])
def test_the_desk_does_not_start_with_a_route_without_a_mark(view: View) -> None:
    with pytest.raises(UnmarkedRoute, match="The view of page has no mark"):
        access.check_marks(app_with(view))


def test_nobody_may_call_a_route_without_a_mark() -> None:
    app = app_with(lambda: "page")
    app.before_request(guard)
    assert app.test_client().get("/page").status_code == 403


def test_anybody_may_call_a_public_route() -> None:
    app = app_with(access.public(lambda: "page"))
    app.before_request(guard)
    assert app.test_client().get("/page").text == "page"
