"""The catalogue with search, filters and missing names; one part with its names, synonyms, marks and history."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from flask import Blueprint, Response, make_response, redirect, render_template, request
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response as WerkzeugResponse

from common import audit, i18n
from common.catalogue import categories, naming, part_list, parts
from common.catalogue.part_list import PartSearch
from common.database.models import Part
from common.errors import InvalidInput, StaleVersion
from common.languages import LANGUAGES
from common.permissions import Action
from webapp.web.access import needs
from webapp.web.context import desk, reader
from webapp.web.numbers import requested_number, version_seen
from webapp.wording import audit_text, words

blueprint = Blueprint("parts", __name__, url_prefix="/catalogue")
MAX_TYPED = 80


@blueprint.get("")
@needs(Action.CATALOGUE_SEE)
def page() -> str:
    """Categories and parts, found by any of their words; and those without a name in a language."""
    lacks = request.args.get("lacks", "")
    wanted = PartSearch(
        text=" ".join(request.args.get("q", "")[:MAX_TYPED].split()),
        category_id=requested_number("category"),
        lacks=lacks if lacks in LANGUAGES else "",
        archived=request.args.get("show") == "archived",
        after=requested_number("after"),
    )
    with desk().database.read() as session:
        found = part_list.find(session, wanted, i18n.language())
        return render_template(
            "catalogue/catalogue.html",
            found=found,
            wanted=wanted,
            address=address,
            categories=categories.all_categories(session),
            lacking=part_list.missing_name_counts(session),
            sortable=_is_sortable(wanted),
            flags=audit_text.FLAGS,
        )


def _is_sortable(wanted: PartSearch) -> bool:
    """Whether the list shows one category's parts in their order: only then can they be moved."""
    plain = wanted.category_id is not None and not (wanted.text or wanted.lacks or wanted.archived)
    return plain and reader().may(Action.CATALOGUE_CHANGE)


def address(wanted: PartSearch, **other: Any) -> str:
    """The list's address with some filters changed."""
    given = {
        "q": wanted.text,
        "category": wanted.category_id,
        "lacks": wanted.lacks,
        "show": "archived" if wanted.archived else "",
        **other,
    }
    query = urlencode({name: value for name, value in given.items() if value})
    return f"/catalogue?{query}" if query else "/catalogue"


@dataclass(frozen=True)
class PartForm:
    """The fields of a part's form."""

    names: Mapping[str, str]
    synonyms: Mapping[str, str]  # by language, one per line
    flags: list[str]
    category_id: int | None

    @classmethod
    def of(cls, part: Part) -> PartForm:
        sorted_ = {code: "\n".join(found) for code, found in naming.by_language(part.synonyms).items()}
        return cls(part.names, sorted_, part.flags, part.category_id)

    @classmethod
    def typed(cls) -> PartForm:
        return cls(
            names={code: request.form.get(f"name_{code}", "") for code in LANGUAGES},
            synonyms={code: request.form.get(f"synonyms_{code}", "") for code in LANGUAGES},
            flags=request.form.getlist("flags"),
            category_id=requested_number("category"),
        )

    def fields(self) -> dict[str, Any]:
        """The fields as the service functions take them."""
        lines = [line for text in self.synonyms.values() for line in text.splitlines()]
        return {
            "names": self.names,
            "synonyms": lines,
            "flags": self.flags,
            "category_id": self.category_id or 0,
        }


@blueprint.get("/parts/new")
@needs(Action.CATALOGUE_CHANGE)
def new() -> Response:
    """An empty form for a new part."""
    return new_page(PartForm({}, {}, [], requested_number("category")))


def new_page(form: PartForm, wrong: str = "", code: int = 200) -> Response:
    """The form for a new part."""
    with desk().database.read() as session:
        body = render_template(
            "catalogue/part_new.html",
            form=form,
            wrong=wrong,
            categories=categories.all_categories(session),
            flags=audit_text.FLAGS,
        )
    return make_response(body, code)


@blueprint.post("/parts")
@needs(Action.CATALOGUE_CHANGE)
def add() -> WerkzeugResponse:
    """Add a part."""
    form = PartForm.typed()
    try:
        with desk().write("desk") as session:
            part = parts.add(session, reader().actor, **form.fields())
    except InvalidInput as error:
        return new_page(form, words.refusal(error), 400)
    return redirect(f"/catalogue/parts/{part.id}", 303)


@blueprint.get("/parts/<id:part_id>")
@needs(Action.CATALOGUE_SEE)
def part(part_id: int) -> Response:
    """One part: names, synonyms, marks, and who changed it."""
    return part_page(part_id)


def part_page(
    part_id: int, code: int = 200, *, typed: PartForm | None = None, wrong: str = "", stale_since: int | None = None
) -> Response:
    """The page, with the typed texts and the changes since the version that their writer saw."""
    with desk().database.read() as session:
        found = parts.get(session, part_id)
        present = PartForm.of(found)
        body = render_template(
            "catalogue/part.html",
            part=found,
            form=typed or present,
            present=present,
            wrong=wrong,
            is_stale=stale_since is not None,
            meanwhile=audit_text.audit_texts(audit.since(session, "part", part_id, stale_since or 0))
            if stale_since
            else [],
            history=audit_text.audit_texts(audit.of(session, "part", part_id)),
            categories=categories.all_categories(session),
            flags=audit_text.FLAGS,
            into=session.get(Part, found.merged_into_id) if found.merged_into_id else None,
        )
    return make_response(body, code)


@blueprint.post("/parts/<id:part_id>")
@needs(Action.CATALOGUE_CHANGE)
def save(part_id: int) -> WerkzeugResponse:
    """Change it, if it has not changed since the reader saw it; else 409, the changes and the typed texts."""
    form = PartForm.typed()
    try:
        with desk().write("desk") as session:
            parts.change(session, reader().actor, part_id, expected_version=version_seen(), **form.fields())
    except StaleVersion as error:
        return part_page(part_id, 409, typed=form, stale_since=error.since)
    except InvalidInput as error:
        return part_page(part_id, 400, typed=form, wrong=words.refusal(error))
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
        return part_page(part_id, 400, wrong=words.refusal(error))
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
        return part_page(part_id, 400, wrong=words.refusal(error))
    return redirect(f"/catalogue?category={category_id}#part-{part_id}", 303)
