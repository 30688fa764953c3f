"""Notices, which make a sound, and messages of staff. An outdated notice is not sent."""

from __future__ import annotations

from collections.abc import Callable

from sqlalchemy.orm import Session

from bot_daemon.chat.content import Button, Content, NothingToSay
from bot_daemon.chat.rendering import words
from bot_daemon.chat.rendering.cards.mechanic_cards import order_of, ready_buttons
from bot_daemon.chat.rendering.lines import bare_text
from bot_daemon.chat.rendering.messages import questions
from bot_daemon.chat.rendering.text import day, escape, paragraphs, plate
from common.database.models import Order, OrderLine, OutboxRow, OutboxState, Person
from common.facts.messages import ChatWritten, NoticeAmended, NoticeUndone
from common.facts.orders import OrderMoved
from common.facts.talk import RequestAsked
from common.i18n import gettext as _
from common.messaging.kinds import MessageKind
from common.orders import progress, reasons
from common.talk.change_requests import Wish

MOST_MISSING = 10  # lines of a notice
MAX_CHAT = 3500  # units of a message written by staff


def _ready(order: Order, row: OutboxRow) -> list[str]:
    said = "✅ " + _("%(order)s is ready. Pick it up from the storekeeper.") % {"order": _order_name(order)}
    missing = progress.of(order).ordered
    return [said, "", _("Not here yet:"), *map(_missing, missing[:MOST_MISSING])] if missing else [said]


def _missing(line: OrderLine) -> str:
    when = f" · {day(line.expected_on)}" if line.expected_on is not None else ""
    return f"🚚 {bare_text(line, 80)}{when}"


def _partly_ready(order: Order, row: OutboxRow) -> list[str]:
    """Raises: NothingToSay when no line is here after all, or all lines are: then the order is ready soon."""
    so_far = progress.of(order)
    if not so_far.is_partial:
        raise NothingToSay
    facts = {"order": _order_name(order), "here": so_far.here, "all": so_far.wanted}
    return ["📦 " + _("%(order)s: %(here)s of %(all)s parts are here.") % facts]


def _waiting(order: Order, row: OutboxRow) -> list[str]:
    lines = ["⏳ " + _("%(order)s has to wait.") % {"order": _order_name(order)}, *_reason(row)]
    expected = OrderMoved.read(row.arguments).expected_on
    if expected is not None:
        lines.append("📅 " + _("Expected %(day)s") % {"day": day(expected)})
    return lines


def _cancelled(order: Order, row: OutboxRow) -> list[str]:
    return ["❌ " + _("%(order)s was cancelled at the desk.") % {"order": _order_name(order)}, *_reason(row)]


def _reopened(order: Order, row: OutboxRow) -> list[str]:
    return ["↩️ " + _("%(order)s is in work again.") % {"order": _order_name(order)}, *_reason(row)]


def _order_name(order: Order) -> str:
    number = f"<b>{words.order(order.id)}</b>"
    return f"{number} ({plate(order.vehicle.raw)})" if order.vehicle else number


def _reason(row: OutboxRow) -> list[str]:
    why = OrderMoved.read(row.arguments).reason
    return [f"📝 {escape(reasons.reason_text(why), 300)}"] if why else []


def _request_refused(order: Order, row: OutboxRow) -> list[str]:
    wish = RequestAsked.read(row.arguments).wish
    asked = words.wish(Wish(wish), row.arguments) if wish in set(Wish) else ""
    return [
        "🙅 " + _("%(order)s: the desk cannot do this:") % {"order": _order_name(order)},
        *([asked] if asked else []),
    ]


def _notice(
    text: Callable[[Order, OutboxRow], list[str]],
    buttons: Callable[[Order], list[list[Button]]] = lambda order: [],
) -> NoticeRenderer:
    def render(session: Session, row: OutboxRow, reader: Person | None) -> Content:
        order = order_of(session, row, reader)
        if not MessageKind(row.kind).is_true(order.state):
            raise NothingToSay
        return Content("\n".join(text(order, row)), buttons(order))

    return render


def amendment(session: Session, row: OutboxRow, reader: Person | None) -> Content:
    """A sent notice, updated to the present facts. Raises: NothingToSay when it is gone."""
    notice = session.get(OutboxRow, NoticeAmended.read(row.arguments).row)
    if notice is None:
        raise NothingToSay
    kind = MessageKind(notice.kind)
    if kind in AMENDMENTS:
        return AMENDMENTS[kind](session, notice, reader)
    order = order_of(session, notice, reader)
    try:
        return NOTICES[kind](session, notice, reader)
    except NothingToSay:
        now = {"order": _order_name(order), "state": words.state(order.state)}
        return Content("☝️ " + _("%(order)s is now: %(state)s") % now)


def correction(session: Session, row: OutboxRow, reader: Person | None) -> Content:
    """A correction. Raises: NothingToSay when the corrected notice was never sent, or is true again."""
    facts = NoticeUndone.read(row.arguments)
    notice = session.get(OutboxRow, facts.row)
    if notice is None or not (notice.state in (OutboxState.SENT, OutboxState.HELD) or notice.ambiguous):
        raise NothingToSay
    order = order_of(session, row, reader)
    if order.state == facts.before:
        raise NothingToSay
    now = {"order": _order_name(order), "state": words.state(order.state)}
    return Content("↩️ " + _("%(order)s: the last notice was a mistake. It is now: %(state)s") % now)


def chat(session: Session, row: OutboxRow, reader: Person | None) -> Content:
    """The words of a member of staff, unchanged, under their name."""
    if reader is None or reader.archived_at is not None:
        raise NothingToSay
    message = ChatWritten.read(row.arguments)
    author = escape(message.author or _("The desk"), 80)
    about = f" · {words.order(row.order_id)}" if row.order_id else ""
    text = paragraphs(message.text, MAX_CHAT)
    return Content(f"💬 <b>{author}</b>{about}\n{text}".strip(), photo=message.photo)


NoticeRenderer = Callable[[Session, OutboxRow, Person | None], Content]
NOTICES: dict[MessageKind, NoticeRenderer] = {
    MessageKind.NOTICE_READY: _notice(_ready, ready_buttons),
    MessageKind.NOTICE_PARTLY_READY: _notice(_partly_ready),
    MessageKind.NOTICE_WAITING: _notice(_waiting),
    MessageKind.NOTICE_CANCELLED: _notice(_cancelled),
    MessageKind.NOTICE_REOPENED: _notice(_reopened),
    MessageKind.NOTICE_UNDONE: correction,
    MessageKind.NOTICE_QUESTION: questions.notice,
    MessageKind.NOTICE_SUBSTITUTE: questions.notice,
    MessageKind.NOTICE_REQUEST_REFUSED: _notice(_request_refused),
}
AMENDMENTS: dict[MessageKind, NoticeRenderer] = {
    MessageKind.NOTICE_QUESTION: questions.amendment,
    MessageKind.NOTICE_SUBSTITUTE: questions.amendment,
}
