"""Readings in one line, as the table of phrases has them; and the catalogue that they are read with.

`4 l engine_oil ~ 5w30 | oil_filter | car: 12-345-67 (white Skoda) | urgent`: quantity, unit, part, remark; parts to be
asked are joined by `/`, `?` is a line as typed, `-a > b` puts b in the place of a.
"""

from __future__ import annotations

import csv
from collections.abc import Iterator
from functools import cache

from common.catalogue.catalogue import DEFAULT_FILE
from common.languages import LANGUAGES
from common.understanding.names import NamedPart, Names
from common.understanding.reading import Correction, Reading, ReadLine


@cache
def garage() -> Names:
    with DEFAULT_FILE.open(encoding="utf-8", newline="") as file:
        return Names(_part(number, row) for number, row in enumerate(csv.DictReader(file), 1))


def _part(number: int, row: dict[str, str]) -> NamedPart:
    def listed(column: str) -> tuple[str, ...]:
        return tuple(filter(None, row[column].split("|")))

    return NamedPart(
        id=number,
        code=row["part_code"],
        names={language: row[f"part_{language}"] for language in LANGUAGES},
        synonyms=listed("synonyms"),
        unit=row["unit"],
        positions=frozenset(listed("positions")),
        attributes=frozenset(listed("attributes")),
    )


def in_one_line(reading: Reading, names: Names) -> str:
    return " | ".join(_said(reading, names)) or "-"


def _said(reading: Reading, names: Names) -> Iterator[str]:
    for line in reading.lines:
        yield _line(line, _codes(line.parts, names) or "?")
    for correction in reading.corrections:
        yield _correction(correction, names)
    if reading.of_last:
        yield f"last: {_line(reading.of_last, ' '.join(sorted(reading.of_last.positions)))}"
    if reading.car or reading.car_remark:
        yield "car: " + " ".join(filter(None, (reading.car, reading.car_remark and f"({reading.car_remark})")))
    yield from (flag for flag in ("no_car", "same_car", "same_order", "urgent") if getattr(reading, flag))
    if reading.comment:
        yield f"comment: {reading.comment}"
    if reading.not_read:
        yield f"not read: {reading.not_read}"


def _line(line: ReadLine, part: str) -> str:
    quantity = f"{line.quantity.normalize():f} {line.unit}" if line.quantity is not None else ""
    remark = f"~ {line.remark}" if line.remark else ""
    quality = f"[{line.quality}]" if line.quality else ""
    return " ".join(filter(None, (quantity, part, remark, quality)))


def _correction(correction: Correction, names: Names) -> str:
    instead = f" > {_codes(sorted(correction.instead), names)}" if correction.instead else ""
    return f"-{_codes(sorted(correction.removed), names)}{instead}"


def _codes(parts: tuple[int, ...] | list[int], names: Names) -> str:
    return "/".join(names.parts[part].code for part in parts)
