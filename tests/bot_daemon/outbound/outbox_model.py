"""What a small pure model believes of the outbox: its rows, the attempts on the wire, who is to be claimed next."""

from __future__ import annotations

from contextlib import ExitStack
from dataclasses import dataclass, field
from datetime import datetime

from hypothesis.stateful import RuleBasedStateMachine
from sqlalchemy import select

from bot_daemon.outbound import claims
from bot_daemon.outbound.stamping import Outgoing
from common.database import engine
from common.database.engine import Database
from common.database.models import Chat, OutboxRow
from common.messaging.kinds import spec_of
from tests.bot_daemon import rows

LEASE = 20.0
ACTIVE = ("pending", "leased", "sending")
CHATS = {"s1": 1001, "s2": 1001, "s3": 1002, "s4": 1003}  # streams and their chats
ORDERS = {1001: 1, 1002: 2, 1003: 3}  # each mechanic's own: nobody else reads its card
KINDS_USED = (rows.HELP, rows.CHAT, rows.CARD, rows.TIDY)


@dataclass
class Modelled:
    """What the model believes of one row. `arrived`: how often the message really came through."""

    row_id: int
    stream: str
    kind: str
    state: str = "pending"
    ambiguous: int = 0
    suspicion: int = 0
    epoch: int = 0
    method: str = ""  # of the latest attempt
    lease_until: datetime | None = None
    arrived: int = 0
    new_messages: int = 0  # of these, how often as a new message: an edit that comes twice is no duplicate
    asked_again: bool = False  # by a person: out of order on purpose
    stood_aside: bool = False  # it was put off, and another was claimed meanwhile

    @property
    def chat_id(self) -> int:
        return CHATS[self.stream]

    def is_rescued(self, epoch: int, *, was_sending: bool) -> None:
        """Nobody holds it any more. What process after process did not survive is dead."""
        if self.epoch == epoch:
            self.suspicion = 0
        self.state = "pending"
        if was_sending:
            self.nobody_knows()
        if self.suspicion >= claims.MOST_SUSPICION and self.state == "pending":
            self.state = "dead"

    def nobody_knows(self) -> None:
        """An attempt was ambiguous: the kind decides."""
        self.state = "pending"
        if not self.method.startswith("send"):
            return  # edits and deletions are idempotent
        self.ambiguous += 1
        repeats = spec_of(self.kind).repeats
        if repeats is not None and self.ambiguous > repeats:
            self.state = "held"


@dataclass
class Flight:
    """A stamped attempt, on the wire of the dispatcher that stamped it."""

    outgoing: Outgoing
    epoch: int
    results: list[bool] = field(default_factory=list)


class OutboxModel(RuleBasedStateMachine):
    """The real outbox, and beside it what the model believes and knows. The machine adds what happens."""

    def __init__(self, of: Database) -> None:
        super().__init__()
        self.db = of
        self.time = ExitStack()
        self.epoch = 1
        self.rows: dict[int, Modelled] = {}
        self.flights: list[Flight] = []
        self.number = 0

    def any_is(self, *states: str) -> bool:
        return any(row.state in states for row in self.rows.values())

    def now(self) -> datetime:
        with self.db.read() as session:
            return engine.now(session)

    def kept(self) -> dict[int, OutboxRow]:
        with self.db.read() as session:
            return {row.id: row for row in session.scalars(select(OutboxRow))}

    def blocked_chats(self) -> set[int]:
        with self.db.read() as session:
            return set(session.scalars(select(Chat.chat_id).where(Chat.unreachable != "")))

    def expected_claims(self, limit: int, *, suspects: bool = False) -> list[int]:
        """The heads of the streams that are due in chats without a pause, the most urgent first.

        Either suspects, the least suspected first, or all others.
        """
        now, kept = self.now(), self.kept()
        put_off = self.put_off()
        with self.db.read() as session:
            paused = set(session.scalars(select(Chat.chat_id).where(Chat.ready_at > now)))
        busy = {row.stream for row in self.rows.values() if row.state in ("leased", "sending")}
        heads: dict[str, Modelled] = {}
        for row_id in sorted(self.rows):
            if self.rows[row_id].state in ACTIVE and row_id not in put_off:
                heads.setdefault(self.rows[row_id].stream, self.rows[row_id])
        due = [
            kept[row.row_id]
            for row in heads.values()
            if row.state == "pending"
            and (row.suspicion > 0) == suspects
            and row.stream not in busy
            and kept[row.row_id].due_at <= now < kept[row.row_id].expires_at
            and row.chat_id not in paused
        ]
        return [
            row.id for row in sorted(due, key=lambda row: (row.suspicion, row.priority, row.due_at, row.id))[:limit]
        ]

    def put_off(self) -> set[int]:
        """Rows whose time has not come: they hold nothing up."""
        now = self.now()
        return {
            row_id
            for row_id, kept in self.kept().items()
            if self.rows[row_id].state == "pending" and kept.attempts == 0 and kept.due_at > now
        }

    def stand_aside(self, claimed: list[int]) -> None:
        streams = {self.rows[row_id].stream for row_id in claimed}
        for row_id in self.put_off():
            row = self.rows[row_id]
            row.stood_aside = row.stood_aside or row.stream in streams

    def arrives(self, row: Modelled, method: str) -> None:
        """The world: a message comes through. The first time nothing older of its stream may still be waiting."""
        if row.arrived == 0 and not row.asked_again:
            older = [r for r in self.rows.values() if r.stream == row.stream and r.row_id < row.row_id]
            held_up = [r for r in older if r.state in ACTIVE and not (r.asked_again or r.stood_aside)]
            assert not held_up, "out of order"
        row.arrived += 1
        row.new_messages += method.startswith("send")
