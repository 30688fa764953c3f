"""Rows of the outbox for tests: queued in one line, put into a state, looked at again."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from bot_daemon.outbound import claims, stamping
from bot_daemon.outbound.stamping import Outgoing
from common import clock
from common.database.engine import Database
from common.database.models import Chat, Delivery, OutboxRow, OutboxState, Person, Role
from common.messaging import outbox
from common.messaging.kinds import MessageKind
from common.people import people
from tests.support.examples import example

HELP, READY, CHAT, CARD, SCREEN, TIDY = (
    MessageKind.REPLY_HELP,
    MessageKind.NOTICE_READY,
    MessageKind.CHAT,
    MessageKind.CARD,
    MessageKind.SCREEN,
    MessageKind.SCREEN_REMOVED,
)
LEASE = 20.0


def queue(session: Session, key: str, *, kind: MessageKind = HELP, chat_id: int = 1001, **more: Any) -> int:
    """One pending row. Its stream is the chat's unless said otherwise; `due_in` is seconds."""
    due_in = more.pop("due_in", None)
    more.setdefault("stream", outbox.chat_stream(chat_id))
    more.setdefault("arguments", example(kind))
    if due_in is not None:
        more["due_at"] = clock.utcnow() + timedelta(seconds=due_in)
    row_id = outbox.enqueue(session, key=key, kind=kind, chat_id=chat_id, **more)
    assert row_id is not None
    return row_id


def queued(database: Database, *keys: str, **more: Any) -> list[int]:
    """Pending rows, one for each key, in a transaction of their own."""
    with database.write() as session:
        return [queue(session, key, **more) for key in keys]


def put(database: Database, row_id: int, state: OutboxState, **more: Any) -> None:
    """Set a row's state as if it had got there by itself."""
    with database.write() as session:
        session.execute(update(OutboxRow).where(OutboxRow.id == row_id).values(state=state, **more))


def row(database: Database, row_id: int) -> OutboxRow:
    with database.read() as session:
        return session.get_one(OutboxRow, row_id)


def states(database: Database) -> dict[str, str]:
    """Each row's state by its key."""
    with database.read() as session:
        return {key: state.value for key, state in session.execute(select(OutboxRow.key, OutboxRow.state))}


def deliveries(database: Database, row_id: int) -> list[Delivery]:
    with database.read() as session:
        return list(session.scalars(select(Delivery).where(Delivery.outbox_id == row_id).order_by(Delivery.id)))


def chat(database: Database, chat_id: int) -> Chat | None:
    with database.read() as session:
        return session.get(Chat, chat_id)


def claim(database: Database, epoch: int = 1, limit: int = 100, admit: claims.Admit = lambda _chat: 0.0) -> list[int]:
    with database.write() as session:
        return claims.claim(session, epoch, room=claims.Room(limit), row_lease=LEASE, admit=admit).ids


def claim_suspect(database: Database, epoch: int = 1) -> list[int]:
    """Claim one row whose last attempt has no end."""
    with database.write() as session:
        room = claims.Room(1, for_suspect=True)
        return claims.claim(session, epoch, room=room, row_lease=LEASE, admit=lambda _chat: 0.0).ids


def stamp(database: Database, ids: list[int], epoch: int = 1) -> list[Outgoing]:
    with database.write() as session:
        return stamping.stamp(session, ids, epoch, LEASE, "en")


def sending(database: Database, row_id: int, epoch: int = 1) -> Outgoing:
    """Claim and stamp: the row is on the wire."""
    assert row_id in (claim(database, epoch) or claim_suspect(database, epoch))
    (outgoing,) = stamp(database, [row_id], epoch)
    return outgoing


def mechanic(database: Database, chat_id: int = 1001, language: str = "en") -> Person:
    with database.write() as session:
        return people.add_person(
            session, name=f"M{chat_id}", role=Role.MECHANIC, language=language, telegram_id=chat_id, chosen=True
        )
