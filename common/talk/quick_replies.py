"""Quick replies: the desk's frequent messages, in every language, with places that an order fills.

Typing its shortcut (`/eta`) puts a reply's text into the desk's message box in the mechanic's language, where it can
still be changed. A place that cannot be filled stays visible, and a message with an empty place is not sent.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from babel.dates import format_skeleton
from sqlalchemy import select
from sqlalchemy.orm import Session

from common import audit, clock, i18n
from common.database import rows
from common.database.engine import bump_revision, storable
from common.database.models import LineState, Order, OrderLine, QuickReply
from common.errors import InvalidInput, NotFound
from common.i18n import worded
from common.languages import LANGUAGES
from common.orders.content.line_text import SEPARATOR
from common.permissions import Action, Actor, require

VARIABLES = ("part", "date", "number", "plate", "name", "who")
MOST_SHORTCUT = 24
SHORTCUT = re.compile(r"[^\W_][\w-]{0,23}")
PLACE = re.compile(r"\{([^{}]*)\}")
MAX_TEXT = 1000
MAX_REPLIES = 200  # replies in use


@dataclass(frozen=True)
class FilledText:
    """A reply with its places filled. `missing`: the places that could not be filled. `language`: the text's language,
    which is not the wanted one if that text is missing.
    """

    text: str
    missing: tuple[str, ...]
    language: str


def check(shortcut: str, texts: Mapping[str, str]) -> tuple[str, dict[str, str]]:
    """The shortcut and the texts as stored; languages without a text are left out.

    Raises:
        InvalidInput: `shortcut`, `reply_needed`, `reply_long`, `reply_braces`, `reply_variable`.
    """
    shortcut = shortcut.strip().removeprefix("/").casefold()
    if not SHORTCUT.fullmatch(shortcut):
        raise InvalidInput("shortcut")
    kept = {language: storable(texts.get(language, "")).strip() for language in LANGUAGES}
    kept = {language: text for language, text in kept.items() if text}
    if not kept:
        raise InvalidInput("reply_needed")
    for language, text in kept.items():
        _check_text(language, text)
    return shortcut, kept


def _check_text(language: str, text: str) -> None:
    if len(text) > MAX_TEXT:
        raise InvalidInput("reply_long", most=MAX_TEXT, language=language)
    for name in _places(text):
        if name not in VARIABLES:
            raise InvalidInput("reply_variable", name=name[:40], language=language)
    if set("{}") & set(PLACE.sub("", text)):
        raise InvalidInput("reply_braces", language=language)


def create(session: Session, actor: Actor, shortcut: str, texts: Mapping[str, str]) -> QuickReply:
    """Raises: InvalidInput, see `check`, and `shortcut_taken`; Forbidden."""
    require(actor, Action.REPLY_EDIT)
    shortcut, kept = check(shortcut, texts)
    _check_free(session, shortcut)
    reply = QuickReply(shortcut=shortcut, texts=kept, version=1, updated_at=clock.utcnow())
    session.add(reply)
    session.flush()
    _record(session, actor, "reply.added", reply)
    return reply


def edit(
    session: Session, actor: Actor, reply_id: int, shortcut: str, texts: Mapping[str, str], *, expected_version: int
) -> QuickReply:
    """Raises: InvalidInput, see `create`; NotFound; StaleVersion: another person saved it meanwhile."""
    require(actor, Action.REPLY_EDIT)
    shortcut, kept = check(shortcut, texts)
    reply = rows.lock_at_version(session, QuickReply, reply_id, expected_version, "reply")
    if shortcut != reply.shortcut:
        _check_free(session, shortcut)
    changes = audit.differences(reply, {"shortcut": shortcut, "texts": kept})
    reply.shortcut, reply.texts, reply.updated_at = shortcut, kept, clock.utcnow()
    session.flush()
    if changes:
        _record(session, actor, "reply.changed", reply, {"changes": changes})
    return reply


def set_archived(session: Session, actor: Actor, reply_id: int, archived: bool) -> QuickReply:
    """Archive or restore a reply; a second call has no effect. Raises: NotFound."""
    require(actor, Action.REPLY_EDIT)
    reply = get(session, reply_id)
    if archived != (reply.archived_at is not None):
        reply.archived_at = clock.utcnow() if archived else None
        session.flush()
        _record(session, actor, "reply.archived" if archived else "reply.restored", reply)
    return reply


def _record(
    session: Session, actor: Actor, kind: str, reply: QuickReply, arguments: Mapping[str, Any] | None = None
) -> None:
    name = f"/{reply.shortcut}"
    audit.record(session, actor, kind, subject_id=reply.id, name=name, version=reply.version, arguments=arguments)


def _check_free(session: Session, shortcut: str) -> None:
    if session.scalar(select(QuickReply.id).where(QuickReply.shortcut == shortcut)) is not None:
        raise InvalidInput("shortcut_taken")


def get(session: Session, reply_id: int) -> QuickReply:
    """Raises: NotFound."""
    reply = session.get(QuickReply, reply_id)
    if reply is None:
        raise NotFound("quick reply", reply_id)
    return reply


def find(session: Session, *, after: str = "", archived: bool = False, limit: int) -> list[QuickReply]:
    """The replies in use, or the archived ones, by shortcut, after the shortcut `after`."""
    wanted = QuickReply.archived_at.is_not(None) if archived else QuickReply.archived_at.is_(None)
    found = select(QuickReply).where(wanted, QuickReply.shortcut > after).order_by(QuickReply.shortcut)
    return list(session.scalars(found.limit(limit)))


def active_replies(session: Session) -> list[QuickReply]:
    """The replies in use, by shortcut."""
    return find(session, limit=MAX_REPLIES)


def by_shortcut(session: Session, shortcut: str) -> QuickReply | None:
    """The reply with this shortcut, given with or without its slash."""
    name = shortcut.strip().removeprefix("/").casefold()
    live = select(QuickReply).where(QuickReply.shortcut == name, QuickReply.archived_at.is_(None))
    return session.scalar(live)


def in_language(reply: QuickReply, language: str) -> tuple[str, str]:
    """The reply's text and its language: the wanted one, else English, else any other."""
    for code in (language, "en", *LANGUAGES):
        if reply.texts.get(code):
            return str(reply.texts[code]), code
    return "", language


def fill(reply: QuickReply, language: str, facts: Mapping[str, str]) -> FilledText:
    """Fill the reply with the facts of an order, as `place_values` returns them."""
    text, code = in_language(reply, language)
    missing = tuple(dict.fromkeys(name for name in _places(text) if not facts.get(name)))
    return FilledText(PLACE.sub(lambda place: facts.get(place[1].strip()) or place[0], text), missing, code)


def place_values(order: Order, line: OrderLine | None, who: str, language: str) -> dict[str, str]:
    """The values of an order and one of its lines for the places, in a language; empty where unknown."""
    line = line or _meant_line(order)
    day = (line.expected_on if line else None) or order.expected_on
    return {
        "part": _part(line, language) if line else "",
        "date": day_text(day, language) if day else "",
        "number": str(order.id),
        "plate": order.vehicle.display if order.vehicle else "",
        "name": order.person.name,
        "who": who,
    }


def _part(line: OrderLine, language: str) -> str:
    """The line's words, and what was said of the part: of two arms the left one."""
    return SEPARATOR.join(filter(None, (worded(dict(line.words), language), line.remark)))


def _meant_line(order: Order) -> OrderLine | None:
    """The line to use when none is named: the only line, or the only one on its way."""
    on_its_way = [line for line in order.lines if line.state is LineState.ORDERED]
    for lines in (order.lines, on_its_way):
        if len(lines) == 1:
            return lines[0]
    return None


def day_text(day: date, language: str) -> str:
    """`November 30`: the message may be read a day later, and an abbreviation would end a sentence with two dots."""
    return str(format_skeleton("MMMMd", datetime(day.year, day.month, day.day), locale=i18n.locale(language)))  # noqa: DTZ001 a day has no zone


def unfilled(text: str) -> list[str]:
    """The still empty places of a message."""
    return [name for name in dict.fromkeys(_places(text)) if name in VARIABLES]


def _places(text: str) -> list[str]:
    """The names between braces. Spaces are stripped here: a pattern that drops them takes cubic time."""
    return [name.strip() for name in PLACE.findall(text)]


# The replies of a new station -------------------------------------------------------------------------------------

FIRST_REPLIES: dict[str, dict[str, str]] = {
    "eta": {
        "ru": "{part}: ждём {date}. Как придёт, сразу напишу.",
        "he": "{part}: צפוי להגיע {date}. נעדכן ברגע שיגיע.",
        "en": "{part}: expected {date}. I will write as soon as it is here.",
    },
    "ready": {
        "ru": "Заказ {number} ({plate}) собран, можно забирать.",
        "he": "הזמנה {number} ({plate}) מוכנה, אפשר לבוא לקחת.",
        "en": "Order {number} ({plate}) is ready, come and get it.",
    },
    "which": {
        "ru": "{name}, пришли, пожалуйста, фото детали или номер: {part}.",
        "he": "{name}, אפשר לשלוח תמונה של החלק או את המספר שלו? {part}.",
        "en": "{name}, please send a photo of the part or its number: {part}.",
    },
    "call": {
        "ru": "{name}, позвони мне, пожалуйста, по заказу {number}. {who}",
        "he": "{name}, צריך לדבר רגע בטלפון על הזמנה {number}. {who}",
        "en": "{name}, please call me about order {number}. {who}",
    },
}


def add_first_replies(session: Session) -> int:
    """Add the first replies of a new station, unless it has any. Returns how many were added."""
    if session.scalar(select(QuickReply.id).limit(1)) is not None:
        return 0
    for shortcut, texts in FIRST_REPLIES.items():
        session.add(QuickReply(shortcut=shortcut, texts=dict(texts), version=1, updated_at=clock.utcnow()))
    session.flush()
    bump_revision(session)
    return len(FIRST_REPLIES)
