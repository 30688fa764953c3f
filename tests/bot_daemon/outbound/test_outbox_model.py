"""The outbox against a small pure model: whatever happens in whatever order, by whoever's hand or crash.

Nothing is lost; each stream keeps its order (what was put off takes its place when it is due) and has at most one
message in flight; whatever may have arrived twice says so. The world (what really arrived at Telegram) is known to the
model only.
"""

from __future__ import annotations

from datetime import timedelta

from hypothesis import Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import initialize, invariant, precondition, rule, run_state_machine_as_test
from sqlalchemy import delete, update

from bot_daemon.bot_api.client import Ambiguous, NotSent
from bot_daemon.bot_api.verdicts import GiveUp, SendVerdict, Sent, Snooze, TokenRefused, Unreachable, Unsent
from bot_daemon.outbound import claims, results, stamping
from bot_daemon.outbound.results import SendResult
from common import clock
from common.database.engine import Database
from common.database.models import Card, Chat, Delivery, OutboxRow, ReasonCode, Via
from common.messaging import outbox
from common.messaging.kinds import MessageKind
from common.orders import placing
from common.orders.placing import WantedLine
from common.permissions import Actor
from tests.bot_daemon import rows
from tests.bot_daemon.outbound.outbox_model import (
    ACTIVE,
    CHATS,
    KINDS_USED,
    LEASE,
    ORDERS,
    Flight,
    Modelled,
    OutboxModel,
)
from tests.conftest import SOAK

VERDICTS: list[SendVerdict] = [
    Sent(7),
    Sent(7),
    NotSent("refused"),
    *[Ambiguous("HTTP 502")] * 4,
    Snooze(3.0),
    Unsent(),
    TokenRefused(),
    GiveUp("Bad Request: no"),
    Unreachable(ReasonCode.BLOCKED),
]


class OutboxMachine(OutboxModel):
    @initialize()
    def empty(self) -> None:
        with self.db.write() as session:
            for table in (Delivery, OutboxRow, Chat):
                session.execute(delete(table))
            session.execute(update(Card).values(message_id=None))

    def teardown(self) -> None:
        try:
            if self.rows:
                self.all_is_well_again()
        finally:
            self.time.close()

    # What people and dispatchers do -----------------------------------------------------------------------------------

    @rule(
        wanted=st.lists(st.tuples(st.sampled_from(sorted(CHATS)), st.sampled_from(KINDS_USED)), min_size=1, max_size=4),
        later=st.sampled_from([0, 0, 0, 0, 30]),
    )
    @precondition(lambda self: len(self.rows) < 25)
    def enqueue(self, wanted: list[tuple[str, MessageKind]], later: int) -> None:
        for stream, kind in wanted:
            self.number += 1
            order_id = ORDERS[CHATS[stream]] if kind == rows.CARD else None
            more = {"order_id": order_id}
            with self.db.write() as session:
                row_id = rows.queue(
                    session, f"k{self.number}", kind=kind, chat_id=CHATS[stream], stream=stream, due_in=later, **more
                )
            assert not self.rows or row_id > max(self.rows)
            self.rows[row_id] = Modelled(row_id, stream, kind)

    @rule(limit=st.integers(1, 6), stamped=st.sampled_from([True, True, True, False]))
    @precondition(lambda self: self.any_is("pending"))
    def claim(self, limit: int, stamped: bool) -> None:
        """Claim and stamp; sometimes the process dies, or the database fails, between the two."""
        suspects = self.expected_claims(1, suspects=True)
        wanted = suspects or self.expected_claims(limit)
        room = claims.Room(1, for_suspect=True) if suspects else claims.Room(limit)
        with self.db.write() as session:
            got = claims.claim(session, self.epoch, room=room, row_lease=LEASE, admit=lambda _chat: 0.0).ids
        blocked = self.blocked_chats()
        assert got == [row_id for row_id in wanted if self.rows[row_id].chat_id not in blocked]
        self.stand_aside(wanted)
        for row_id in wanted:
            row = self.rows[row_id]
            row.state = "unreachable" if row.chat_id in blocked else "leased"
            row.suspicion += claims.IN_RENDERING * (row.state == "leased")
            row.epoch = self.epoch
        if stamped:
            self.stamp(got)

    def stamp(self, claimed: list[int]) -> None:
        with self.db.write() as session:
            stamped = stamping.stamp(session, claimed, self.epoch, LEASE, "en")
        assert sorted(one.row_id for one in stamped) == sorted(claimed)
        for one in stamped:
            row = self.rows[one.row_id]
            row.state, row.method = "sending", one.method
            row.suspicion -= claims.IN_RENDERING - claims.ON_THE_WIRE
            self.flights.append(Flight(one, self.epoch))

    @rule(data=st.data(), verdict=st.sampled_from(VERDICTS), came_through=st.booleans())
    @precondition(lambda self: self.flights)
    def land(self, data: st.DataObject, verdict: SendVerdict, came_through: bool) -> None:
        """A result comes in: of ours, or of a dispatcher that lost its lease long ago."""
        flight = data.draw(st.sampled_from(self.flights))
        self.flights.remove(flight)
        row = self.rows[flight.outgoing.row_id]
        ours = row.state == "sending" and row.epoch == flight.epoch
        if isinstance(verdict, Sent) or (isinstance(verdict, Ambiguous) and came_through):
            self.arrives(row, flight.outgoing.method)
        with self.db.write() as session:
            written = results.record(session, [SendResult(flight.outgoing, verdict, 5)], flight.epoch)
        assert written == [ours]
        if ours:
            self.apply(row, verdict)

    def apply(self, row: Modelled, verdict: SendVerdict) -> None:
        row.suspicion = 0
        match verdict:
            case Sent():
                row.state = "sent"
            case Ambiguous():
                row.nobody_knows()
            case GiveUp():
                row.state = "failed"
            case Unreachable():
                row.state = "unreachable"
            case _:
                row.state = "pending"

    @rule(data=st.data())
    @precondition(lambda self: self.any_is("leased", "sending"))
    def crash(self, data: st.DataObject) -> None:
        """kill -9 of the leader, and a new one leads. Of what was on the wire, who knows what came through."""
        for flight in [f for f in self.flights if f.epoch == self.epoch]:
            self.flights.remove(flight)
            if data.draw(st.booleans(), label="came through"):
                self.arrives(self.rows[flight.outgoing.row_id], flight.outgoing.method)
        self.epoch += 1

    @rule()
    @precondition(lambda self: any(flight.epoch == self.epoch for flight in self.flights))
    def freeze(self) -> None:
        """The leader sleeps through its lease; its sends are still on the wire when the new one leads."""
        self.epoch += 1

    @rule()
    @precondition(lambda self: any(flight.epoch == self.epoch for flight in self.flights))
    def takeover(self) -> None:
        """The same, at length: the new leader takes the rows back and sends them, and then the old one wakes up."""
        self.freeze()
        self.time_passes(LEASE + 1)
        self.rescue()
        self.claim(6, stamped=True)

    @rule()
    @precondition(lambda self: self.any_is("leased", "sending"))
    def rescue(self) -> None:
        now = self.now()
        with self.db.write() as session:
            in_flight = [flight.outgoing.row_id for flight in self.flights if flight.epoch == self.epoch]
            claims.rescue_rows(session, self.epoch, in_flight)
        for row in self.rows.values():
            over = row.lease_until is None or row.lease_until <= now
            if row.state == "leased" and (row.epoch != self.epoch or over):
                row.is_rescued(self.epoch, was_sending=False)
            elif row.state == "sending" and over and row.row_id not in in_flight:
                row.is_rescued(self.epoch, was_sending=True)

    @rule(seconds=st.sampled_from([1, 6, 25, 25, 120, 7200]))
    @precondition(lambda self: self.rows)
    def time_passes(self, seconds: float) -> None:
        self.time.enter_context(clock.travel(timedelta(seconds=seconds)))

    @rule()
    @precondition(lambda self: self.any_is("pending"))
    def expire(self) -> None:
        now = self.now()
        with self.db.write() as session:
            claims.expire(session)
        for row_id, kept in self.kept().items():
            if self.rows[row_id].state == "pending" and kept.expires_at <= now:
                self.rows[row_id].state = "expired"

    @rule(data=st.data())
    @precondition(lambda self: self.any_is("held", "failed", "expired", "dead"))
    def resend(self, data: st.DataObject) -> None:
        """A person at the desk decides."""
        repairable = [row for row in self.rows.values() if row.state in ("held", "failed", "expired", "dead")]
        row = data.draw(st.sampled_from(repairable))
        with self.db.write() as session:
            outbox.resend(session, row.row_id)
        row.state, row.asked_again, row.suspicion = "pending", True, 0

    # What always holds ------------------------------------------------------------------------------------------------

    @invariant()
    def the_table_is_as_the_model_says(self) -> None:
        kept = self.kept()
        assert set(kept) == set(self.rows), "nothing is lost, nothing appears"
        for row_id, row in self.rows.items():
            believed = (row.state, row.ambiguous, row.suspicion)
            assert (kept[row_id].state.value, kept[row_id].ambiguous, kept[row_id].suspicion) == believed
            assert kept[row_id].attempts >= 0
            row.lease_until = kept[row_id].lease_until

    @invariant()
    def one_in_flight_per_stream(self) -> None:
        busy = [row.stream for row in self.rows.values() if row.state in ("leased", "sending")]
        assert len(busy) == len(set(busy))

    @invariant()
    def what_may_have_arrived_twice_says_so(self) -> None:
        for row in self.rows.values():
            if row.new_messages > 1 and not row.asked_again:
                assert row.ambiguous > 0

    def all_is_well_again(self) -> None:
        """Telegram answers and nobody crashes: in the end every message was sent, or says why not."""
        self.epoch += 1
        for _ in range(200):
            self.time.enter_context(clock.travel(timedelta(seconds=LEASE * 2)))
            self.rescue()
            self.expire()
            self.claim(6, stamped=True)
            for flight in [f for f in self.flights if f.epoch == self.epoch]:
                self.flights.remove(flight)
                self.arrives(self.rows[flight.outgoing.row_id], flight.outgoing.method)
                with self.db.write() as session:
                    assert results.record(session, [SendResult(flight.outgoing, Sent(9), 5)], self.epoch) == [True]
                row = self.rows[flight.outgoing.row_id]
                row.state, row.suspicion = "sent", 0
            if not any(row.state in ACTIVE for row in self.rows.values()):
                break
            self.time.enter_context(clock.travel(timedelta(hours=1)))
        self.the_table_is_as_the_model_says()
        for row in self.rows.values():
            assert row.state not in ACTIVE
            assert row.state != "sent" or row.arrived >= 1
            assert outbox.RECEIPTS[self.kept()[row.row_id].state]


def test_the_outbox_keeps_its_promises_whatever_happens(any_database_url: str) -> None:
    of = Database(any_database_url, synchronous="OFF")  # nothing here survives the test anyway
    for chat_id in ORDERS:
        person = rows.mechanic(of, chat_id)
        with of.write() as session:
            actor, lines = Actor.of(person, Via.BOT), [WantedLine({"": "Brake pads"})]
            placing.place_order(session, key=f"k{chat_id}", person=person, lines=lines, actor=actor)
    examples = 500 if SOAK else (15 if of.is_sqlite else 5)
    phases = tuple(Phase) if SOAK else (Phase.generate,)  # shrinking a failure takes minutes
    run_state_machine_as_test(
        lambda: OutboxMachine(of),  # type: ignore[arg-type]  # a factory will do
        settings=settings(settings.default, phases=phases, max_examples=examples, stateful_step_count=30),
    )
    of.dispose()
