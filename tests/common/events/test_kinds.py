"""The table of events: each kind happens somewhere, names notices that exist, and has a sentence for what it holds."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

import bot_daemon
import common
from common.events.audience import READERS
from common.events.kinds import Audience, EventKind
from common.messaging.message_spec import Family

SOURCES = [
    path.read_text(encoding="utf-8")
    for package in (common, bot_daemon)
    for path in Path(str(package.__file__)).parent.rglob("*.py")
    if path.parts[-2:] != ("events", "kinds.py")
]


@pytest.mark.parametrize("kind", EventKind)
def test_every_kind_of_event_happens_somewhere(kind: EventKind) -> None:
    assert any(re.search(rf"\bEventKind\.{kind.name}\b", source) for source in SOURCES)


def test_what_is_told_of_an_event_is_a_notice_and_every_audience_has_readers() -> None:
    told = {notice for kind in EventKind for notice in kind.spec.told.values() if notice is not None}
    assert {notice.spec.family for notice in told} == {Family.NOTICE}
    assert {notice for kind in EventKind for notice in kind.spec.amends} <= told
    assert set(READERS) == set(Audience)


@pytest.mark.parametrize("kind", EventKind)
def test_a_code_fits_its_column_and_its_sentence_says_who(kind: EventKind) -> None:
    assert len(kind) <= 40
    assert "%(who)s" in kind.spec.sentence
