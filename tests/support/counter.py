"""A small station on a real database: Dima's orders, Rina's desk, and the queued messages."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import count
from typing import Any

from sqlalchemy import select

from common.database.engine import Database
from common.database.models import Event, Order, OrderLine, OutboxRow, OutboxState, Person
from common.orders import moves as orders
from common.orders import placing, reading
from common.orders.moves import Move
from common.orders.placing import WantedLine
from common.permissions import Actor
from tests.support.cast import acts

_key = count(1)


@dataclass(frozen=True)
class Station:
    database: Database
    dima: Person
    rina: Person

    @property
    def mechanic(self) -> Actor:
        return acts(self.dima)

    @property
    def desk(self) -> Actor:
        return acts(self.rina)

    def place(self, *words: str, taken: bool = True) -> int:
        """An order of Dima's for these parts, taken by Rina."""
        wanted = [WantedLine({"": name}) for name in words or ("болт", "гайка")]
        with self.database.write() as session:
            dima = session.get_one(Person, self.dima.id)
            order, _ = placing.place_order(
                session, key=f"station-{next(_key)}", person=dima, lines=wanted, actor=self.mechanic
            )
        if taken:
            self.move(order.id, Move.TAKE)
        return order.id

    def move(self, order_id: int, *moves: Move, reason: str = "because", **more: Any) -> None:
        more.setdefault("day_unknown", True)
        for move in moves:
            with self.database.write() as session:
                version = reading.get_order(session, order_id).version
                orders.move_order(session, self.desk, order_id, move, expected_version=version, reason=reason, **more)

    def order(self, order_id: int) -> Order:
        with self.database.read() as session:
            order = reading.get_order(session, order_id)
            _ = order.lines, order.owner, order.person
            return order

    def lines(self, order_id: int) -> list[OrderLine]:
        return list(self.order(order_id).lines)

    def version(self, order_id: int) -> int:
        return self.order(order_id).version

    def events(self, order_id: int) -> list[Event]:
        with self.database.read() as session:
            return list(session.scalars(select(Event).where(Event.order_id == order_id).order_by(Event.id)))

    def queued(self, *kinds: str) -> Sequence[OutboxRow]:
        """The waiting outbox rows of these kinds."""
        waiting = select(OutboxRow).where(OutboxRow.kind.in_(kinds), OutboxRow.state == OutboxState.PENDING)
        with self.database.read() as session:
            return session.scalars(waiting.order_by(OutboxRow.id)).all()
