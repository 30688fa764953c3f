"""The desk's notes about an order: staff write them for one another, and only staff ever read them.

A note is never edited or deleted. Its writer may strike it out; it then stays readable. Like a message, it does not
change the order's version. No message contains a note: its events name it by its number only, the event kinds have no
recipients for them, and no sending code knows the table of notes.
"""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from common import clock
from common.database.engine import storable
from common.database.models import DeskNote
from common.errors import Forbidden, InvalidInput, NotFound
from common.events.kinds import EventKind
from common.events.timeline import record_event
from common.facts.talk import NoteNamed
from common.orders import locking
from common.permissions import Action, Actor, require

MAX_NOTE = 2000


def write(session: Session, actor: Actor, order_id: int, text: str, *, key: str) -> DeskNote:
    """Write a note. A second call with the same `key` returns the existing note.

    Raises:
        NotFound: no such order.
        InvalidInput: `note_needed`; `note_long`; `author`: a note must have a writer.
    """
    require(actor, Action.NOTE_WRITE)
    text = storable(text).strip()
    if not text:
        raise InvalidInput("note_needed")
    if len(text) > MAX_NOTE:
        raise InvalidInput("note_long", most=MAX_NOTE)
    if actor.person_id is None:
        raise InvalidInput("author")
    order = locking.lock_order(session, order_id)
    key = f"{order.id}:{key}"
    present = session.scalar(select(DeskNote).where(DeskNote.key == key))
    if present is not None:
        return present
    note = DeskNote(order_id=order.id, author_id=actor.person_id, key=key, text=text, at=clock.utcnow())
    session.add(note)
    session.flush()
    record_event(session, actor, order, EventKind.NOTE_WRITTEN, NoteNamed(note=note.id))
    return note


def strike(session: Session, actor: Actor, order_id: int, note_id: int) -> DeskNote:
    """Strike out the actor's own note; a second call has no effect.

    Raises:
        NotFound: no such note of this order.
        Forbidden: another person wrote it.
    """
    require(actor, Action.NOTE_WRITE)
    order = locking.lock_order(session, order_id)
    note = session.get(DeskNote, note_id)
    if note is None or note.order_id != order.id:
        raise NotFound("note", note_id)
    if note.author_id != actor.person_id:
        raise Forbidden("note.strike", "somebody else wrote it")
    if note.struck_at is None:
        note.struck_at = clock.utcnow()
        record_event(session, actor, order, EventKind.NOTE_STRUCK, NoteNamed(note=note.id))
    return note


def of_order(session: Session, order_id: int, limit: int = 200) -> list[DeskNote]:
    """The newest notes of an order, oldest first."""
    newest = select(DeskNote).where(DeskNote.order_id == order_id).order_by(DeskNote.id.desc()).limit(limit)
    return list(session.scalars(newest.options(joinedload(DeskNote.author))))[::-1]
