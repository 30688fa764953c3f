"""Saved views: named lists of orders, and who sees them."""

from __future__ import annotations

from collections.abc import Callable

from flask import Blueprint, Response, make_response, redirect, render_template, request
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response as WerkzeugResponse

from common.database.models import SavedView
from common.errors import Forbidden, InvalidInput, StaleVersion
from common.finding import saved_lists
from common.permissions import Action
from webapp.orders import list_filters
from webapp.web.access import needs
from webapp.web.context import desk, reader
from webapp.web.numbers import requested_number, version_seen
from webapp.wording import words

blueprint = Blueprint("views", __name__, url_prefix="/views")


@blueprint.get("")
@needs(Action.VIEW_SAVE)
def page() -> Response:
    """The saved views: the reader's own and the desk's."""
    return render_saved_lists()


def render_saved_lists(code: int = 200, wrong: str = "", stale: int | None = None) -> Response:
    """The page. `stale`: the view that was changed meanwhile; the typed texts for it are kept."""
    archived = request.args.get("show") == "archived"
    with desk().database.read() as session:
        found = saved_lists.page(session, reader().person_id, after=requested_number("after") or 0, archived=archived)
        shown = found[: saved_lists.PER_PAGE]
        body = render_template(
            "orders/saved_lists.html",
            views=[(view, list_filters.read_list_request(session, view.wanted).chips) for view in shown],
            more=shown[-1].id if len(found) > saved_lists.PER_PAGE else None,
            archived=archived,
            may_change=lambda view: saved_lists.may_change(reader().actor, view),
            wrong=wrong,
            stale=stale,
            chosen=(request.view_args or {}).get("view_id"),
            typed=request.form,
        )
    return make_response(body, code)


@blueprint.post("")
@needs(Action.VIEW_SAVE)
def save() -> WerkzeugResponse:
    """Save the present list under a name."""
    fields = list_filters.read_filters(dict(request.form.lists())).fields
    try:
        with desk().database.write("desk") as session:
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
        )  # fmt: skip

    return _apply_change(view_id, doing, f"/orders?view={view_id}" if fields else "/views")


@blueprint.post("/<id:view_id>/archive")
@needs(Action.VIEW_SAVE)
def archive(view_id: int) -> WerkzeugResponse:
    """Archive a view: it leaves the menus, but its link still opens it."""
    return _apply_change(
        view_id,
        lambda session, seen: saved_lists.archive(session, reader().actor, view_id, expected_version=seen),
        "/views",
    )


@blueprint.post("/<id:view_id>/restore")
@needs(Action.VIEW_SAVE)
def restore(view_id: int) -> WerkzeugResponse:
    """Bring a view back into the menus."""
    return _apply_change(
        view_id,
        lambda session, seen: saved_lists.restore(session, reader().actor, view_id, expected_version=seen),
        "/views",
    )


def _apply_change(view_id: int, doing: Callable[[Session, int], SavedView], then: str) -> WerkzeugResponse:
    """Change the view if it has not changed since the reader saw it; else 409 and the present view."""
    try:
        seen = version_seen()
        with desk().database.write("desk") as session:
            doing(session, seen)
    except StaleVersion:
        return render_saved_lists(409, stale=view_id)
    except Forbidden:
        return render_saved_lists(403, words.word_of(words.REFUSALS, "view_of_another"))
    except InvalidInput as error:
        return render_saved_lists(400, words.refusal(error))
    return redirect(then, 303)
