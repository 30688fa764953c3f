"""A handwritten line becomes a part: a new one, or an existing one."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from flask import Blueprint, Response, make_response, redirect, render_template, request
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response as WerkzeugResponse

from common import i18n
from common.catalogue import handwritten, parts, search
from common.database.models import OrderLine, Part
from common.errors import InvalidInput
from common.permissions import Action
from webapp.catalogue.part_form import PartForm, PartFormPage, category_choices
from webapp.web.access import needs
from webapp.web.context import desk, reader
from webapp.web.numbers import requested_number
from webapp.wording import words

blueprint = Blueprint("handwritten", __name__, url_prefix="/catalogue/lines/<id:line_id>")
MAX_ALIKE = 10


@dataclass(frozen=True)
class HandwrittenPage(PartFormPage):
    """The content of the page of a handwritten line."""

    line: OrderLine
    same_lines: list[OrderLine]  # open lines with the same words
    same_count: int  # the number of all of them
    similar_parts: list[Part]  # the parts that the words may mean


@blueprint.get("")
@needs(Action.CATALOGUE_CHANGE)
def page(line_id: int) -> WerkzeugResponse:
    """A form with the words of an order's line, in the language of its writer."""
    return _page(line_id)


def _page(line_id: int, wrong: str = "", code: int = 200) -> WerkzeugResponse:
    with desk().database.read() as session:
        try:
            line = handwritten.get_line(session, line_id)
        except InvalidInput:  # another reader was faster
            return redirect(f"/catalogue/parts/{session.get_one(OrderLine, line_id).part_id}", 303)
        body = render_template("catalogue/part_from_line.html", page=_read_page(session, line, wrong))
    return make_response(body, code)


def _read_page(session: Session, line: OrderLine, wrong: str) -> HandwrittenPage:
    form = PartForm.typed() if request.form else _form_of_line(line)
    alike = handwritten.similar_lines(session, line)
    return HandwrittenPage(
        form=form,
        categories=category_choices(session, form.category_id),
        wrong=wrong,
        line=line,
        same_lines=alike[:MAX_ALIKE],
        same_count=len(alike),
        similar_parts=_similar_parts(session, line),
    )


def _form_of_line(line: OrderLine) -> PartForm:
    return PartForm({line.order.person.language: handwritten.written_words(line)}, {}, None)


def _similar_parts(session: Session, line: OrderLine) -> list[Part]:
    """Existing parts that the words may mean."""
    found = search.matches(session, handwritten.written_words(line), language=i18n.language(), limit=4)
    return [parts.get(session, match.part_id) for match in found]


@blueprint.post("")
@needs(Action.CATALOGUE_CHANGE)
def make(line_id: int) -> WerkzeugResponse:
    """Make the line a new part; optionally also the open lines with the same words."""
    fields = PartForm.typed().fields()
    return _apply_change(
        line_id,
        lambda session: handwritten.make_part(session, reader().actor, line_id, all_alike=_wants_all_alike(), **fields),
    )


@blueprint.post("/link")
@needs(Action.CATALOGUE_CHANGE)
def link(line_id: int) -> WerkzeugResponse:
    """Link the line to an existing part: from now on its words find that part."""
    return _apply_change(
        line_id,
        lambda session: handwritten.link_to_part(
            session, reader().actor, line_id, requested_number("part") or 0, all_alike=_wants_all_alike()
        ),
    )


def _wants_all_alike() -> bool:
    return request.form.get("alike") == "yes"


def _apply_change(line_id: int, change: Callable[[Session], Part]) -> Response | WerkzeugResponse:
    try:
        with desk().write("desk") as session:
            part = change(session)
    except InvalidInput as error:
        return _page(line_id, words.refusal(error), 400)
    return redirect(f"/catalogue/parts/{part.id}", 303)
