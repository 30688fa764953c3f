"""Replies: short answers to a person's action."""

from __future__ import annotations

from collections.abc import Callable

from sqlalchemy.orm import Session

from bot_daemon.chat import buttons
from bot_daemon.chat.content import Content, NothingToSay
from bot_daemon.chat.rendering.text import escape, title
from bot_daemon.chat.rendering.words import lost_media
from common.database.models import OutboxRow, Person
from common.facts.messages import PassedOn
from common.facts.talk import MediaRefused
from common.i18n import gettext as _
from common.media.attachments import MAX_FILES
from common.messaging.kinds import MessageKind


def _welcome(reader: Person | None) -> str:
    name = escape(reader.name) if reader else ""
    return "👋 " + _("Hi, %(name)s! Order parts here, and you hear at once when they are ready.") % {"name": name}


def _removed(reader: Person | None) -> str:
    return "🔒 " + _("Your access is closed. If that is a mistake, talk to your manager.")


def _apology(reader: Person | None) -> str:
    return "😔 " + _("Sorry, that went wrong on our side. Nothing was changed; just try again.")


def help_text(reader: Person | None) -> str:
    return "\n".join(
        (
            title("❓", _("How it works")),
            "1. " + _("New order: pick parts or just type what you need."),
            "2. " + _("Tap the quantity, or type it."),
            "3. " + _("Type the plate, look it over and send."),
            "",
            _("Each order has a card that shows how it stands. When it is ready, you get a message."),
            "",
            _("Lost? /cancel brings you to the start; your list is kept."),
            "",
            _("Stored about you: your name, language, orders and what you write. A manager shows or erases it."),
        )
    )


def _media_refused(session: Session, row: OutboxRow, reader: Person | None) -> Content:
    if reader is None or reader.archived_at is not None:
        raise NothingToSay
    return Content("📎 " + lost_media(MediaRefused.read(row.arguments).reason))


ReplyRenderer = Callable[[Session, OutboxRow, Person | None], Content]


def _reply(text: Callable[[Person | None], str]) -> ReplyRenderer:
    return lambda session, row, reader: Content(text(reader))


def _passed_on(session: Session, row: OutboxRow, reader: Person | None) -> Content:
    """The order the message went to, with a button to choose another one."""
    facts = PassedOn.read(row.arguments)
    text = "➡️ " + _("Passed on to order %(number)s.") % {"number": facts.order}
    if facts.full:
        text += "\n☝️ " + _("The order has %(most)s photos and voice notes: this one was not kept.") % {
            "most": MAX_FILES
        }
    return Content(text, [[buttons.WHICH.button(_("Not for this order"), message=facts.message)]])


REPLIES: dict[MessageKind, ReplyRenderer] = {
    MessageKind.REPLY_WELCOME: _reply(_welcome),
    MessageKind.REPLY_REMOVED: _reply(_removed),
    MessageKind.REPLY_APOLOGY: _reply(_apology),
    MessageKind.REPLY_HELP: _reply(help_text),
    MessageKind.REPLY_MEDIA_REFUSED: _media_refused,
    MessageKind.REPLY_PASSED_ON: _passed_on,
}
