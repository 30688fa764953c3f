"""Notes of the desk: facts for the desk's eyes, and never a message, whatever anybody tries."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest
from sqlalchemy import func, select

from common.database.engine import Database
from common.database.models import DeskNote, Event, Order, OutboxRow, Person, Role, Via
from common.errors import Forbidden, InvalidInput, NotFound
from common.events import cards, corrections, notices
from common.events.kinds import EventKind
from common.messaging import outbox
from common.messaging.kinds import MessageKind
from common.orders import placing
from common.orders.moves import Move
from common.permissions import Actor
from common.talk import notes
from tests.support.cast import acts
from tests.webapp.desks import move, place, state

SECRET = "his cheques bounce: cash only"
ROOT = Path(__file__).parents[3]


@pytest.fixture
def order(database: Database, dima: Person, avi: Person) -> Order:
    order = place(database, dima)
    move(database, order.id, Move.TAKE, avi)
    return order


def write(database: Database, order: Order, person: Person, text: str = SECRET, key: str = "k1") -> DeskNote:
    with database.write() as session:
        return notes.write(session, acts(person), order.id, text, key=key)


def test_a_note_stays_with_its_writer_and_its_hour(database: Database, order: Order, rina: Person) -> None:
    written = write(database, order, rina, f"  {SECRET}\0 ")
    with database.read() as session:
        (note,) = notes.of_order(session, order.id)
    assert (note.id, note.text, note.author.name, note.struck_at) == (written.id, SECRET, "Rina", None)


def test_the_same_form_sent_twice_is_one_note(database: Database, order: Order, rina: Person) -> None:
    assert write(database, order, rina).id == write(database, order, rina).id
    with database.read() as session:
        events = session.scalars(select(Event).where(Event.kind == EventKind.NOTE_WRITTEN)).all()
    assert [event.arguments.keys() for event in events] == [{"note"}]


def test_a_note_tells_nobody_and_stops_nobody(database: Database, order: Order, rina: Person, avi: Person) -> None:
    with database.read() as session:
        before = session.scalar(select(func.count()).select_from(OutboxRow))
    note, version = write(database, order, rina), state(database, order.id).version
    with database.write() as session:
        notes.strike(session, acts(rina), order.id, note.id)
    with database.read() as session:
        assert session.scalar(select(func.count()).select_from(OutboxRow)) == before
        assert not [row for row in session.scalars(select(OutboxRow)) if SECRET in str(row.arguments)]
    assert version == 2 == state(database, order.id).version


def test_no_message_can_be_made_of_a_note() -> None:
    assert EventKind.NOTE_WRITTEN.spec.told == EventKind.NOTE_STRUCK.spec.told == {}
    assert not [kind for kind in MessageKind if "note" in kind.replace("notice", "")]
    names = {"DeskNote", "desk_note", "common.talk.notes"}
    sending = [
        *(ROOT / "bot_daemon").rglob("*.py"),
        *(Path(str(m.__file__)) for m in (outbox, cards, corrections, notices)),
    ]
    for path in sending:
        tree = ast.parse(path.read_text(encoding="utf-8"))
        said = {ast.unparse(n) for n in ast.walk(tree) if isinstance(n, ast.Name | ast.Attribute | ast.Constant)}
        imported = {
            f"{n.module}.{a.name}" for n in ast.walk(tree) if isinstance(n, ast.ImportFrom) for a in n.names
        } | {a.name for n in ast.walk(tree) if isinstance(n, ast.ImportFrom | ast.Import) for a in n.names}
        assert not names & (said | imported), path


@pytest.mark.parametrize(("text", "code"), [("", "note_needed"), (" \n", "note_needed"), ("x" * 2001, "note_long")])
def test_a_note_has_limits(database: Database, order: Order, rina: Person, text: str, code: str) -> None:
    with pytest.raises(InvalidInput) as refused:
        write(database, order, rina, text)
    assert refused.value.code == code


def test_only_its_writer_strikes_it_out_and_once(database: Database, order: Order, rina: Person, avi: Person) -> None:
    note = write(database, order, rina)
    with pytest.raises(Forbidden), database.write() as session:
        notes.strike(session, acts(avi), order.id, note.id)
    for _ in range(2):
        with database.write() as session:
            notes.strike(session, acts(rina), order.id, note.id)
    with database.read() as session:
        (kept,) = notes.of_order(session, order.id)
        assert (kept.text, kept.struck_at is not None) == (SECRET, True)
        assert len(session.scalars(select(Event).where(Event.kind == EventKind.NOTE_STRUCK)).all()) == 1


def test_a_mechanic_and_nobody_write_no_notes(database: Database, order: Order, dima: Person) -> None:
    with pytest.raises(Forbidden):
        write(database, order, dima)
    with pytest.raises(InvalidInput), database.write() as session:
        notes.write(session, Actor(None, Role.MANAGER, Via.API), order.id, SECRET, key="k")


def test_a_note_of_another_order_is_not_found(database: Database, order: Order, rina: Person, dima: Person) -> None:
    note, other = write(database, order, rina), place(database, dima)
    with pytest.raises(NotFound), database.write() as session:
        notes.strike(session, acts(rina), other.id, note.id)
    with pytest.raises(NotFound), database.write() as session:
        notes.write(session, acts(rina), placing.MAX_LINES * 1000, SECRET, key="k")
