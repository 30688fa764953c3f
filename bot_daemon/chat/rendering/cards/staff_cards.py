"""Linked staff's messages about an order: the alert, and the card with the moves of the desk."""

from __future__ import annotations

from dataclasses import replace

from sqlalchemy.orm import Session

from bot_daemon.chat import buttons
from bot_daemon.chat.content import Button, Content, NothingToSay
from bot_daemon.chat.rendering import words
from bot_daemon.chat.rendering.cards import mechanic_cards, order_lines
from bot_daemon.chat.rendering.cards.mechanic_cards import additives, fit_text, heading, order_of, wishes
from bot_daemon.chat.rendering.lines import named
from bot_daemon.chat.rendering.text import day, escape, grid, plate
from common.database.models import Order, OrderLine, OrderState, OutboxRow, Person
from common.facts.messages import OrderOverdue
from common.i18n import gettext
from common.i18n import gettext as _
from common.messaging import bots
from common.orders import overdue, reasons
from common.orders.moves import REASON_WITHDRAWN, TRANSITIONS, Move, moves_from
from common.permissions import Action, may

MAX_OVERDUE = 8  # lines that the notice of an overdue order names


def may_serve(reader: Person | None) -> bool:
    """Whether the reader may move orders."""
    return reader is not None and reader.archived_at is None and may(reader.role, Action.ORDER_MOVE)


def card(session: Session, row: OutboxRow, reader: Person | None) -> Content:
    """The reader's card: the mechanic's, or the one for staff; both for a member of staff who ordered.

    Raises: NothingToSay when the reader may see neither.
    """
    order = order_of(session, row, reader)
    if reader is not None and reader.id == order.person_id:
        own = mechanic_cards.card(session, row, reader)
        return replace(own, buttons=[*own.buttons, *_moves(order)]) if may_serve(reader) else own
    if not may_serve(reader):
        raise NothingToSay
    text = fit_text(lambda room: _describe(session, order, room))
    return Content(text, _moves(order), silent=True)


def _describe(session: Session, order: Order, room: int) -> str:
    lines = order_lines.lines_with_state(order, room)
    text = [
        heading(order),
        *_mechanic_and_car(order),
        "",
        *lines,
        *additives(order),
        *_comment(order),
        *_progress(order),
    ]
    asked = wishes(session, order, 80 if room else 40)
    return "\n".join([*text, *([""] if asked else []), *asked, *desk_link(session, order)])


def new_order_notice(session: Session, row: OutboxRow, reader: Person | None) -> Content:
    """The alert beside the card. Raises: NothingToSay when the order has been taken."""
    order = order_of(session, row, reader)
    if not may_serve(reader) or order.state is not OrderState.NEW:
        raise NothingToSay
    number = f"<b>{words.order(order.id)}</b>"
    return Content("\n".join(["🔔 " + _("New: %(order)s") % {"order": number}, *_mechanic_and_car(order)]))


def assigned_notice(session: Session, row: OutboxRow, reader: Person | None) -> Content:
    """The order was assigned to the reader. Raises: NothingToSay when it no longer is."""
    order = order_of(session, row, reader)
    if not may_serve(reader) or reader is None or order.owner_id != reader.id:
        raise NothingToSay
    return Content(
        "\n".join(
            [
                "👉 " + _("%(order)s is yours now.") % {"order": f"<b>{words.order(order.id)}</b>"},
                *_mechanic_and_car(order),
            ]
        )
    )


def overdue_notice(session: Session, row: OutboxRow, reader: Person | None) -> Content:
    """The lines overdue since the row's day. Raises: NothingToSay when they have arrived, or are expected later now."""
    order, today = order_of(session, row, reader), OrderOverdue.read(row.arguments).today
    if not may_serve(reader) or not overdue.is_overdue(order, today):
        raise NothingToSay
    text = [
        "⏰ " + _("%(order)s is overdue.") % {"order": f"<b>{words.order(order.id)}</b>"},
        *_mechanic_and_car(order),
    ]
    if overdue.is_past_day(order, today) and order.expected_on:
        text += [f"📝 {_reason_text(order.reason)}", "📅 " + _("Expected %(day)s") % {"day": day(order.expected_on)}]
    text += [_overdue_line(line) for line in overdue.overdue_lines(order, today)[:MAX_OVERDUE]]
    return Content("\n".join([*text, *desk_link(session, order)]))


def _overdue_line(line: OrderLine) -> str:
    known = [named(line, 80), escape(line.supplier, 60), day(line.expected_on) if line.expected_on else ""]
    return "🚚 " + " · ".join(fact for fact in known if fact)


def _mechanic_and_car(order: Order) -> list[str]:
    car = [f"🚗 {plate(order.vehicle.raw)}", *words.make(order.vehicle.vin)] if order.vehicle else []
    return [f"🧑‍🔧 {escape(order.person.name, 80)}", *car]


def _comment(order: Order) -> list[str]:
    return ["", f"💬 {escape(order.comment, 300)}"] if order.comment else []


def _progress(order: Order) -> list[str]:
    facts = []
    if order.owner is not None:
        facts.append("👤 " + _("%(who)s is on this") % {"who": escape(order.owner.name, 80)})
    if order.reason:
        facts.append(f"📝 {_reason_text(order.reason)}")
    if order.expected_on is not None:
        facts.append("📅 " + _("Expected %(day)s") % {"day": day(order.expected_on)})
    if _is_collected_by_code(order):
        facts.append("🔑 " + _("Somebody else collects it with a code: issue it at the desk."))
    return ["", *facts] if facts else []


def _reason_text(reason: str) -> str:
    return _("The mechanic withdrew it.") if reason == REASON_WITHDRAWN else escape(reasons.reason_text(reason), 300)


def _is_collected_by_code(order: Order) -> bool:
    return bool(order.pickup_code) and order.state is OrderState.READY


def desk_link(session: Session, order: Order) -> list[str]:
    """A link to the order's page, if the desk's address is known. An address that Telegram rejects would fail the
    whole message as a button; in the text it is merely not a link.
    """
    bot = bots.active_bot(session)
    if bot is None or not bot.desk_url:
        return []
    return ["", f'<a href="{bot.desk_url}/orders/{order.id}">' + _("Open it at the desk") + "</a>"]


def _moves(order: Order) -> list[list[Button]]:
    """The buttons of moves, the main one on a separate row; a move that needs a reason opens the reasons."""
    offered = [t for t in moves_from(order.state) if not (t.move is Move.ISSUE and _is_collected_by_code(order))]
    main = [[_button(order, t.move)] for t in offered if t.main]
    return [*main, *grid([_button(order, t.move) for t in offered if not t.main], 2)]


def _button(order: Order, move: Move) -> Button:
    press = buttons.WHY if move in reasons.OFFERED else buttons.MOVE
    text = f"{TRANSITIONS[move].sign} {gettext(TRANSITIONS[move].word)}"
    return press.button(text, order=order.id, version=order.version, move=move.value)
