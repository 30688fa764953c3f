"""What somebody sends besides text: a photo or a voice note goes with the order being written."""

from __future__ import annotations

from sqlalchemy.orm import Session

from bot_daemon.incoming import Answer, Incoming
from bot_daemon.steps.access import for_members, show_present
from bot_daemon.steps.writing import open_draft
from common import media
from common.models import Person


@for_members
def attached(session: Session, incoming: Incoming, person: Person) -> Answer:
    """It is wanted for the draft, where something is in it; a sticker and the like is not understood."""
    writing, brought = open_draft(session, incoming, person), incoming.attachment
    if brought is None or not writing.draft.lines or incoming.message_id is None:
        return show_present(session, incoming, person, note="only_text")
    wanted = media.want(
        session,
        chat_id=incoming.chat_id,
        message_id=incoming.message_id,
        group_id=brought.group_id,
        file_id=brought.file_id,
        file_unique_id=brought.file_unique_id,
        kind=brought.kind,
        caption=incoming.text,
        seconds=brought.seconds,
        person_id=person.id,
        draft_key=writing.row.key,
    )
    return show_present(session, incoming, person, note="media_added" if wanted else "media_full")
