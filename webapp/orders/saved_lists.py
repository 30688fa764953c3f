"""Saved views: named lists of orders, and who sees them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from flask import Blueprint, Response, make_response, redirect, render_template, request
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response as WerkzeugResponse

from common.database.models import SavedView
from common.errors import Forbidden, InvalidInput, StaleVersion
from common.finding import saved_lists
from common.permissions import Action
from webapp.orders import list_filters
from webapp.orders.list_filters import Chip
from webapp.web.access import needs
from webapp.web.context import desk, reader
from webapp.web.numbers import requested_number, version_seen
from webapp.wording import words

blueprint = Blueprint("saved_lists", __name__, url_prefix="/views")


@dataclass(frozen=True)
class SavedViewRow:
    """A saved view, its filters, and whether the reader may change it. `name`: the typed one in the refused form."""

    view: SavedView
    chips: list[Chip]
    may_change: bool
    name: str
    is_open: bool  # whether its form is shown


@dataclass(frozen=True)
class SavedListsPage:
    """The content of the page of saved views."""

    rows: list[SavedViewRow]
    more: int | None  # the last view of this page, if there are others
    shows_archived: bool
    is_stale: bool  # whether a view was changed before the reader's change was saved
    wrong: str

    @property
    def next(self) -> str:
        return f"/views?after={self.more}{'&show=archived' if self.shows_archived else ''}" if self.more else ""


@blueprint.get("")
@needs(Action.VIEW_SAVE)
def page() -> Response:
    """The saved views: the reader's own and the desk's."""
    return render_saved_lists()


def render_saved_lists(code: int = 200, wrong: str = "", is_stale: bool = False) -> Response:
    """The page. `is_stale`: the view was changed meanwhile; the typed texts for it are kept."""
    with desk().database.read() as session:
        body = render_template("orders/saved_lists.html", page=_read_page(session, wrong, is_stale))
    return make_response(body, code)


def _read_page(session: Session, wrong: str, is_stale: bool) -> SavedListsPage:
    archived = request.args.get("show") == "archived"
    found = saved_lists.page(session, reader().person_id, after=requested_number("after") or 0, archived=archived)
    shown = found[: saved_lists.PER_PAGE]
    return SavedListsPage(
        rows=[_read_row(session, view, is_refused=is_stale or bool(wrong)) for view in shown],
        more=shown[-1].id if len(found) > saved_lists.PER_PAGE else None,
        shows_archived=archived,
        is_stale=is_stale,
        wrong=wrong,
    )


def _read_row(session: Session, view: SavedView, *, is_refused: bool) -> SavedViewRow:
    is_meant = (request.view_args or {}).get("view_id") == view.id
    return SavedViewRow(
        view=view,
        chips=list_filters.read_list_request(session, view.wanted).chips,
        may_change=saved_lists.may_change(reader().actor, view),
        name=request.form.get("name", view.name) if is_meant else view.name,
        is_open=is_meant and is_refused,
    )


@blueprint.post("")
@needs(Action.VIEW_SAVE)
def save() -> WerkzeugResponse:
    """Save the present list under a name."""
    fields = list_filters.read_filters(dict(request.form.lists())).fields
    try:
        with desk().write("desk") as session:
            name, shared = request.form.get("name", ""), request.form.get("shared") == "1"
            view = saved_lists.save(session, reader().actor, name=name, fields=fields, shared=shared)
    except InvalidInput as error:
        return render_saved_lists(400, words.refusal(error))
    return redirect(f"/orders?view={view.id}", 303)


@blueprint.post("/<id:view_id>")
@needs(Action.VIEW_SAVE)
def change(view_id: int) -> WerkzeugResponse:
    """Change a view's name or readers; with `filters`, also its filters."""
    fields = list_filters.read_filters(dict(request.form.lists())).fields if request.form.get("filters") else None
    name = request.form.get("name")
    shared = request.form.get("shared") == "1" if name is not None else None

    def doing(session: Session, seen: int) -> SavedView:
        return saved_lists.change(
            session, reader().actor, view_id, expected_version=seen, name=name, shared=shared, fields=fields
        )

    return _apply_change(doing, f"/orders?view={view_id}" if fields else "/views")


@blueprint.post("/<id:view_id>/archive")
@needs(Action.VIEW_SAVE)
def archive(view_id: int) -> WerkzeugResponse:
    """Archive a view: it leaves the menus, but its link still opens it."""
    return _apply_change(
        lambda session, seen: saved_lists.archive(session, reader().actor, view_id, expected_version=seen),
        "/views",
    )


@blueprint.post("/<id:view_id>/restore")
@needs(Action.VIEW_SAVE)
def restore(view_id: int) -> WerkzeugResponse:
    """Bring a view back into the menus."""
    return _apply_change(
        lambda session, seen: saved_lists.restore(session, reader().actor, view_id, expected_version=seen),
        "/views",
    )


def _apply_change(doing: Callable[[Session, int], SavedView], then: str) -> WerkzeugResponse:
    """Change the view if it has not changed since the reader saw it; else 409 and the present view."""
    try:
        seen = version_seen()
        with desk().write("desk") as session:
            doing(session, seen)
    except StaleVersion:
        return render_saved_lists(409, is_stale=True)
    except Forbidden:
        return render_saved_lists(403, words.word_of(words.REFUSALS, "view_of_another"))
    except InvalidInput as error:
        return render_saved_lists(400, words.refusal(error))
    return redirect(then, 303)
