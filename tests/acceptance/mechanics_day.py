"""Who and what is at hand on a mechanic's day."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import select

from common.database.models import Chat, Event, Media, MediaState, Order, OrderLine, Part
from sandbox.client import Json
from tests.acceptance.desk import Desk
from tests.acceptance.mechanic import Mechanic, plain
from tests.stations.station import Process, Station

PADS, STARRED = "brake_pads_front", "oil_filter"
SAID = {
    "ru": {"pads": "колодки", "unlisted": "рейлинги на крышу", "answer": "левую, и побыстрее", "asks": "לאיזה צד?"},
    "he": {"pads": "רפידות", "unlisted": "גגון לרכב", "answer": "שמאל, ומהר", "asks": "слева или справа?"},
}


@dataclass
class Day:
    """Who and what is at hand."""

    here: Station
    daemon: Process
    mechanic: Mechanic
    desk: Desk
    number: int = 0

    @property
    def said(self) -> dict[str, str]:
        return SAID[self.mechanic.member.language]

    def night(self) -> None:
        """What happens between two steps: the daemon dies as in a power cut, and starts again."""
        self.daemon.kill()
        self.daemon = self.here.start_daemon()

    def part(self, code: str) -> Part:
        with self.here.database.read() as session:
            return session.scalars(select(Part).where(Part.code == code)).one()

    def order(self) -> Order:
        """The order with its lines."""
        with self.here.database.read() as session:
            order = session.get_one(Order, self.number)
            assert len(order.lines) >= 2
            return order

    def line(self, place: int) -> OrderLine:
        return self.order().lines[place]

    def facts(self, kind: str) -> list[Event]:
        with self.here.database.read() as session:
            return list(session.scalars(select(Event).where(Event.order_id == self.number, Event.kind == kind)))

    def kept(self) -> list[Media]:
        with self.here.database.read() as session:
            return list(session.scalars(select(Media).where(Media.state == MediaState.KEPT)))

    def from_bot(self) -> list[Json]:
        """What is in the chat now."""
        return [m for m in self.mechanic.box.messages(self.mechanic.id) if m["from_bot"] and not m["deleted"]]

    def card(self) -> Json:
        """The order's one card."""
        name = self.mechanic.in_words("Order %(number)s", number=self.number)
        (card,) = [m for m in self.from_bot() if plain(m["text"]).startswith(f"{name} · ")]
        return card

    def settled(self) -> None:
        self.here.wait_settled()


def unreachable(day: Day) -> bool:
    with day.here.database.read() as session:
        return bool(session.get_one(Chat, day.mechanic.id).unreachable)
