"""A row on its way and its verdict; an order that changes meanwhile."""

from __future__ import annotations

from sqlalchemy import select

from bot_daemon.bot_api.verdicts import SendVerdict
from bot_daemon.outbound import results
from bot_daemon.outbound.results import SendResult
from bot_daemon.outbound.stamping import Outgoing
from common.database.engine import Database
from common.database.models import Order, OutboxRow, OutboxState, Person, Role, Via
from common.orders import moves, placing, reading
from common.orders.moves import Move
from common.orders.placing import WantedLine
from common.permissions import Actor
from tests.bot_daemon import rows
from tests.bot_daemon.rows import queued, row, sending

S = OutboxState


def record(of: Database, outgoing: Outgoing, verdict: SendVerdict, epoch: int = 1) -> bool:
    with of.write() as session:
        return results.record(session, [SendResult(outgoing, verdict, 12)], epoch)[0]


def came_to(of: Database, verdict: SendVerdict, kind: str = rows.HELP) -> OutboxRow:
    """A row on the wire and its one verdict."""
    (row_id,) = queued(of, "a", kind=kind)
    assert record(of, sending(of, row_id), verdict)
    return row(of, row_id)


def place(of: Database, person: Person) -> Order:
    with of.write() as session:
        actor = Actor.of(person, Via.BOT)
        return placing.place_order(
            session, key="k", person=person, lines=[WantedLine({"": "Brake pads"})], actor=actor
        )[0]


def move(of: Database, order_id: int, to: Move, reason: str = "") -> None:
    with of.write() as session:
        storekeeper = Actor(person_id=None, role=Role.STOREKEEPER, via=Via.DESK)
        version = reading.get_order(session, order_id).version
        moves.move_order(session, storekeeper, order_id, to, expected_version=version, reason=reason, day_unknown=True)


def only_pending(of: Database, kind: str) -> OutboxRow:
    with of.read() as session:
        return session.scalars(select(OutboxRow).where(OutboxRow.kind == kind, OutboxRow.state == S.PENDING)).one()


def on_its_way(of: Database, kind: str) -> Outgoing:
    return sending(of, only_pending(of, kind).id)
