"""What people type and dictate in three languages, and what it means: the table `phrases.tsv`."""

from __future__ import annotations

from pathlib import Path

import pytest

from common.understanding.read import read
from tests.common.understanding.notation import garage, in_one_line

TABLE = Path(__file__).with_name("phrases.tsv").read_text(encoding="utf-8")
PHRASES = [line.split("\t") for line in TABLE.splitlines() if line and not line.startswith("#")]
IN_THE_ORDER = ("water_pump", "engine_oil")  # parts that the order has already: they can be taken back


@pytest.mark.parametrize(("phrase", "meaning"), PHRASES, ids=[phrase for phrase, _ in PHRASES])
def test_a_phrase_means(phrase: str, meaning: str) -> None:
    names = garage()
    present = {part.id for part in names.parts.values() if part.code in IN_THE_ORDER}

    reading = read(phrase.replace("\\n", "\n"), names, present)

    assert in_one_line(reading, names) == meaning


def test_the_table_has_300_phrases_and_each_once() -> None:
    assert len(PHRASES) >= 300
    assert len({phrase for phrase, _ in PHRASES}) == len(PHRASES)
