"""Rina at the desk, serving the order of a mechanic whose chat is driven."""

from __future__ import annotations

from datetime import date

from bot_daemon.chat import buttons
from common.database.engine import Database
from common.database.models import LineState, Person
from common.orders import lines, reading
from common.orders import moves as orders
from common.orders.moves import Collector, Move
from common.talk import questions
from tests.bot_daemon.chat.driver import Chat, Message
from tests.support.cast import acts


class Desk:
    """Rina at the desk, with whatever the order's version is."""

    def __init__(self, database: Database, rina: Person, mechanics: Chat) -> None:
        self.database, self.rina, self.chat = database, rina, mechanics

    def moves(self, number: int, *moves: Move, reason: str = "why", collector: Collector | None = None) -> None:
        for move in moves:
            with self.database.write() as session:
                orders.move_order(
                    session,
                    acts(self.rina),
                    number,
                    move,
                    expected_version=reading.get_order(session, number).version,
                    reason=reason,
                    collector=collector,
                    day_unknown=True,
                )
        self.chat.deliver()

    def sets(self, number: int, state: LineState, day: date | None = None, *, line: int = 0) -> None:
        with self.database.write() as session:
            order = reading.get_order(session, number)
            lines.change_line(
                session,
                acts(self.rina),
                number,
                order.lines[line].id,
                state,
                expected_version=order.version,
                expected_on=day,
                reason="wrong size",
            )
        self.chat.deliver()

    def asks(self, number: int, kind: str = "side", text: str = "Левая или правая?") -> int:
        with self.database.write() as session:
            order = reading.get_order(session, number)
            if kind == "substitute":
                question = questions.propose_substitute(
                    session, acts(self.rina), number, order.lines[0].id, text, expected_version=order.version
                )
            else:
                question = questions.ask(session, acts(self.rina), number, kind, text, expected_version=order.version)
        self.chat.deliver()
        return question.id


def card(dimas: Chat, number: int = 1) -> Message:
    return next(m for m in reversed(dimas.visible()) if m.text.startswith(f"<b>Заказ {number}</b> · "))


def order_four(dimas: Chat) -> None:
    dimas.types("/new")
    for words in ("гайка", "шайба", "хомут", "шланг"):
        dimas.types(words)
    dimas.types("12-345-67")
    dimas.presses(buttons.SEND)
