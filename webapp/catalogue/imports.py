"""Import and export of the catalogue as a file."""

from __future__ import annotations

import io

from flask import Blueprint, Response, make_response, redirect, render_template, request
from werkzeug.wrappers import Response as WerkzeugResponse

from common.catalogue.imports import catalogue_file, catalogue_import
from common.catalogue.imports.catalogue_file import COLUMNS
from common.catalogue.imports.catalogue_import import RowOutcome, RowVerdict
from common.database.models import CatalogueImport
from common.errors import InvalidInput
from common.i18n import N_, gettext
from common.permissions import Action
from common.spreadsheets import table_reader, table_writer
from webapp.web import form_limits
from webapp.web.access import needs
from webapp.web.context import desk, reader
from webapp.web.numbers import requested_number
from webapp.wording import audit_text, times, words

blueprint = Blueprint("imports", __name__, url_prefix="/catalogue")
PER_PAGE = 100
OUTCOMES: dict[RowOutcome, str] = {
    RowOutcome.BAD: N_("Cannot be loaded"),
    RowOutcome.ADDED: N_("New"),
    RowOutcome.CHANGED: N_("Changed"),
    RowOutcome.SAME: N_("As it is"),
}
TONES = {RowOutcome.BAD: "bad", RowOutcome.ADDED: "good", RowOutcome.CHANGED: "wait", RowOutcome.SAME: "none"}
ENCODINGS: dict[str, str] = {
    "": N_("Recognise it"),
    "utf-8": "UTF-8",
    "windows-1251": N_("Windows, Cyrillic (1251)"),
    "windows-1255": N_("Windows, Hebrew (1255)"),
}


@blueprint.get("/import")
@needs(Action.CATALOGUE_CHANGE)
def form() -> Response:
    """Choose a file, xlsx or CSV."""
    return _form_page()


def _form_page(wrong: str = "", code: int = 200) -> Response:
    body = render_template(
        "catalogue/import.html", wrong=wrong, encodings=ENCODINGS, columns=COLUMNS, most=table_reader.MAX_ROWS
    )
    return make_response(body, code)


@blueprint.post("/import")
@needs(Action.CATALOGUE_CHANGE)
@form_limits.accepts_upload(table_reader.MAX_FILE)
def preview_file() -> WerkzeugResponse:
    """Check a file; nothing is changed yet."""
    given = request.files.get("file")
    try:
        content = given.read(table_reader.MAX_FILE + 1) if given else b""
        if given is None or not given.filename:
            raise InvalidInput("file_needed")
        with desk().write("desk") as session:
            kept = catalogue_import.preview(
                session, reader().actor, content, given.filename, request.form.get("encoding", "")
            )
    except InvalidInput as error:
        return _form_page(words.refusal(error), 400)
    return redirect(f"/catalogue/import/{kept.id}", 303)


@blueprint.get("/import/<id:import_id>")
@needs(Action.CATALOGUE_CHANGE)
def preview(import_id: int) -> str:
    """The effect of each row: expected before the import, actual after it."""
    with desk().database.read() as session:
        kept = catalogue_import.get(session, reader().actor, import_id)
    found = catalogue_import.verdicts(kept)
    counts = catalogue_import.outcome_counts(found)
    only = request.args.get("only", "")
    outcome = (
        RowOutcome(only) if only in set(RowOutcome) else next((o for o in RowOutcome if counts[o]), RowOutcome.SAME)
    )
    shown = [verdict for verdict in found if verdict.outcome is outcome]
    page = min(requested_number("page") or 0, len(shown) // PER_PAGE)
    return render_template(
        "catalogue/import_preview.html",
        kept=kept,
        counts=counts,
        outcome=outcome,
        outcomes=OUTCOMES,
        tones=TONES,
        rows=shown[page * PER_PAGE : (page + 1) * PER_PAGE],
        page=page,
        more=len(shown) > (page + 1) * PER_PAGE,
        reason=refusal_reason,
        fields=audit_text.FIELDS,
    )


def refusal_reason(verdict: RowVerdict) -> str:
    """The reason why a row cannot be loaded."""
    return words.refusal(InvalidInput(verdict.reason, **verdict.arguments)) if verdict.reason else ""


@blueprint.post("/import/<id:import_id>")
@needs(Action.CATALOGUE_CHANGE)
def load(import_id: int) -> WerkzeugResponse:
    """Load the valid rows into the catalogue as it is now."""
    with desk().write("desk") as session:
        catalogue_import.load(session, reader().actor, import_id)
    return redirect(f"/catalogue/import/{import_id}", 303)


@blueprint.get("/import/<id:import_id>/bad.csv")
@needs(Action.CATALOGUE_CHANGE)
def bad(import_id: int) -> Response:
    """The refused rows with the reasons, as a file to correct and load again."""
    with desk().database.read() as session:
        kept = catalogue_import.get(session, reader().actor, import_id)
    return _csv_response(_bad_rows(kept), f"felix-bad-rows-{import_id}.csv")


def _bad_rows(kept: CatalogueImport) -> list[list[str]]:
    why = {verdict.number: refusal_reason(verdict) for verdict in catalogue_import.verdicts(kept) if verdict.reason}
    heads = [gettext("row"), gettext("reason"), *COLUMNS]
    return [
        heads,
        *(
            [str(line), why[line], *(cells.get(column, "") for column in COLUMNS)]
            for line, cells in kept.rows
            if line in why
        ),
    ]


@blueprint.get("/export.csv")
@needs(Action.CATALOGUE_SEE)
def as_csv() -> Response:
    """The catalogue as CSV, to edit and load again."""
    return _csv_response(_rows(), _filename("csv"))


@blueprint.get("/export.xlsx")
@needs(Action.CATALOGUE_SEE)
def as_xlsx() -> Response:
    """The catalogue as xlsx, to edit and load again."""
    head, *rows = _rows()
    made = io.BytesIO()
    table_writer.write_xlsx(made, "catalogue", head, rows)
    return _file_response(made.getvalue(), table_writer.XLSX, _filename("xlsx"))


def _rows() -> list[list[str]]:
    with desk().database.read() as session:
        return catalogue_file.export(session)


def _filename(ending: str) -> str:
    return f"felix-catalogue-{times.today()}.{ending}"


def _csv_response(table: list[list[str]], name: str) -> Response:
    head, *rows = table
    made = io.BytesIO()
    table_writer.write_csv(made, head, rows)
    return _file_response(made.getvalue(), "text/csv; charset=utf-8", name)


def _file_response(content: bytes, kind: str, name: str) -> Response:
    answer = make_response(content)
    answer.headers["Content-Type"] = kind
    answer.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return answer
