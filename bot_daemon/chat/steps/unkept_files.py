"""Files that cannot be kept are refused at once: Telegram names kind and size with the message."""

from __future__ import annotations

from dataclasses import replace

from sqlalchemy.orm import Session

from bot_daemon.chat.incoming import Answer, Attachment, Incoming, Step, UpdateKind
from bot_daemon.chat.steps.access import for_members
from common.database.models import MediaReason, Person
from common.facts.talk import MediaRefused
from common.media.attachments import MAX_BYTES
from common.messaging import outbox
from common.messaging.kinds import MessageKind

KEPT_KINDS = ("image/", "audio/", "video/")
KEPT_DOCUMENTS = frozenset({"", "application/pdf", "application/octet-stream"})  # nothing said: the bytes will tell
NEVER = frozenset({"image/svg+xml", "image/heic", "image/heif", "image/tiff", "video/webm", "video/x-matroska"})


def refusing_unkept(step: Step, take_words: Step) -> Step:
    """The step of what is no text: a file that cannot be kept is refused, and its caption read like typed words."""

    def checked(session: Session, incoming: Incoming) -> Answer:
        if incoming.attachment is None or why_unkept(incoming.attachment) is None:
            return step(session, incoming)
        answer = _refuse(session, incoming)
        if not incoming.text.strip():
            return answer
        return take_words(session, replace(incoming, what=UpdateKind.TEXT, attachment=None))

    return checked


def why_unkept(attachment: Attachment) -> MediaReason | None:
    """The reason why the file surely cannot be kept; None: it may be kept, its bytes decide."""
    if attachment.size is not None and attachment.size > MAX_BYTES:
        return MediaReason.TOO_LARGE
    declared = attachment.declared.partition(";")[0].strip().lower()
    may_be = declared.startswith(KEPT_KINDS) or declared in KEPT_DOCUMENTS
    return None if may_be and declared not in NEVER else MediaReason.WRONG_TYPE


@for_members
def _refuse(session: Session, incoming: Incoming, person: Person) -> Answer:
    attachment = incoming.attachment
    reason = why_unkept(attachment) if attachment is not None else None
    if attachment is None or reason is None:
        return Answer()
    outbox.enqueue(
        session,
        key=f"u{incoming.seq}:unkept",
        kind=MessageKind.REPLY_MEDIA_REFUSED,
        chat_id=incoming.chat_id,
        stream=outbox.chat_stream(incoming.chat_id),
        arguments=MediaRefused(media=attachment.kind, reason=reason.value),
        collapse_key=f"unkept:{incoming.chat_id}:{reason.value}",  # an album of them is one answer
        person_id=person.id,
    )
    return Answer()
