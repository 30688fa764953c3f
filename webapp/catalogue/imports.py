"""Import and export of the catalogue as a file."""

from __future__ import annotations

import io
import time
from collections.abc import Mapping
from dataclasses import dataclass

from flask import Blueprint, Response, make_response, redirect, render_template, request
from werkzeug.wrappers import Response as WerkzeugResponse

from common import i18n
from common.catalogue.imports import catalogue_import
from common.catalogue.imports.catalogue_file import COLUMNS
from common.catalogue.imports.import_run import RowOutcome, RowVerdict
from common.database.models import CatalogueImport
from common.errors import InvalidInput
from common.exports.exports import CatalogueExport, Form
from common.i18n import N_, gettext
from common.languages import SEPARATORS
from common.permissions import Action
from common.spreadsheets import table_opener, table_reader, table_writer
from webapp.web import exported, form_limits
from webapp.web.access import needs
from webapp.web.context import desk, reader
from webapp.web.numbers import requested_number
from webapp.wording import audit_text, times, words

blueprint = Blueprint("imports", __name__, url_prefix="/catalogue")
PER_PAGE = 100
PAUSE = 0.2  # seconds between two transactions, about as long as one takes
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


@dataclass(frozen=True)
class ImportPage:
    """The content of the page that takes a file."""

    wrong: str

    encodings = ENCODINGS
    columns = COLUMNS
    max_rows = table_reader.MAX_ROWS


@dataclass(frozen=True)
class OutcomeTab:
    """The rows with one outcome, their number, and the address of their list."""

    words: str
    count: int
    href: str
    is_chosen: bool


@dataclass(frozen=True)
class PreviewRow:
    """A row of the file, its outcome in words, and what is wrong with it or which fields change."""

    number: int
    name: str
    outcome: str
    tone: str
    reason: str
    fields: str


@dataclass(frozen=True)
class PreviewPage:
    """The content of the page of a file that was checked or loaded."""

    kept: CatalogueImport
    counts: Mapping[RowOutcome, int]
    tabs: list[OutcomeTab]
    rows: list[PreviewRow]
    back: str  # the address of the page before; empty on the first
    next: str  # the address of the page after; empty on the last

    @property
    def added(self) -> int:
        return self.counts[RowOutcome.ADDED]

    @property
    def changed(self) -> int:
        return self.counts[RowOutcome.CHANGED]

    @property
    def same(self) -> int:
        return self.counts[RowOutcome.SAME]

    @property
    def bad(self) -> int:
        return self.counts[RowOutcome.BAD]

    @property
    def loadable(self) -> int:
        """The number of rows that are still to be loaded."""
        return 0 if self.kept.loaded_at else self.added + self.changed

    @property
    def worked_off(self) -> int:
        """The number of rows that an interrupted loading has worked off; 0 if none was interrupted."""
        return 0 if self.kept.loaded_at else catalogue_import.rows_loaded(self.kept)


@blueprint.get("/import")
@needs(Action.CATALOGUE_CHANGE)
def form() -> Response:
    """Choose a file, xlsx or CSV."""
    return _form_page()


def _form_page(wrong: str = "", code: int = 200) -> Response:
    return make_response(render_template("catalogue/import.html", page=ImportPage(wrong)), code)


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
        table = table_opener.read(content, request.form.get("encoding", ""))
        with desk().database.read() as session:
            examined = catalogue_import.examine(session, reader().actor, table)
        with desk().write("desk") as session:
            kept = catalogue_import.keep(session, reader().actor, examined, given.filename)
    except InvalidInput as error:
        return _form_page(words.refusal(error), 400)
    return redirect(f"/catalogue/import/{kept.id}", 303)


@blueprint.get("/import/<id:import_id>")
@needs(Action.CATALOGUE_CHANGE)
def preview(import_id: int) -> str:
    """The effect of each row: expected before the import, actual after it."""
    with desk().database.read() as session:
        kept = catalogue_import.get(session, reader().actor, import_id)
    return render_template("catalogue/import_preview.html", page=_preview_page(kept))


def _preview_page(kept: CatalogueImport) -> PreviewPage:
    found = catalogue_import.verdicts(kept)
    counts = catalogue_import.outcome_counts(found)
    chosen = _chosen_outcome(counts)
    shown = [verdict for verdict in found if verdict.outcome is chosen]
    page = min(requested_number("page") or 0, len(shown) // PER_PAGE)
    path = f"/catalogue/import/{kept.id}?only="
    return PreviewPage(
        kept=kept,
        counts=counts,
        tabs=[
            OutcomeTab(gettext(name), counts[outcome], f"{path}{outcome.value}", outcome is chosen)
            for outcome, name in OUTCOMES.items()
            if counts[outcome]
        ],
        rows=[_preview_row(verdict) for verdict in shown[page * PER_PAGE : (page + 1) * PER_PAGE]],
        back=f"{path}{chosen.value}&page={page - 1}" if page else "",
        next=f"{path}{chosen.value}&page={page + 1}" if len(shown) > (page + 1) * PER_PAGE else "",
    )


def _chosen_outcome(counts: Mapping[RowOutcome, int]) -> RowOutcome:
    """The outcome that the address names, else the first one that any row has."""
    only = request.args.get("only", "")
    if only in set(RowOutcome):
        return RowOutcome(only)
    return next((outcome for outcome in RowOutcome if counts[outcome]), RowOutcome.SAME)


def _preview_row(verdict: RowVerdict) -> PreviewRow:
    return PreviewRow(
        number=verdict.number,
        name=verdict.name,
        outcome=gettext(OUTCOMES[verdict.outcome]),
        tone=TONES[verdict.outcome],
        reason=refusal_reason(verdict),
        fields=", ".join(words.word_of(audit_text.FIELDS, field) for field in verdict.fields),
    )


def refusal_reason(verdict: RowVerdict) -> str:
    """The reason why a row cannot be loaded."""
    return words.refusal(InvalidInput(verdict.reason, **verdict.arguments)) if verdict.reason else ""


@blueprint.post("/import/<id:import_id>")
@needs(Action.CATALOGUE_CHANGE)
def load(import_id: int) -> WerkzeugResponse:
    """Load the valid rows into the catalogue as it is now, in several transactions. Between them others have a turn."""
    while not _load_some(import_id):
        time.sleep(PAUSE)
    return redirect(f"/catalogue/import/{import_id}", 303)


def _load_some(import_id: int) -> bool:
    """Returns whether all rows are loaded."""
    with desk().write("desk") as session:
        return catalogue_import.load(session, reader().actor, import_id).loaded_at is not None


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
    return _export(Form.CSV)


@blueprint.get("/export.xlsx")
@needs(Action.CATALOGUE_SEE)
def as_xlsx() -> Response:
    """The catalogue as xlsx, to edit and load again."""
    return _export(Form.XLSX)


def _export(form: Form) -> Response:
    return exported.answer(CatalogueExport(form, i18n.language()), f"felix-catalogue-{times.today()}")


def _csv_response(table: list[list[str]], name: str) -> Response:
    head, *rows = table
    made = io.BytesIO()
    table_writer.write_csv(made, head, rows, separator=SEPARATORS[i18n.language()])
    answer = make_response(made.getvalue())
    answer.headers["Content-Type"] = "text/csv; charset=utf-8"
    answer.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return answer
