"""The catalogue's list, and the parts: added, changed, archived, restored, put in order."""

from __future__ import annotations

from collections.abc import Callable

from flask import Blueprint, Response, redirect, render_template
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response as WerkzeugResponse

from common.catalogue import parts
from common.errors import InvalidInput, StaleVersion
from common.permissions import Action
from webapp.catalogue.part_form import PartForm
from webapp.catalogue.part_list_page import read_part_list_page
from webapp.catalogue.part_page import render_new_part, render_part
from webapp.web.access import needs
from webapp.web.context import desk, reader
from webapp.web.numbers import requested_number, version_seen
from webapp.wording import words

blueprint = Blueprint("parts", __name__, url_prefix="/catalogue")


@blueprint.get("")
@needs(Action.CATALOGUE_SEE)
def page() -> str:
    """Categories and parts, found by any of their words; and those without a name in a language."""
    with desk().database.read() as session:
        return render_template("catalogue/catalogue.html", page=read_part_list_page(session))


@blueprint.get("/parts/new")
@needs(Action.CATALOGUE_CHANGE)
def new() -> Response:
    """An empty form for a new part."""
    return render_new_part(PartForm({}, {}, requested_number("category")))


@blueprint.post("/parts")
@needs(Action.CATALOGUE_CHANGE)
def add() -> WerkzeugResponse:
    """Add a part."""
    form = PartForm.typed()
    try:
        with desk().write("desk") as session:
            part = parts.add(session, reader().actor, **form.fields())
    except InvalidInput as error:
        return render_new_part(form, words.refusal(error), 400)
    return redirect(f"/catalogue/parts/{part.id}", 303)


@blueprint.get("/parts/<id:part_id>")
@needs(Action.CATALOGUE_SEE)
def part(part_id: int) -> Response:
    """One part: names, synonyms, marks, and who changed it."""
    return render_part(part_id)


@blueprint.post("/parts/<id:part_id>")
@needs(Action.CATALOGUE_CHANGE)
def save(part_id: int) -> WerkzeugResponse:
    """Change it, if it has not changed since the reader saw it; else 409, the changes and the typed texts."""
    form = PartForm.typed()
    try:
        with desk().write("desk") as session:
            parts.change(session, reader().actor, part_id, expected_version=version_seen(), **form.fields())
    except StaleVersion as error:
        return render_part(part_id, 409, typed=form, stale_since=error.since)
    except InvalidInput as error:
        return render_part(part_id, 400, typed=form, wrong=words.refusal(error))
    return redirect(f"/catalogue/parts/{part_id}", 303)


@blueprint.post("/parts/<id:part_id>/archive")
@needs(Action.CATALOGUE_CHANGE)
def archive(part_id: int) -> WerkzeugResponse:
    """Archive a part."""
    return _apply_change(part_id, lambda session: parts.archive(session, reader().actor, part_id))


@blueprint.post("/parts/<id:part_id>/restore")
@needs(Action.CATALOGUE_CHANGE)
def restore(part_id: int) -> WerkzeugResponse:
    """Restore a part."""
    return _apply_change(part_id, lambda session: parts.restore(session, reader().actor, part_id))


def _apply_change(part_id: int, change: Callable[[Session], object]) -> WerkzeugResponse:
    try:
        with desk().write("desk") as session:
            change(session)
    except InvalidInput as error:
        return render_part(part_id, 400, wrong=words.refusal(error))
    return redirect(f"/catalogue/parts/{part_id}", 303)


@blueprint.post("/parts/<id:part_id>/place")
@needs(Action.CATALOGUE_CHANGE)
def place(part_id: int) -> WerkzeugResponse:
    """Move it before another part of its category, or to the end."""
    try:
        with desk().write("desk") as session:
            parts.reorder(session, reader().actor, part_id, requested_number("before"))
            category_id = parts.get(session, part_id).category_id
    except InvalidInput as error:
        return render_part(part_id, 400, wrong=words.refusal(error))
    return redirect(f"/catalogue?category={category_id}#part-{part_id}", 303)
