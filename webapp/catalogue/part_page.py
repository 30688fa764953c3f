"""The pages of one part and of a new one: names, synonyms, marks, and who changed it."""

from __future__ import annotations

from dataclasses import dataclass

from flask import Response, make_response, render_template
from sqlalchemy.orm import Session

from common.catalogue import parts
from common.database.models import Part
from common.permissions import Action
from webapp.catalogue.part_form import PartForm, PartFormPage, category_choices
from webapp.web.context import desk, reader
from webapp.wording import audit_text
from webapp.wording.audit_text import AuditText


@dataclass(frozen=True)
class PartPage(PartFormPage):
    """The content of a part's page."""

    part: Part
    merged_into: Part | None
    is_stale: bool  # whether the part changed since the reader saw it
    meanwhile: list[AuditText]  # the changes since then
    history: list[AuditText]
    may_change: bool

    @property
    def offers_archiving(self) -> bool:
        """Whether the page offers to archive or restore it; a merged part stays archived."""
        return self.may_change and self.part.merged_into_id is None


def read_part_page(
    session: Session, part_id: int, *, typed: PartForm | None = None, wrong: str = "", stale_since: int | None = None
) -> PartPage:
    """The page, with the typed texts and the changes since the version that their writer saw. Raises: NotFound."""
    part = parts.get(session, part_id)
    form = typed or PartForm.of(part)
    return PartPage(
        form=form,
        categories=category_choices(session, form.category_id),
        wrong=wrong,
        part=part,
        merged_into=session.get(Part, part.merged_into_id) if part.merged_into_id else None,
        is_stale=stale_since is not None,
        meanwhile=audit_text.changes_since(session, "part", part_id, stale_since),
        history=audit_text.history(session, "part", part_id),
        may_change=reader().may(Action.CATALOGUE_CHANGE),
    )


def render_part(
    part_id: int, code: int = 200, *, typed: PartForm | None = None, wrong: str = "", stale_since: int | None = None
) -> Response:
    with desk().database.read() as session:
        page = read_part_page(session, part_id, typed=typed, wrong=wrong, stale_since=stale_since)
        body = render_template("catalogue/part.html", page=page)
    return make_response(body, code)


def render_new_part(form: PartForm, wrong: str = "", code: int = 200) -> Response:
    """The form for a new part."""
    with desk().database.read() as session:
        page = PartFormPage(form, category_choices(session, form.category_id), wrong)
        body = render_template("catalogue/part_new.html", page=page)
    return make_response(body, code)
