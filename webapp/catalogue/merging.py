"""Merging two parts: choose the other one, preview the effect, confirm."""

from __future__ import annotations

from dataclasses import dataclass

from flask import Blueprint, Response, make_response, redirect, render_template
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response as WerkzeugResponse

from common import i18n
from common.catalogue import part_list, part_merge, parts
from common.catalogue.part_list import PartSearch
from common.catalogue.part_merge import MergePlan
from common.database.models import Part
from common.errors import InvalidInput, StaleVersion
from common.i18n import gettext, worded
from common.permissions import Action
from webapp.catalogue.part_form import typed_search
from webapp.web.access import needs
from webapp.web.context import desk, reader
from webapp.web.numbers import requested_number
from webapp.wording import words

blueprint = Blueprint("merging", __name__, url_prefix="/catalogue/parts/<id:part_id>/merge")
MAX_SIMILAR = 10


@dataclass(frozen=True)
class MergingPage:
    """The content of the page: the effect of the merging, or the parts to choose from."""

    part: Part
    plan: MergePlan | None  # None: the other part is not chosen yet
    typed: str
    similar_parts: list[Part]
    wrong: str


@blueprint.get("")
@needs(Action.CATALOGUE_CHANGE)
def page(part_id: int) -> Response:
    """Choose the part it duplicates; once chosen, preview the effect."""
    return _page(part_id)


def _page(part_id: int, wrong: str = "", code: int = 200) -> Response:
    with desk().database.read() as session:
        part = parts.get(session, part_id)
        try:
            plan = _plan(session, part_id)
        except InvalidInput as error:
            plan, wrong, code = None, wrong or words.refusal(error), 400
        typed = typed_search()
        page = MergingPage(part, plan, typed, _similar_parts(session, part, typed), wrong)
        return make_response(render_template("catalogue/part_merge.html", page=page), code)


def _plan(session: Session, part_id: int) -> MergePlan | None:
    into = requested_number("into")
    return None if into is None else part_merge.plan_merge(session, part_id, into)


def _similar_parts(session: Session, part: Part, typed: str) -> list[Part]:
    """Possible duplicates: the search's results, else parts with similar names."""
    found = part_list.find(session, PartSearch(text=typed or worded(part.names)), i18n.language())
    return [other for other in found.parts if other.id != part.id][:MAX_SIMILAR]


@blueprint.post("")
@needs(Action.CATALOGUE_CHANGE)
def merge(part_id: int) -> WerkzeugResponse:
    """Merge it into the other, if neither has changed since the reader saw them."""
    into, seen, seen_into = requested_number("into"), requested_number("version"), requested_number("into_version")
    try:
        if into is None or seen is None or seen_into is None:
            raise InvalidInput("form")
        with desk().write("desk") as session:
            part_merge.merge(session, reader().actor, part_id, into, expected=(seen, seen_into))
    except StaleVersion:
        return _page(part_id, gettext("One of the two changed meanwhile. Look at it again."), 409)
    except InvalidInput as error:
        return _page(part_id, words.refusal(error), 400)
    return redirect(f"/catalogue/parts/{into}", 303)
