"""One row's way out: rendered, stamped `sending`, sent, and what came of it written back.

The stamp is committed before the request and the result after it, so that a process that dies between the two leaves
a row that says so. Every write-back is fenced by the lease's epoch.
"""

from __future__ import annotations

import logging
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, timedelta, tzinfo
from typing import Any

from sqlalchemy import BindParameter, bindparam, select
from sqlalchemy.orm import Session

from bot_daemon.bot_api.client import Ambiguous, NotSent
from bot_daemon.bot_api.verdicts import (
    ChatMoved,
    GiveUp,
    MessageGone,
    SendVerdict,
    Sent,
    Snooze,
    TokenRefused,
    Unreachable,
    Unsent,
)
from bot_daemon.chat import rendering
from bot_daemon.chat.content import Content, NothingToSay
from bot_daemon.outbound import claims
from bot_daemon.runtime import backoff
from common import clock
from common.database import engine
from common.database.engine import bump_revision
from common.database.models import Bot, Card, Chat, Delivery, Draft, OutboxRow, OutboxState, Person, ReasonCode, Screen
from common.messaging import outbox
from common.messaging.kinds import MessageKind, spec_of
from common.messaging.message_spec import Family

log = logging.getLogger(__name__)

# Built once: making a statement anew costs more than running it.
IDS: BindParameter[int] = bindparam("ids", expanding=True)
LEASED = (
    select(OutboxRow)
    .where(OutboxRow.id.in_(IDS), OutboxRow.state == OutboxState.LEASED, OutboxRow.lease_epoch == bindparam("epoch"))
    .order_by(OutboxRow.priority, OutboxRow.due_at, OutboxRow.id)
)
SCREENS = select(Screen).where(Screen.chat_id.in_(IDS))
WRITERS = select(Person, Draft).outerjoin(Draft, Draft.person_id == Person.id).where(Person.id.in_(IDS))
CARDS = select(Card).where(Card.order_id.in_(IDS))


@dataclass(frozen=True)
class Outgoing:
    """A stamped row: the call that will be made for it."""

    row_id: int
    delivery_id: int
    chat_id: int
    kind: str
    stream: str
    method: str
    parameters: dict[str, Any]
    photo: str | None = None  # the digest of the picture that goes with it


@dataclass(frozen=True)
class SendResult:
    outgoing: Outgoing
    verdict: SendVerdict
    milliseconds: int


def stamp(
    session: Session, ids: list[int], epoch: int, row_lease: float, default_language: str, zone: tzinfo = UTC
) -> list[Outgoing]:
    """Render the claimed rows and mark them `sending`. A row that cannot be rendered is dead; the others go on."""
    now = engine.now(session)
    rows = session.scalars(LEASED, {"ids": ids, "epoch": epoch}).all()
    known, speech = _load_batch(session, rows), _Defaults(default_language, zone)
    with session.no_autoflush:  # what is rendered does not depend on the stamps, so all of them are one flush
        stamped = [stamped for row in rows if (stamped := _stamp_row(session, row, known, epoch, speech))]
    for row, delivery, _ in stamped:
        delivery.at, row.lease_until = now, now + timedelta(seconds=row_lease)
        session.add(delivery)
    session.flush()
    return [
        Outgoing(
            r.id,
            d.id,
            c.parameters["chat_id"],
            r.kind,
            r.stream,
            c.method,
            c.parameters,
            c.photo,
        )
        for r, d, c in stamped
    ]


@dataclass(frozen=True)
class _Defaults:
    """The station's own language, for strangers, and its zone."""

    language: str
    zone: tzinfo


@dataclass(frozen=True)
class _Batch:
    """What a batch is rendered from, brought in at once. While it is held, `session.get` finds it without a query."""

    chats: Mapping[int, Chat]
    held: Sequence[object]


def _load_batch(session: Session, rows: Sequence[OutboxRow]) -> _Batch:
    chats, people = [row.chat_id for row in rows], [row.person_id for row in rows if row.person_id is not None]
    held = [*session.scalars(SCREENS, {"ids": chats}), *session.execute(WRITERS, {"ids": people})]
    return _Batch({chat.chat_id: chat for chat in session.scalars(claims.CHATS, {"ids": chats})}, held)


@dataclass(frozen=True)
class _Call:
    """What is asked of the Bot API; `photo` is the digest of the picture that is uploaded with it."""

    method: str
    parameters: dict[str, Any]
    photo: str | None = None

    @property
    def text(self) -> str | None:
        return self.parameters.get("text", self.parameters.get("caption"))


Stamped = tuple[OutboxRow, Delivery, _Call]


def _stamp_row(session: Session, row: OutboxRow, known: _Batch, epoch: int, speech: _Defaults) -> Stamped | None:
    try:
        call = _call(session, row, known, speech)
    except NothingToSay:
        row.state = OutboxState.SUPERSEDED
        outbox.give_reason(row, ReasonCode.NOTHING_TO_SAY)
        return None
    except Exception as error:  # one row's rendering must not stop the others; its traceback is kept in the log
        if engine.is_transient(error):
            raise
        log.exception("Message %d of kind %s cannot be rendered", row.id, row.kind)
        row.state = OutboxState.DEAD
        outbox.give_reason(row, ReasonCode.NOT_RENDERED, type(error).__name__)
        bump_revision(session)
        return None
    row.state, row.attempts = OutboxState.SENDING, row.attempts + 1
    kept = call.text if spec_of(row.kind).keeps_text else None
    return row, Delivery(outbox_id=row.id, epoch=epoch, method=call.method, text=kept), call


def _call(session: Session, row: OutboxRow, known: _Batch, speech: _Defaults) -> _Call:
    chat = known.chats.get(row.chat_id)
    chat_id = chat.migrated_to if chat is not None and chat.migrated_to else row.chat_id
    if spec_of(row.kind).family is Family.TIDY:
        return _Call("deleteMessage", {"chat_id": chat_id, "message_id": row.arguments["message_id"]})
    content: Content = rendering.render(session, row, default_language=speech.language, zone=speech.zone)
    parameters = {"chat_id": chat_id, **content.parameters()}
    target = _message_to_edit(session, row)
    if target is not None:
        return _Call("editMessageText", {**parameters, "message_id": target})
    if not content.buttons:
        parameters.pop("reply_markup")
    if content.silent:
        parameters["disable_notification"] = True
    return _Call("sendMessage" if content.photo is None else "sendPhoto", parameters, content.photo)


def _message_to_edit(session: Session, row: OutboxRow) -> int | None:
    """The message that a screen or card is edited in, None for a new one.

    Raises:
        NothingToSay: an amendment of a notice that never arrived, or is gone.
    """
    family = spec_of(row.kind).family
    if family is Family.AMENDMENT:
        notice = session.get(OutboxRow, row.arguments["row"])
        if notice is None or notice.message_id is None:
            raise NothingToSay
        return notice.message_id
    if family is Family.CARD and row.order_id is not None:
        card = session.get(Card, (row.order_id, row.chat_id))
        return card.message_id if card else None
    if family is Family.SCREEN:
        screen = session.get(Screen, row.chat_id)
        wanted_below = bool(row.arguments.get("fresh"))  # asked for while another one was on its way
        return screen.message_id if screen and not screen.fresh and not wanted_below else None
    return None


def record(session: Session, results: list[SendResult], epoch: int) -> list[bool]:
    """Write back what became of a batch. False: the row was no longer ours, nothing was changed."""
    ids = [result.outgoing.row_id for result in results]
    rows = {row.id: row for row in session.scalars(select(OutboxRow).where(OutboxRow.id.in_(ids)).with_for_update())}
    stamps = [result.outgoing.delivery_id for result in results]
    deliveries = {d.id: d for d in session.scalars(select(Delivery).where(Delivery.id.in_(stamps)))}
    held = _load_screens_and_cards(session, rows.values())
    ours = [
        _record(session, rows.get(r.outgoing.row_id), deliveries.get(r.outgoing.delivery_id), r, epoch) for r in results
    ]
    del held
    return ours


def _load_screens_and_cards(session: Session, rows: Collection[OutboxRow]) -> list[object]:
    """Bring in at once what `_note_message` will write to: a query for each row would flush them one by one, too."""
    of_screens = [row.chat_id for row in rows if spec_of(row.kind).family is Family.SCREEN]
    of_cards = [row.order_id for row in rows if spec_of(row.kind).family is Family.CARD]
    held: list[object] = [*session.scalars(SCREENS, {"ids": of_screens})] if of_screens else []
    return [*held, *session.scalars(CARDS, {"ids": of_cards})] if of_cards else held


def _record(session: Session, row: OutboxRow | None, delivery: Delivery | None, result: SendResult, epoch: int) -> bool:
    if row is None or row.state is not OutboxState.SENDING or row.lease_epoch != epoch:
        log.warning("Message %d now belongs to another daemon; its result is not stored", result.outgoing.row_id)
        return False
    if delivery is not None:
        delivery.outcome = type(result.verdict).__name__.lower()
        delivery.detail, delivery.milliseconds = _detail(result.verdict), result.milliseconds
    _apply(session, row, result)
    if row.order_id is not None:
        bump_revision(session)
    return True


def _detail(verdict: SendVerdict) -> str | None:
    for name in ("reason", "why", "detail", "seconds"):
        value = getattr(verdict, name, None)
        if value:
            return str(value)[:300]
    return None


def _apply(session: Session, row: OutboxRow, result: SendResult) -> None:
    """What each verdict does to the row; one case each."""
    now = engine.now(session)
    match result.verdict:
        case Sent(message_id):
            row.state, row.sent_at = OutboxState.SENT, now
            outbox.give_reason(row, None)
            row.message_id = message_id or row.message_id
            _note_message(session, row, result.outgoing, message_id)
        case Unsent():
            row.attempts -= 1
            claims.release(session, row)
        case Snooze(seconds):
            row.attempts -= 1
            claims.release(session, row)
            outbox.give_reason(row, ReasonCode.RATE_LIMITED, f"{seconds:.0f} s")
            claims.postpone_chat(session, row.chat_id, now + timedelta(seconds=seconds))
        case NotSent(reason):
            claims.release(session, row)
            outbox.give_reason(row, ReasonCode.NETWORK, reason)
            row.due_at = now + timedelta(seconds=backoff.retry_delay(row.attempts))
        case Ambiguous(reason):
            claims.record_ambiguous(session, row, ReasonCode.NETWORK, reason)
        case ChatMoved(chat_id):
            claims.release(session, row)
            _ensure_chat(session, row.chat_id).migrated_to = chat_id
        case MessageGone() if spec_of(row.kind).family is Family.AMENDMENT:
            row.state = OutboxState.SUPERSEDED
            outbox.give_reason(row, ReasonCode.NOTICE_GONE)
        case MessageGone():
            claims.release(session, row)
            _forget_message(session, row)
        case Unreachable(why):
            row.state = OutboxState.UNREACHABLE
            outbox.give_reason(row, why)
            _ensure_chat(session, row.chat_id).unreachable = why
            bump_revision(session)
        case TokenRefused():
            row.attempts -= 1
            claims.release(session, row)
        case GiveUp(detail, code):
            row.state = OutboxState.FAILED
            outbox.give_reason(row, code, detail)


def _note_message(session: Session, row: OutboxRow, outgoing: Outgoing, message_id: int | None) -> None:
    """What a sent message leaves behind: the card or screen knows its message, the screen's predecessor goes."""
    if outgoing.method != "sendMessage" or message_id is None:
        return
    family = spec_of(row.kind).family
    if family is Family.CARD and row.order_id is not None:
        card = session.get(Card, (row.order_id, row.chat_id))
        if card is not None:
            card.message_id = message_id
    elif family is Family.SCREEN:
        screen = session.get(Screen, row.chat_id)
        if screen is not None:
            _replace_screen(session, row, screen, message_id)


def _replace_screen(session: Session, row: OutboxRow, screen: Screen, message_id: int) -> None:
    old, screen.message_id, screen.fresh = screen.message_id, message_id, False
    if old is not None:
        outbox.enqueue(
            session,
            key=f"screen:{row.chat_id}:{old}:removed",
            kind=MessageKind.SCREEN_REMOVED,
            chat_id=row.chat_id,
            stream=f"tidy:{row.chat_id}",
            arguments={"message_id": old},
            person_id=row.person_id,
        )


def _forget_message(session: Session, row: OutboxRow) -> None:
    family = spec_of(row.kind).family
    if family is Family.CARD and row.order_id is not None:
        card = session.get(Card, (row.order_id, row.chat_id))
        if card is not None:
            card.message_id = None
    elif family is Family.SCREEN:
        screen = session.get(Screen, row.chat_id)
        if screen is not None:
            screen.message_id, screen.fresh = None, True


def _ensure_chat(session: Session, chat_id: int) -> Chat:
    chat = session.get(Chat, chat_id)
    if chat is None:
        chat = Chat(chat_id=chat_id, unreachable="", kind="group" if chat_id < 0 else "private")
        session.add(chat)
    return chat


def pause_bot(session: Session, bot_id: int, seconds: float) -> None:
    """A 429 that concerns the whole bot: kept, so that a restart obeys it too."""
    bot = session.get(Bot, bot_id)
    until = clock.utcnow() + timedelta(seconds=seconds)
    if bot is not None and (bot.paused_until is None or bot.paused_until < until):
        bot.paused_until = until


def bot_pause_seconds(session: Session, bot_id: int) -> float:
    """Seconds for which the whole bot must still be silent."""
    bot = session.get(Bot, bot_id)
    if bot is None or bot.paused_until is None:
        return 0.0
    return max((bot.paused_until - clock.utcnow()).total_seconds(), 0.0)
