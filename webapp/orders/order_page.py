"""The page of one order: its lines, moves, timeline and talk; and the answers to its forms."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from flask import Response, make_response, redirect, render_template, request
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response as WerkzeugResponse

from common.cars import vehicle_history, vins
from common.cars.vins import VinDescription
from common.catalogue import details
from common.counter import pickup
from common.database.engine import revision
from common.database.models import (
    Additives,
    ChangeRequest,
    Chat,
    DeskNote,
    Event,
    Order,
    OrderLine,
    Person,
    QuickReply,
)
from common.events.kinds import EventKind
from common.i18n import gettext
from common.orders import lines, moves, overdue, owners, progress, reading, reasons, undo
from common.orders.content import corrections
from common.orders.content.corrections import Corrected
from common.orders.lines import LineChange
from common.orders.moves import Move, Transition
from common.orders.placing import MAX_REMARK
from common.orders.progress import Progress
from common.orders.states import BOARD, EXPLAINED, SERVED
from common.orders.undo import Offer
from common.people import rights
from common.permissions import Action
from common.signing import fresh_code
from common.talk import change_requests, notes, presence, quick_replies
from common.talk.questions import ANSWERS
from common.talk.quick_replies import FilledText
from webapp.orders import board_page, order_forms
from webapp.orders.board_page import AgeLimit, UnmovedOrder
from webapp.orders.order_rights import OrderRights
from webapp.talk import attached, order_talk, timeline
from webapp.talk.attached import AttachedMedia
from webapp.talk.order_talk import TalkEntry
from webapp.talk.timeline import TimelineEntry
from webapp.web.context import desk, reader
from webapp.wording import receipts, times, words
from webapp.wording.receipts import Receipt

MAX_HISTORY = 5


@dataclass(frozen=True)
class SentForm:
    """The refused form that led to the page: its typed texts, and the reason of the refusal.

    Args:
        stale_since: the version that a refused change was based on: the page tells what happened since then.
        filled: a quick reply for the message box, placed after the text that is typed there already.
    """

    wrong: str = ""
    stale_since: int | None = None
    filled: FilledText | None = None
    typed: Mapping[str, str] = field(default_factory=dict)
    line_id: int | None = None  # the line that the form is about
    asked_move: str = ""  # the move whose form a link opens
    kept: Sequence[str] = ()  # typed texts, even if the page no longer has their form

    @property
    def message(self) -> str:
        """The text of the message box."""
        typed = self.typed.get("text", "")
        if self.filled is None:
            return typed
        return "\n".join(text for text in (typed.rstrip(), self.filled.text) if text)


@dataclass(frozen=True)
class OrderPage:
    """The content of an order's page."""

    order: Order
    revision: int
    reader_id: int
    rights: OrderRights
    form: SentForm
    facts: list[TimelineEntry]
    meanwhile: list[TimelineEntry]  # events since the version of a refused change
    talk: list[TalkEntry]
    receipts: list[Receipt]  # receipts of messages that the talk does not show
    attached: list[AttachedMedia]
    brought: list[AttachedMedia]  # with messages of the talk
    notes: list[DeskNote]
    wishes: list[ChangeRequest]
    planned: Event | None  # the mechanic's words about the pickup
    replies: list[QuickReply]
    staff: list[Person]
    chat: Chat | None
    before: list[Order]  # the car's last orders
    same_before: dict[int, OrderLine]  # by part: the line of the same car's earlier order
    offers: Sequence[Offer]
    corrected: Corrected | None  # the reader's last change, which can be undone
    looking: list[str]  # the other readers who have the page open
    fresh_key: str

    offered = reasons.OFFERED
    answers = ANSWERS
    units = details.UNITS
    most_remark = MAX_REMARK

    @property
    def moves(self) -> list[Transition]:
        return moves.moves_from(self.order.state)

    @property
    def limit(self) -> AgeLimit | None:
        return board_page.age_limit(self.order.state) if self.order.state in BOARD else None

    @property
    def progress(self) -> Progress:
        return progress.of(self.order)

    @property
    def shows_progress(self) -> bool:
        """Whether some parts are here and others are not, while that matters."""
        return self.progress.is_partial and self.order.state in SERVED

    @property
    def shows_reason(self) -> bool:
        return bool(self.order.reason) and self.order.state in EXPLAINED

    @property
    def suggested(self) -> Move | None:
        return progress.suggested_move(self.order)

    @property
    def late_lines(self) -> list[int]:
        return [line.id for line in overdue.overdue_lines(self.order, times.today())]

    @property
    def waits_too_long(self) -> bool:
        return overdue.is_past_day(self.order, times.today())

    @property
    def made(self) -> VinDescription:
        """The car's data that its VIN tells."""
        return vins.describe_vin((self.order.vehicle and self.order.vehicle.vin) or "")

    @property
    def offers_link(self) -> bool:
        """Whether the page offers a new link for a mechanic whom the bot cannot reach."""
        person = self.order.person
        is_reached = person.telegram_id is not None and not (self.chat and self.chat.unreachable)
        return not is_reached and person.archived_at is None and rights.may_invite(reader().actor, person.role)

    @property
    def reply_warnings(self) -> str:
        """Warnings about the quick reply that was picked."""
        language = self.order.person.language
        return words.quick_reply_warnings(self.form.filled, language) if self.form.filled else ""

    @property
    def is_on_the_way(self) -> bool:
        """Whether the mechanic's last word about the pickup is that they are coming; else they come later."""
        return self.planned is not None and self.planned.kind == EventKind.PICKUP_COMING

    @property
    def reason(self) -> str:
        return words.order_reason(self.order.reason)

    @property
    def wants_no_additives(self) -> bool:
        return self.order.additives is Additives.WITHOUT

    @property
    def may_assign(self) -> bool:
        return self.rights.assign and self.order.is_open

    def changes_of(self, line: OrderLine) -> list[LineChange]:
        """The states that the line may enter, if the reader may change lines."""
        return lines.changes_from(self.order, line) if self.rights.change_lines else []

    def may_correct(self, line: OrderLine) -> bool:
        return self.rights.change_lines and corrections.is_correctable(self.order, line)

    def corrects(self, line: OrderLine) -> bool:
        """Whether the form that was refused corrects this line."""
        return self.form.line_id == line.id and "quantity" in self.form.typed

    def opens(self, move: Transition) -> bool:
        """Whether the form of this move is open: it was refused, or a link opens it."""
        return move.move in (self.form.typed.get("move"), self.form.asked_move)

    def may_repair(self, receipt: Receipt) -> bool:
        return receipt.may_resend and self.rights.repair_messages

    def may_strike(self, note: DeskNote) -> bool:
        """Whether the reader may strike the note out: its writer may, once."""
        return self.rights.write_notes and note.struck_at is None and note.author_id == self.reader_id


def read_order_page(session: Session, order_id: int, form: SentForm) -> OrderPage:
    """The page for the signed-in reader. Raises: NotFound."""
    number = revision(session)
    order = reading.read_order(session, order_id)
    sent = receipts.of_order(session, order_id)
    talk = order_talk.of_order(session, order, sent)
    since = form.stale_since
    return OrderPage(
        order=order,
        revision=number,
        reader_id=reader().person_id,
        rights=OrderRights.of(reader()),
        form=form,
        facts=timeline.with_messages(timeline.of_order(session, order_id), sent),
        meanwhile=timeline.since(session, order_id, since) if since is not None else [],
        talk=talk,
        receipts=order_talk.receipts_beside_talk(sent, talk),
        attached=attached.of_order(session, order_id),
        brought=attached.of_chat(session, order_id),
        notes=notes.of_order(session, order_id),
        wishes=change_requests.open_requests(session, order),
        planned=pickup.current_plan(session, order),
        replies=quick_replies.active_replies(session) if reader().may(Action.MESSAGE_WRITE) else [],
        staff=owners.candidates(session),
        chat=session.get(Chat, order.person.telegram_id) if order.person.telegram_id else None,
        before=_last_orders_of_car(session, order),
        same_before=_earlier_parts_of_car(session, order),
        corrected=corrections.last_correction(session, order, reader().person_id),
        offers=undo.undo_offers(session, reader().person_id),
        looking=presence.viewers(session, [order_id], except_=reader().person_id).get(order_id, []),
        fresh_key=fresh_code(),
    )


def render_order_page(
    order_id: int,
    code: int = 200,
    template: str = "orders/order_page.html",
    wrong: str = "",
    stale_since: int | None = None,
    picked: FilledText | None = None,
) -> Response:
    """The page, with the texts that were typed into its forms kept in place."""
    line_id = (request.view_args or {}).get("line_id")
    form = SentForm(
        wrong, stale_since, picked, request.form, line_id, request.args.get("ask", ""), order_forms.typed_texts()
    )
    with desk().database.read() as session:
        body = render_template(template, page=read_order_page(session, order_id, form))
    return make_response(body, code)


def _last_orders_of_car(session: Session, order: Order) -> list[Order]:
    """The car's last orders before this one."""
    if order.vehicle_id is None:
        return []
    return vehicle_history.last_orders(session, order.vehicle_id, limit=MAX_HISTORY, before=order.id)


def _earlier_parts_of_car(session: Session, order: Order) -> dict[int, OrderLine]:
    """By part, the last earlier order of it for this car."""
    parts = [line.part_id for line in order.lines if line.part_id is not None]
    if order.vehicle_id is None or not parts:
        return {}
    return vehicle_history.same_parts_before(session, order.vehicle_id, parts, before=order.id)


def redirect_after_move(order_id: int, from_board: bool) -> WerkzeugResponse:
    """Redirect to the page on which the button was pressed."""
    if not from_board:
        return redirect(f"/orders/{order_id}", 303)
    if request.headers.get("HX-Request"):
        return make_response(board_page.render_inside())
    return redirect("/", 303)


def stale_move_response(order_id: int, seen: int, from_board: bool) -> Response:
    """The page on which the button was pressed, with the events since the reader's version."""
    if not (from_board and request.headers.get("HX-Request")):
        return render_order_page(order_id, 409, stale_since=seen)
    with desk().database.read() as session:
        facts = timeline.since(session, order_id, seen)
    happened = facts[-1].sentence if facts else gettext("It changed meanwhile.")
    return make_response(board_page.render_inside([UnmovedOrder(order_id, happened)]), 409)
