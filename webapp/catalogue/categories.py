"""The categories of the catalogue: named, ordered, archived and restored."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from flask import Blueprint, Response, make_response, redirect, render_template, request
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response as WerkzeugResponse

from common.catalogue import categories
from common.database.models import Category
from common.errors import InvalidInput, StaleVersion
from common.languages import LANGUAGES
from common.permissions import Action
from webapp.web.access import needs
from webapp.web.context import desk, reader
from webapp.web.numbers import requested_number, version_seen
from webapp.wording import audit_text, words
from webapp.wording.audit_text import AuditText

blueprint = Blueprint("categories", __name__, url_prefix="/catalogue/categories")


@dataclass(frozen=True)
class CategoryForm:
    """The fields of a category's form."""

    names: Mapping[str, str]
    icon: str

    @classmethod
    def typed(cls) -> CategoryForm:
        return cls({code: request.form.get(f"name_{code}", "") for code in LANGUAGES}, request.form.get("icon", ""))


@dataclass(frozen=True)
class CategoryRow:
    """A category, the number of its live parts, and the live categories before and after it."""

    category: Category
    parts: int
    before: int | None
    after: int | None


@dataclass(frozen=True)
class CategoriesPage:
    """The content of the page of categories."""

    rows: list[CategoryRow]
    form: CategoryForm
    wrong: str
    may_change: bool


@dataclass(frozen=True)
class CategoryPage:
    """The content of one category's page."""

    category: Category
    form: CategoryForm
    wrong: str
    is_stale: bool  # whether the category changed since the reader saw it
    meanwhile: list[AuditText]  # the changes since then
    history: list[AuditText]
    may_change: bool


@blueprint.get("")
@needs(Action.CATALOGUE_SEE)
def page() -> Response:
    """All categories in their order, and a form for a new one."""
    return _list_page()


def _list_page(wrong: str = "", code: int = 200) -> Response:
    with desk().database.read() as session:
        page = CategoriesPage(
            rows=category_rows(categories.all_categories(session)),
            form=CategoryForm.typed(),
            wrong=wrong,
            may_change=reader().may(Action.CATALOGUE_CHANGE),
        )
    return make_response(render_template("catalogue/categories.html", page=page), code)


def category_rows(found: list[tuple[Category, int]]) -> list[CategoryRow]:
    """The rows; live categories, which come first, can change places with their neighbours."""
    live = [category.id for category, _count in found if category.archived_at is None]
    neighbours = {
        one: (before, after) for before, one, after in zip([None, *live], live, [*live[1:], None], strict=False)
    }
    return [CategoryRow(category, count, *neighbours.get(category.id, (None, None))) for category, count in found]


@blueprint.post("")
@needs(Action.CATALOGUE_CHANGE)
def add() -> WerkzeugResponse:
    """Add a category."""
    form = CategoryForm.typed()
    try:
        with desk().write("desk") as session:
            categories.add(session, reader().actor, names=form.names, icon=form.icon)
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
        page = CategoryPage(
            category=found,
            form=CategoryForm.typed() if is_typed else CategoryForm(found.names, found.icon),
            wrong=wrong,
            is_stale=stale_since is not None,
            meanwhile=audit_text.changes_since(session, "category", category_id, stale_since),
            history=audit_text.history(session, "category", category_id),
            may_change=reader().may(Action.CATALOGUE_CHANGE),
        )
    return make_response(render_template("catalogue/category.html", page=page), code)


@blueprint.post("/<id:category_id>")
@needs(Action.CATALOGUE_CHANGE)
def save(category_id: int) -> WerkzeugResponse:
    """Change it, if it has not changed since the reader saw it; else 409, the changes and the typed texts."""
    form = CategoryForm.typed()
    try:
        with desk().write("desk") as session:
            categories.change(
                session,
                reader().actor,
                category_id,
                expected_version=version_seen(),
                names=form.names,
                icon=form.icon,
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
