"""Typed and sent input: whole orders, parts, a quantity, a car, a comment, a photo, a voice note."""

from __future__ import annotations

from sqlalchemy.orm import Session

from bot_daemon.chat import lookup
from bot_daemon.chat.conversation import actions
from bot_daemon.chat.incoming import Answer, Incoming
from bot_daemon.chat.steps.access import show_present
from bot_daemon.chat.steps.draft.writing import open_draft
from common.database.models import Person


def take_text(session: Session, incoming: Incoming, person: Person) -> Answer:
    writing = open_draft(session, incoming, person)
    return writing.answer(lookup.typed(session, person, incoming.text, writing.state.draft, incoming.message_id or 0))


def take_file(session: Session, incoming: Incoming, person: Person) -> Answer:
    """Take a photo or voice note. Any other content gets an answer that names what can be sent."""
    attachment, message_id = incoming.attachment, incoming.message_id
    if attachment is None or message_id is None:
        return show_present(session, incoming, person, note="not_understood")
    writing = open_draft(session, incoming, person)
    action = actions.AttachFile(
        message_id,
        attachment.kind,
        attachment.group_id,
        lookup.typed(session, person, incoming.text, writing.state.draft, message_id) if incoming.text else None,
        lookup.unnamed_words(attachment.kind),
    )
    return writing.answer(action)


def correct(session: Session, incoming: Incoming, person: Person) -> bool:
    """Read a corrected message of the draft anew. Returns whether it was one of the draft."""
    writing = open_draft(session, incoming, person)
    draft, message = writing.state.draft, incoming.message_id or 0
    before = next((one for one in draft.sources if one.message == message), None)
    if before is None:
        return False
    was = lookup.read_text(session, before.text, draft).reading
    writing.answer(actions.EditText(lookup.typed(session, person, incoming.text, draft, message), was))
    return True
