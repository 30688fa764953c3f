"""An update as a step sees it: plain values without library objects, so that steps are tested without the library."""

from __future__ import annotations

import enum
from collections.abc import Callable, Coroutine
from dataclasses import dataclass
from typing import Any

from sqlalchemy.orm import Session
from telegram import Message, Update


class UpdateKind(enum.StrEnum):
    TEXT = "text"
    COMMAND = "command"
    PRESS = "press"
    MEMBER = "member"  # the person blocked or unblocked the bot
    EDITED = "edited"  # the person edited an earlier message
    OTHER = "other"  # a photo, a voice note, a sticker, …


@dataclass(frozen=True)
class Attachment:
    """The file of a message. `kind` is Telegram's word: photo, voice, audio, video, video_note or document.

    `size` in bytes and `seconds` come from Telegram, None if absent. The declared type can only refuse a file at once:
    whether it is kept is decided by its bytes.
    """

    kind: str
    file_id: str
    file_unique_id: str
    size: int | None = None
    seconds: int | None = None
    group_id: str = ""  # the album's id: its messages come one by one
    declared: str = ""  # the type that the sender's app names; empty: it names none


@dataclass(frozen=True)
class Incoming:
    """One update, recorded as inbox row `seq`, which is unique over all bots, as `update_id` is not.

    `text` is the message's text or caption, a command's argument, or a button's data.
    """

    seq: int
    update_id: int
    what: UpdateKind
    sender_id: int
    chat_id: int
    chat_kind: str
    name: str
    language_code: str
    text: str = ""
    command: str = ""
    message_id: int | None = None  # of the message, or of the one whose button was pressed
    reply_to: int | None = None
    callback_id: str | None = None
    blocked: bool = False  # MEMBER: whether the bot is blocked now
    attachment: Attachment | None = None  # OTHER: its caption is `text`


@dataclass(frozen=True)
class Answer:
    """The direct answer of a step: the toast of a press, in the person's language. Messages go by the outbox."""

    toast: str = ""
    alert: bool = False


FILE_KINDS = ("document", "voice", "audio", "video", "video_note")  # fields of Telegram's message

Step = Callable[[Session, Incoming], Answer]
Callback = Callable[[Update, Any], Coroutine[Any, Any, None]]  # a step as python-telegram-bot calls it


def read_incoming(update: Update, seq: int) -> Incoming | None:
    """The update as plain values; None: it has no sender or chat that we serve."""
    user, chat = update.effective_user, update.effective_chat
    if user is None or chat is None:
        return None
    what, text, command = _content(update)
    message, press, member = update.effective_message, update.callback_query, update.my_chat_member
    reply = update.message.reply_to_message if update.message else None
    return Incoming(
        seq=seq,
        update_id=update.update_id,
        what=what,
        sender_id=user.id,
        chat_id=chat.id,
        chat_kind=str(chat.type),
        name=user.full_name,
        language_code=user.language_code or "",
        text=text,
        command=command,
        message_id=message.message_id if message else None,
        reply_to=reply.message_id if reply else None,
        callback_id=press.id if press else None,
        blocked=bool(member and member.new_chat_member.status in ("kicked", "left")),
        attachment=_attachment(update.message) if update.message else None,
    )


def _attachment(message: Message) -> Attachment | None:
    """The file of a message, a photo in its largest size. An animation is a document, too (Bot API)."""
    group = message.media_group_id or ""
    if message.photo:
        largest = max(message.photo, key=lambda size: size.width * size.height)
        return Attachment("photo", largest.file_id, largest.file_unique_id, largest.file_size, None, group)
    for kind in FILE_KINDS:
        file = getattr(message, kind)
        if file is not None:
            # Of a length, the attribute is a timedelta or a number, and warns (22.2).
            seconds, declared = file.to_dict().get("duration"), getattr(file, "mime_type", None) or ""
            return Attachment(kind, file.file_id, file.file_unique_id, file.file_size, seconds, group, declared)
    return None


def _content(update: Update) -> tuple[UpdateKind, str, str]:
    if update.callback_query:
        return UpdateKind.PRESS, update.callback_query.data or "", ""
    if update.my_chat_member:
        return UpdateKind.MEMBER, "", ""
    if update.edited_message:
        return UpdateKind.EDITED, update.edited_message.text or update.edited_message.caption or "", ""
    text = (update.message.text or update.message.caption or "") if update.message else ""
    if text.startswith("/") and update.message and update.message.text:
        command, _, rest = text[1:].partition(" ")
        return UpdateKind.COMMAND, rest.strip(), command.partition("@")[0].lower()
    if update.message and update.message.text:
        return UpdateKind.TEXT, text, ""
    return UpdateKind.OTHER, text, ""
