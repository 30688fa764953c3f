"""The answer with an exported file."""

from __future__ import annotations

from collections.abc import Iterator
from typing import IO

from flask import Response

from common.exports import export_file
from common.exports.exports import Export, Form
from common.spreadsheets.table_writer import XLSX
from webapp.web.context import desk

CHUNK_SIZE = 64 * 1024
TYPES = {Form.CSV: "text/csv; charset=utf-8", Form.XLSX: XLSX}


def answer(export: Export, name: str) -> Response:
    """The file, to be saved under this name. Raises: Busy."""
    here = desk()
    kept = export_file.make(here.database, here.settings.database_url, export)
    response = Response(_pieces(kept), mimetype=TYPES[export.form])
    response.headers["Content-Disposition"] = f'attachment; filename="{name}.{export.form}"'
    response.headers["Cache-Control"] = "no-store"
    return response


def _pieces(kept: IO[bytes]) -> Iterator[bytes]:
    with kept:
        while piece := kept.read(CHUNK_SIZE):
            yield piece
