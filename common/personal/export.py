"""Handing out what is stored about a person: a zip with one JSON file, and the photos and voice notes."""

from __future__ import annotations

import zipfile
from collections.abc import Callable, Iterator
from contextlib import suppress
from typing import BinaryIO, cast

import msgspec
from sqlalchemy import Table, select
from sqlalchemy.orm import Session

from common import clock
from common.database.models import Base, MediaContent, Person
from common.errors import NotFound
from common.media.kept_files import EXTENSIONS
from common.personal import belonging
from common.personal.belonging import Subject
from common.personal.register import PERSONAL, SECRETS

LEFT_OUT = frozenset({"body", "thumbnail"})  # of files, which lie beside the JSON


def rows(session: Session, person: Person) -> dict[str, list[dict[str, object]]]:
    """Every row about the person by its table, without what opens a door."""
    who = Subject.of(session, person)
    return {table.__tablename__: [*_rows(session, table, who)] for table in belonging.ROWS}


def _rows(session: Session, model: type[Base], who: Subject) -> Iterator[dict[str, object]]:
    table = cast(Table, model.__table__)
    hidden = SECRETS | (LEFT_OUT if model is MediaContent else frozenset())
    shown = [column for column in table.columns if not _is_hidden(model, column.name, hidden)]
    for row in session.execute(select(*shown).where(belonging.ROWS[model](who)).order_by(*table.primary_key)):
        yield {column.name: _written(value) for column, value in zip(shown, row, strict=True)}


def _is_hidden(model: type[Base], column: str, hidden: frozenset[str]) -> bool:
    """The digest of a file is its name, not a secret."""
    return column in hidden and not (model.__tablename__ in ("media", "media_content") and column == "digest")


def _written(value: object) -> object:
    return value.decode("utf-8", "replace") if isinstance(value, bytes) else value


def write(session: Session, person: Person, target: BinaryIO, read_body: Callable[[str], bytes]) -> int:
    """Write the zip. Returns the number of rows. `read_body`: the bytes of a file by its digest."""
    found = rows(session, person)
    columns = {table: PERSONAL.get(table, "").split() for table in found}
    told = {"person": person.id, "at": clock.utcnow(), "personal_columns": columns, "rows": found}
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("person.json", msgspec.json.format(msgspec.json.encode(told), indent=1))
        for file in found["media_content"]:
            digest, extension = str(file["digest"]), EXTENSIONS.get(str(file["type"]), "bin")
            with suppress(NotFound, OSError):  # its row is there, its bytes are gone
                archive.writestr(f"media/{digest}.{extension}", read_body(digest))
    return sum(map(len, found.values()))
