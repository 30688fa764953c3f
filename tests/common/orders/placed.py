"""Orders that are placed and moved, with their versions."""

from __future__ import annotations

from typing import Any

from common.database.engine import Database
from common.database.models import Grade, Order, OrderState, Person
from common.orders import moves, placing
from common.orders.moves import Move
from common.orders.placing import WantedLine
from tests.support.cast import acts

S = OrderState
SAID: dict[str, Any] = {"reason": "because", "day_unknown": True}
PADS = WantedLine({"ru": "Колодки", "he": "רפידות", "en": "Pads"}, 2, grade=Grade.ORIGINAL)


def placed(database: Database, person: Person, key: str = "draft-1", state: OrderState = S.NEW) -> Order:
    with database.write() as session:
        order, _ = placing.place_order(session, key=key, person=person, lines=[PADS], actor=acts(person))
        order.state = state
    return order


def moved(
    database: Database, order: Order, move: Move, by: Person, version: int | None = None, **more: object
) -> Order:
    with database.write() as session:
        return moves.move_order(
            session,
            acts(by),
            order.id,
            move,
            expected_version=version or order.version,
            **more,  # type: ignore[arg-type]
        )
