"""Many mechanics at once: each a person with a chat and, if wanted, an order in work."""

from __future__ import annotations

import statistics
from collections.abc import Iterable, Sequence

from common.database.models import Person, Role, Via
from common.orders import moves, placing
from common.orders.moves import Move
from common.orders.placing import WantedLine
from common.people import people
from common.permissions import Actor
from tests.acceptance.desk import Desk
from tests.stations.station import Station, timed

FIRST = 30_001
DESK = Actor(None, Role.MANAGER, Via.COMMAND)


def hire_many(station: Station, count: int, first: int = FIRST) -> list[Person]:
    """So many mechanics, whose chats the bot may write to."""
    station.sandbox.add_people(count, first_id=first, started=True)
    with station.database.write() as session:
        return [
            people.add_person(session, name=f"M{n}", role=Role.MECHANIC, language="en", telegram_id=n, chosen=True)
            for n in range(first, first + count)
        ]


def orders_in_work(station: Station, crowd: Iterable[Person]) -> list[int]:
    """One order of each; each has its card in its chat when the outbox is worked off. Their version is 2."""
    return [_in_work(station, person) for person in crowd]


def _in_work(station: Station, person: Person) -> int:
    """In a transaction of its own: one for all would keep the daemon from its lease for longer than that lasts."""
    with station.database.write() as session:
        order, _new = placing.place_order(
            session,
            key=f"crowd:{person.id}",
            person=session.get_one(Person, person.id),
            lines=[WantedLine({"": "wiper"})],
            actor=Actor.of(person, Via.BOT),
        )
        moves.move_order(session, DESK, order.id, Move.TAKE, expected_version=1)
        return order.id


def mark_ready(desk: Desk, order_ids: Sequence[int]) -> float:
    """Mark each ready at the desk. Returns the median of the seconds that one took."""
    return statistics.median(timed(lambda: _ready(desk, order_id)) for order_id in order_ids)  # noqa: B023


def _ready(desk: Desk, order_id: int) -> None:
    answer = desk.post(f"/orders/{order_id}/moves", {"move": "ready", "version": "2"})
    assert answer.status == 303, f"{answer.status}: {answer.text[:300]}"
