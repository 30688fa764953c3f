"""Typed and sent input: parts, a quantity, a car, a comment, a photo, a voice note."""

from __future__ import annotations

from sqlalchemy.orm import Session

from bot_daemon.chat import lookup
from bot_daemon.chat.conversation import actions
from bot_daemon.chat.conversation import typed as words
from bot_daemon.chat.incoming import Answer, Incoming
from bot_daemon.chat.steps.access import show_present
from bot_daemon.chat.steps.draft.writing import open_draft
from common.database.models import Person


def take_text(session: Session, incoming: Incoming, person: Person) -> Answer:
    writing = open_draft(session, incoming, person)
    found = lookup.matching_parts(session, words.words_to_look_up(writing.state, incoming.text))
    return writing.answer(actions.TypeText(incoming.text, found.parts, found.is_cut))


def take_file(session: Session, incoming: Incoming, person: Person) -> Answer:
    """Take a photo or voice note. Any other content gets an answer that names what can be sent."""
    attachment, message_id = incoming.attachment, incoming.message_id
    if attachment is None or message_id is None:
        return show_present(session, incoming, person, note="not_understood")
    action = actions.AttachFile(
        message_id, attachment.kind, attachment.group_id, incoming.text, lookup.unnamed_words(attachment.kind)
    )
    return open_draft(session, incoming, person).answer(action)
