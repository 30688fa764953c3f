"""Attached files on a page: pictures to enlarge, sounds and films to play, documents to save, words for the others."""

from __future__ import annotations

from dataclasses import dataclass, replace

from sqlalchemy.orm import Session

from common.database.models import Media, MediaReason, MediaState
from common.i18n import N_, gettext
from common.media import kept_files
from webapp.wording.words import word_of

REASONS: dict[MediaReason | None, str] = {
    MediaReason.TOO_LARGE: N_("too large: Telegram hands bots 20 MB at most"),
    MediaReason.WRONG_TYPE: N_("not a kind of file that is kept here"),
    MediaReason.DAMAGED: N_("damaged, it cannot be opened"),
    MediaReason.TOO_MANY_PIXELS: N_("too many pixels to be opened safely"),
    MediaReason.EMPTY: N_("empty"),
    MediaReason.GONE: N_("Telegram does not have it any more"),
    MediaReason.UNAVAILABLE: N_("Telegram did not hand it out, however often it was asked"),
    MediaReason.QUOTA: N_("its sender sent too many files within a day"),
    MediaReason.NO_ROOM: N_("there was no room left for files"),
    MediaReason.LOCAL_PATH: N_("the Bot API server runs with --local and keeps its files to itself"),
}
KINDS: dict[str, str] = {
    "photo": N_("Photo"),
    "voice": N_("Voice note"),
    "audio": N_("Recording"),
    "video": N_("Video"),
    "video_note": N_("Video"),
    "document": N_("File"),
}
SHOWN = {"image": "picture", "audio": "sound", "video": "film", "application": "document"}  # by the type's first half


@dataclass(frozen=True)
class AttachedMedia:
    """A file as a page shows it. `show`: one of `SHOWN`, or coming, or lost."""

    id: int
    line_id: int | None
    message_id: int | None  # of the order's chat
    show: str
    name: str
    caption: str
    length: str  # of a sound or a film: 0:42
    why: str


def of_order(session: Session, order_id: int) -> list[AttachedMedia]:
    """An order's own media, in the order of arrival; without those of its chat."""
    return [_attached_media(*found) for found in kept_files.of_order(session, order_id)]


def of_chat(session: Session, order_id: int) -> list[AttachedMedia]:
    """The media of an order's chat messages; the caption is the message's text."""
    brought = [_attached_media(*found) for found in kept_files.of_chat(session, order_id)]
    return [replace(one, caption="") for one in brought]


def _attached_media(media: Media, media_type: str | None) -> AttachedMedia:
    return AttachedMedia(
        id=media.id,
        line_id=media.line_id,
        message_id=media.chat_message_id,
        show=_display(media, media_type),
        name=word_of(KINDS, media.kind),
        caption=media.caption,
        length=f"{media.seconds // 60}:{media.seconds % 60:02}" if media.seconds else "",
        why=_why_missing(media),
    )


def _display(media: Media, media_type: str | None) -> str:
    if media.state is MediaState.WANTED:
        return "coming"
    if media.state is MediaState.KEPT and media_type is not None:
        return SHOWN.get(media_type.partition("/")[0], "lost")
    return "lost"


def _why_missing(media: Media) -> str:
    if media.state is MediaState.WANTED:
        return gettext("It did not work yet and is tried again.") if media.attempts else ""
    return gettext(REASONS[media.reason_code]) if media.reason_code in REASONS else ""
