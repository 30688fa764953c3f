"""What events and messages hold is stored as ever: what older programs wrote is read, and comes out again the same."""

from __future__ import annotations

import json
import lzma
import sqlite3
from collections.abc import Iterator, Mapping
from contextlib import closing
from datetime import date
from pathlib import Path

import pytest

from common.database.engine import Database
from common.database.models import LineState, Order, OrderState, Person, Unit
from common.events.kinds import EventKind
from common.events.timeline import record_event
from common.facts.base import NOTHING, Arguments, Nothing
from common.facts.orders import LineAdded, LineChanged, LineCounted, LineRemarked, OrderMoved, OrderPlaced, OwnerChanged
from common.facts.talk import QuestionAsked, RequestAsked, SubstituteChanged
from common.messaging import outbox
from common.messaging.kinds import MessageKind, spec_of
from tests.common.database.migrations.stations import FILES
from tests.support.cast import acts
from tests.support.examples import example
from tests.webapp.desks import place

WORDS = {"ru": "болт", "": "M8"}


def rows_of(station: Path, directory: Path, table: str) -> Iterator[tuple[str, dict[str, object]]]:
    """The kind and arguments of every row that an older program wrote to a table."""
    unpacked = directory / "older.sqlite3"
    unpacked.write_bytes(lzma.decompress(station.read_bytes()))
    with closing(sqlite3.connect(unpacked)) as connection:
        for kind, stored in connection.execute(f"SELECT kind, arguments FROM {table}"):
            yield kind, json.loads(stored)


@pytest.mark.parametrize("revision", sorted(FILES))
def test_what_older_programs_wrote_of_an_event_is_read_and_stays_as_it_is(revision: str, tmp_path: Path) -> None:
    rows = list(rows_of(FILES[revision], tmp_path, "event"))
    assert rows or revision < "0002"
    for kind, stored in rows:
        assert EventKind(kind).spec.arguments.read(stored).stored() == stored, kind


@pytest.mark.parametrize("revision", sorted(FILES))
def test_what_older_programs_queued_is_read_and_stays_as_it_is(revision: str, tmp_path: Path) -> None:
    rows = list(rows_of(FILES[revision], tmp_path, "outbox"))
    assert rows
    for kind, stored in rows:
        assert spec_of(kind).arguments.read(stored).stored() == stored, kind


@pytest.mark.parametrize("kind", MessageKind)
def test_what_a_message_holds_is_read_as_it_was_queued(kind: MessageKind) -> None:
    facts = example(kind)
    assert type(facts).read(json.loads(json.dumps(facts.stored()))) == facts


@pytest.mark.parametrize(
    ("arguments", "stored"),
    [
        (Nothing(), {}),
        (OrderPlaced(lines=2, on_behalf_of="Dima"), {"lines": 2, "for": "Dima"}),
        (
            OrderMoved(before=OrderState.READY, after=OrderState.ISSUED, to="Sasha", code=False),
            {"before": "ready", "after": "issued", "to": "Sasha", "code": False},
        ),
        (OwnerChanged(before="", owner="Rina"), {"before": "", "owner": "Rina"}),
        (
            LineChanged(
                line=3, words=WORDS, before=LineState.HERE, after=LineState.ORDERED, expected_on=date(2026, 12, 1)
            ),
            {"line": 3, "words": WORDS, "before": "here", "after": "ordered", "expected_on": "2026-12-01"},
        ),
        (
            SubstituteChanged(
                line=3,
                words=WORDS,
                before=LineState.ORDERED,
                after=LineState.SUBSTITUTE_PROPOSED,
                question=8,
                kind="substitute",
                text="M10",
                was_expected_on=date(2026, 12, 1),
            ),
            {
                "line": 3,
                "words": WORDS,
                "before": "ordered",
                "after": "substitute_proposed",
                "question": 8,
                "kind": "substitute",
                "text": "M10",
                "was_expected_on": "2026-12-01",
            },
        ),
        (QuestionAsked(question=8, kind="free", text="?"), {"question": 8, "kind": "free", "text": "?"}),
        (
            RequestAsked(request=1, wish="add_line", words={"": "нить"}, quantity=2, part_id=None),
            {"request": 1, "wish": "add_line", "words": {"": "нить"}, "quantity": 2, "part_id": None},
        ),
        (RequestAsked(request=1, wish="cancel"), {"request": 1, "wish": "cancel"}),
        (
            LineAdded(line=7, words=WORDS, after="500", unit=Unit.MILLILITRE, remark="5w30"),
            {"line": 7, "words": WORDS, "after": "500", "unit": "ml", "remark": "5w30"},
        ),
        (
            LineCounted(line=7, words=WORDS, before="1", after="2"),
            {"line": 7, "words": WORDS, "before": "1", "after": "2"},
        ),
        (LineRemarked(line=7, words=WORDS, remark_before="M8"), {"line": 7, "words": WORDS, "remark_before": "M8"}),
    ],
)
def test_a_struct_is_stored_without_what_was_not_said(arguments: Arguments, stored: Mapping[str, object]) -> None:
    assert arguments.stored() == stored
    assert type(arguments).read(stored) == arguments


def test_what_a_later_program_adds_is_left_out() -> None:
    assert OwnerChanged.read({"before": "", "owner": "Rina", "why": "?"}) == OwnerChanged(before="", owner="Rina")


def test_a_message_with_the_struct_of_another_kind_is_not_queued(database: Database) -> None:
    with pytest.raises(TypeError, match=r"notice\.ready holds OrderMoved, not Nothing"), database.write() as session:
        outbox.enqueue(session, key="k", kind=MessageKind.NOTICE_READY, chat_id=1, stream="s", arguments=NOTHING)


def test_an_event_with_the_struct_of_another_kind_is_not_recorded(database: Database, dima: Person) -> None:
    order = place(database, dima)
    with pytest.raises(TypeError, match=r"order\.ready holds OrderMoved, not Nothing"), database.write() as session:
        record_event(session, acts(dima), session.get_one(Order, order.id), EventKind.ORDER_READY, NOTHING)
