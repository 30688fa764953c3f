"""The categories of the catalogue: named, ordered, archived and restored."""

from __future__ import annotations

from collections.abc import Callable

from flask import Blueprint, Response, make_response, redirect, render_template, request
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response as WerkzeugResponse

from common import audit
from common.catalogue import categories
from common.errors import InvalidInput, StaleVersion
from common.languages import LANGUAGES
from common.permissions import Action
from webapp.web.access import needs
from webapp.web.context import desk, reader
from webapp.web.numbers import requested_number, version_seen
from webapp.wording import audit_text, words

blueprint = Blueprint("categories", __name__, url_prefix="/catalogue/categories")


@blueprint.get("")
@needs(Action.CATALOGUE_SEE)
def page() -> Response:
    """All categories in their order, and a form for a new one."""
    return _list_page()


def _list_page(wrong: str = "", code: int = 200) -> Response:
    with desk().database.read() as session:
        body = render_template(
            "catalogue/categories.html",
            categories=categories.all_categories(session),
            wrong=wrong,
            names=_typed_names(),
            icon=_typed_icon(),
        )
    return make_response(body, code)


def _typed_names() -> dict[str, str]:
    return {code: request.form.get(f"name_{code}", "") for code in LANGUAGES}


def _typed_icon() -> str:
    return request.form.get("icon", "")


@blueprint.post("")
@needs(Action.CATALOGUE_CHANGE)
def add() -> WerkzeugResponse:
    """Add a category."""
    try:
        with desk().write("desk") as session:
            categories.add(session, reader().actor, names=_typed_names(), icon=_typed_icon())
    except InvalidInput as error:
        return _list_page(words.refusal(error), 400)
    return redirect("/catalogue/categories", 303)


@blueprint.get("/<id:category_id>")
@needs(Action.CATALOGUE_SEE)
def one(category_id: int) -> Response:
    """One category: its names, and who changed it."""
    return _category_page(category_id)


def _category_page(category_id: int, code: int = 200, wrong: str = "", stale_since: int | None = None) -> Response:
    is_typed = request.method == "POST" and "version" in request.form
    with desk().database.read() as session:
        found = categories.get(session, category_id)
        body = render_template(
            "catalogue/category.html",
            category=found,
            names=_typed_names() if is_typed else found.names,
            icon=_typed_icon() if is_typed else found.icon,
            wrong=wrong,
            is_stale=stale_since is not None,
            meanwhile=audit_text.audit_texts(audit.since(session, "category", category_id, stale_since))
            if stale_since
            else [],
            history=audit_text.audit_texts(audit.of(session, "category", category_id)),
        )
    return make_response(body, code)


@blueprint.post("/<id:category_id>")
@needs(Action.CATALOGUE_CHANGE)
def save(category_id: int) -> WerkzeugResponse:
    """Change it, if it has not changed since the reader saw it; else 409, the changes and the typed texts."""
    try:
        with desk().write("desk") as session:
            categories.change(
                session,
                reader().actor,
                category_id,
                expected_version=version_seen(),
                names=_typed_names(),
                icon=_typed_icon(),
            )
    except StaleVersion as error:
        return _category_page(category_id, 409, stale_since=error.since)
    except InvalidInput as error:
        return _category_page(category_id, 400, wrong=words.refusal(error))
    return redirect("/catalogue/categories", 303)


@blueprint.post("/<id:category_id>/archive")
@needs(Action.CATALOGUE_CHANGE)
def archive(category_id: int) -> WerkzeugResponse:
    """Archive a category together with its parts."""
    return _apply_change(category_id, lambda session: categories.archive(session, reader().actor, category_id))


@blueprint.post("/<id:category_id>/restore")
@needs(Action.CATALOGUE_CHANGE)
def restore(category_id: int) -> WerkzeugResponse:
    """Restore a category and its parts."""
    return _apply_change(category_id, lambda session: categories.restore(session, reader().actor, category_id))


@blueprint.post("/<id:category_id>/place")
@needs(Action.CATALOGUE_CHANGE)
def place(category_id: int) -> WerkzeugResponse:
    """Move it before another category, or to the end."""
    return _apply_change(
        category_id,
        lambda session: categories.reorder(session, reader().actor, category_id, requested_number("before")),
    )


def _apply_change(category_id: int, change: Callable[[Session], object]) -> WerkzeugResponse:
    try:
        with desk().write("desk") as session:
            change(session)
    except InvalidInput as error:
        return _list_page(words.refusal(error), 400)
    return redirect(f"/catalogue/categories#category-{category_id}", 303)
