"""Moves that can be undone, and what of their notices leaves."""

from __future__ import annotations

from datetime import UTC, date, timedelta

from sqlalchemy import select

from bot_daemon.bot_api.verdicts import Sent
from bot_daemon.chat import rendering
from bot_daemon.outbound import claims, results, stamping
from bot_daemon.outbound.results import SendResult
from common.database.models import OrderState, OutboxRow
from common.orders import reading, undo
from common.orders.moves import Collector, Move
from common.permissions import Actor
from tests.support.counter import Station

TEN = timedelta(seconds=10)
S = OrderState


def move(station: Station, order_id: int, what: Move, reason: str = "because", by: Actor | None = None) -> None:
    with station.database.write() as session:
        version = reading.get_order(session, order_id).version
        collector = Collector("Lev") if what is Move.ISSUE else None
        undo.move_with_undo(
            session,
            by or station.desk,
            order_id,
            what,
            expected_version=version,
            within=TEN,
            reason=reason,
            collector=collector,
            expected_on=date(2030, 1, 2),
        )


def undone(station: Station, order_id: int, by: Actor | None = None, version: int | None = None) -> None:
    with station.database.write() as session:
        seen = version or reading.get_order(session, order_id).version
        undo.undo_move(session, by or station.desk, order_id, expected_version=seen)


def notice(station: Station, kind: str) -> OutboxRow:
    with station.database.read() as session:
        return session.scalars(select(OutboxRow).where(OutboxRow.kind == kind).order_by(OutboxRow.id.desc())).first()  # type: ignore[return-value]


def leave(station: Station) -> list[str]:
    """What may leave now, leaves. Returns the kinds, in the order in which they left."""
    left: list[str] = []
    while True:
        with station.database.write() as session:
            ids = claims.claim(session, 1, room=claims.Room(100), row_lease=20, admit=lambda _chat: 0.0).ids
        if not ids:
            return left
        with station.database.write() as session:
            outgoing = stamping.stamp(session, ids, 1, 20, "en", UTC)
        with station.database.write() as session:
            results.record(session, [SendResult(one, Sent(100 + one.row_id), 1) for one in outgoing], 1)
        left += [one.kind for one in outgoing]


def said(station: Station, row: OutboxRow) -> str:
    with station.database.read() as session:
        return rendering.render(session, session.get_one(OutboxRow, row.id)).text
