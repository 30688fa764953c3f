"""Who and what is at hand on a storekeeper's day."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import select

from common import i18n
from common.database.models import Event, Order, Part, Person, Role
from common.orders.moves import Move
from common.orders.placing import WantedLine
from tests.acceptance.counter import Hands
from tests.acceptance.mechanic import Mechanic
from tests.stations.station import Station
from tests.support.cast import RINA, Member
from tests.webapp.desks import line, move, place

LEV = Member("Lev", "ru", Role.MECHANIC)  # has not joined yet: what becomes of his orders is told to nobody
PLATE, UNLISTED, PADS = "12345678", "рейлинги на крышу", "brake_pads_front"
NOTE, REASON, SUPPLIER = "הלקוח מתווכח על המחיר", "הצינור בדרך מחיפה", "אוטו־חלקים בע״מ"
READY = "%(order)s is ready. Pick it up from the storekeeper."


def hebrew(text: str, **values: object) -> str:
    """A text of ours as Rina reads it."""
    with i18n.use_language(RINA.language):
        return i18n.gettext(text) % values if values else i18n.gettext(text)


@dataclass
class Day:
    """Who and what is at hand. `number` is the order that the day is about."""

    here: Station
    mechanic: Mechanic
    rina: Hands
    avi: Hands
    manager: Person
    dima: Person
    lev: Person
    number: int = 0

    def order(self) -> Order:
        with self.here.database.read() as session:
            order = session.get_one(Order, self.number)
            assert len(order.lines) == 2
            return order

    def pads(self) -> Part:
        with self.here.database.read() as session:
            return session.scalars(select(Part).where(Part.code == PADS)).one()

    def of(self, person: Person, *steps: Move, part: Part | None = None) -> int:
        """One of the orders that are at the station anyway."""
        wanted = WantedLine(dict(part.names), 1, part.id) if part else line()
        order = place(self.here.database, person, wanted, plate=PLATE)
        for step in steps:
            move(self.here.database, order.id, step, self.manager, reason="x")
        return order.id

    def facts(self, kind: str) -> list[Event]:
        with self.here.database.read() as session:
            return list(session.scalars(select(Event).where(Event.order_id == self.number, Event.kind == kind)))

    def rings(self, number: int) -> int:
        """How often the mechanic was told that the order is ready."""
        name = f"{self.mechanic.in_words('Order %(number)s', number=number)} (123-45-678)"
        return len(self.mechanic.messages(READY, order=name))
