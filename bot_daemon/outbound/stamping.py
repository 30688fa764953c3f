"""Before the request: claimed rows are rendered and stamped `sending`.

The stamp is committed before the request and the result after it, so that a process that dies between the two leaves
a row that shows it.
"""

from __future__ import annotations

import logging
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, timedelta, tzinfo
from typing import Any

from sqlalchemy import bindparam, select
from sqlalchemy.orm import Session

from bot_daemon.chat import rendering
from bot_daemon.chat.content import Content, NothingToSay
from bot_daemon.outbound import claims, targets
from bot_daemon.outbound.targets import IDS
from common.database import engine
from common.database.engine import bump_revision, kept_in_session
from common.database.models import Chat, Delivery, Draft, OutboxRow, OutboxState, Person, ReasonCode
from common.facts.messages import MessageRemoved
from common.messaging import outbox
from common.messaging.kinds import spec_of
from common.messaging.message_spec import Family

log = logging.getLogger(__name__)

LEASED = (
    select(OutboxRow)
    .where(OutboxRow.id.in_(IDS), OutboxRow.state == OutboxState.LEASED, OutboxRow.lease_epoch == bindparam("epoch"))
    .order_by(OutboxRow.priority, OutboxRow.due_at, OutboxRow.id)
)
WRITERS = select(Person, Draft).outerjoin(Draft, Draft.person_id == Person.id).where(Person.id.in_(IDS))


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
    photo: str | None = None  # the digest of the photo that is uploaded with it


def stamp(
    session: Session, ids: list[int], epoch: int, row_lease: float, default_language: str, zone: tzinfo = UTC
) -> list[Outgoing]:
    """Render the claimed rows and mark them `sending`. A row that cannot be rendered is dead; the others go on."""
    now = engine.now(session)
    rows = session.scalars(LEASED, {"ids": ids, "epoch": epoch}).all()
    chats, speech = _chats(session, rows), _Defaults(default_language, zone)
    # Rendering does not depend on the stamps, so one flush writes them all.
    with kept_in_session(_writers_and_screens(session, rows)), session.no_autoflush:
        stamped = [stamped for row in rows if (stamped := _stamp_row(session, row, chats, epoch, speech))]
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
    """The station's language, for strangers, and its time zone."""

    language: str
    zone: tzinfo


def _writers_and_screens(session: Session, rows: Sequence[OutboxRow]) -> list[object]:
    """The rows a batch is rendered from, loaded with one query per kind."""
    chats, people = [row.chat_id for row in rows], [row.person_id for row in rows if row.person_id is not None]
    return [*session.scalars(targets.SCREENS, {"ids": chats}), *session.execute(WRITERS, {"ids": people})]


def _chats(session: Session, rows: Sequence[OutboxRow]) -> Mapping[int, Chat]:
    return {chat.chat_id: chat for chat in session.scalars(claims.CHATS, {"ids": [row.chat_id for row in rows]})}


@dataclass(frozen=True)
class _Call:
    """The call to the Bot API; `photo` is the digest of the photo that is uploaded with it."""

    method: str
    parameters: dict[str, Any]
    photo: str | None = None

    @property
    def text(self) -> str | None:
        return self.parameters.get("text", self.parameters.get("caption"))


Stamped = tuple[OutboxRow, Delivery, _Call]


def _stamp_row(
    session: Session, row: OutboxRow, chats: Mapping[int, Chat], epoch: int, speech: _Defaults
) -> Stamped | None:
    try:
        call = _call(session, row, chats, speech)
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
    row.suspicion -= claims.IN_RENDERING - claims.ON_THE_WIRE
    kept = call.text if spec_of(row.kind).keeps_text else None
    return row, Delivery(outbox_id=row.id, epoch=epoch, method=call.method, text=kept), call


def _call(session: Session, row: OutboxRow, chats: Mapping[int, Chat], speech: _Defaults) -> _Call:
    chat = chats.get(row.chat_id)
    chat_id = chat.migrated_to if chat is not None and chat.migrated_to else row.chat_id
    if spec_of(row.kind).family is Family.TIDY:
        return _Call("deleteMessage", {"chat_id": chat_id, "message_id": MessageRemoved.read(row.arguments).message_id})
    content: Content = rendering.render(session, row, default_language=speech.language, zone=speech.zone)
    parameters = {"chat_id": chat_id, **content.parameters()}
    target = targets.message_to_edit(session, row)
    if target is not None:
        return _Call("editMessageText", {**parameters, "message_id": target})
    if not content.buttons:
        parameters.pop("reply_markup")
    if content.silent:
        parameters["disable_notification"] = True
    return _Call("sendMessage" if content.photo is None else "sendPhoto", parameters, content.photo)
