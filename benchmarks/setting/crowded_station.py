"""A station with any number of orders, made from one seed: people, cars, lines, events, messages, and their search
terms. Rows are written in bulk, with the content that the service functions would write.
"""

from __future__ import annotations

import random
from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection, insert, select, text

from common import clock
from common.catalogue import catalogue
from common.database.engine import Database
from common.database.models import (
    Base,
    CarWord,
    Event,
    Grade,
    LineState,
    Order,
    OrderLine,
    OrderState,
    OrderWord,
    OutboxRow,
    OutboxState,
    Part,
    Person,
    ReasonCode,
    Role,
    Vehicle,
    Via,
)
from common.order_index import category_word, words_in, words_of_car
from common.people import logins, people

SEED = 5
AT_ONCE = 1000
MECHANICS = 40
OPEN = {OrderState.NEW: 12, OrderState.IN_WORK: 25, OrderState.WAITING: 40, OrderState.READY: 20}
CARS_PER_ORDER = 0.25
NAMES = [
    "Дима",
    "Олег",
    "Сергей",
    "Марк",
    "Ноа",
    "Авнер",
    "Йоси",
    "Рами",
    "Тим",
    "Leo",
    "Max",
    "Igal",
    "Анна",
    "Ира",
    "Maya",
    "Noam",
    "Lior",
    "Ян",
    "Pavel",
    "Итай",
]
COMMENTS = (
    "",
    "",
    "",
    "",
    "срочно, машина на подъёмнике",
    "клиент ждёт",
    "как в прошлый раз",
    "דחוף, הרכב על הליפט",
    "הלקוח ממתין",
    "call me first",
    "left side only",
    "без замены фильтра",
    "проверить размер",
    "Мазда 3, 2014",
)
FREE = ("шайба 12 мм", "хомут 40-60", "клипса бампера", "אטם גומי", "zip ties", "WD-40", "болт М8х20", "לוחית רישוי")


def fill(database: Database, orders: int, seed: int = SEED) -> None:
    """Fill a station with so many orders; those of `OPEN` are on the board, the others are closed."""
    chance = random.Random(seed)
    with database.write() as session:
        catalogue.load(session)
        for number in range(MECHANICS):
            people.add_person(
                session,
                name=f"{NAMES[number % len(NAMES)]} {chr(0x410 + number % 30)}.",
                role=Role.MECHANIC,
                language=("ru", "he", "en")[number % 3],
                telegram_id=5000 + number,
                chosen=True,
            )
        rina = people.add_person(session, name="Rina Katz", role=Role.STOREKEEPER, language="he", chosen=True)
        logins.set_password(session, rina, "rina", "seven grey pigeons")
        parts = [(p.id, p.category_id, dict(p.names)) for p in session.scalars(select(Part).order_by(Part.id))]
        mechanics = list(session.scalars(select(Person.id).where(Person.role == Role.MECHANIC)))
    with database.engine.execution_options(sqlite_begin="IMMEDIATE").begin() as connection:
        if connection.dialect.name == "postgresql":
            connection.execute(text("SET LOCAL statement_timeout = 0"))
        cars = max(20, int(orders * CARS_PER_ORDER))
        _cars(connection, cars, chance)
        for start in range(1, orders + 1, AT_ONCE):
            numbers = range(start, min(orders + 1, start + AT_ONCE))
            _orders(connection, _made(numbers, orders, cars, mechanics, rina.id, parts, chance))
        _count_on(connection)
    with database.engine.execution_options(isolation_level="AUTOCOMMIT").connect() as connection:
        connection.exec_driver_sql("ANALYZE" if connection.dialect.name == "postgresql" else "SELECT 1")


def _cars(connection: Connection, count: int, chance: random.Random) -> None:
    now = clock.utcnow()
    for start in range(1, count + 1, AT_ONCE):
        cars, words = [], []
        for number in range(start, min(count + 1, start + AT_ONCE)):
            key = f"{number * 7919 % 100_000_000:08}"
            vin = f"WVGZZZ5NZ8W{number * 613 % 1_000_000:06}" if number % 3 == 0 else None
            shown = f"{key[:3]}-{key[3:5]}-{key[5:]}"
            cars.append(
                {"id": number, "key": key, "raw": key, "display": shown, "country": "il", "vin": vin, "created_at": now}
            )
            words += [{"vehicle_id": number, "word": word} for word in words_of_car(key, vin)]
        connection.execute(insert(Vehicle), cars)
        connection.execute(insert(CarWord), words)
    chance.random()


Rows = dict[type[Base], list[dict[str, Any]]]


def _made(
    numbers: range,
    orders: int,
    cars: int,
    mechanics: list[int],
    staff: int,
    parts: list[tuple[int, int, dict[str, str]]],
    chance: random.Random,
) -> Rows:
    rows: Rows = {model: [] for model in (Order, OrderLine, OrderWord, Event, OutboxRow)}
    states = list(_states(orders))
    common = parts[: len(parts) // 5]
    for number in numbers:
        state = states[orders - number] if orders - number < len(states) else OrderState.ISSUED
        if state is OrderState.ISSUED and number % 25 == 0:
            state = OrderState.CANCELLED
        placed = clock.utcnow() - timedelta(minutes=12 * (orders - number) + 5)
        comment = chance.choice(COMMENTS)
        person = mechanics[int(len(mechanics) * chance.random() ** 2)]
        rows[Order].append(_order(number, state, placed, comment, person, staff, chance.randint(1, cars)))
        words = words_in(comment)
        for position in range(1, chance.choice((1, 1, 2, 2, 3, 4, 6)) + 1):
            if chance.random() < 0.15:
                part_id, said = None, {"": chance.choice(FREE)}
            else:
                part_id, category, said = chance.choice(common if chance.random() < 0.7 else parts)
                words.add(category_word(category))
            words |= words_in(*said.values())
            rows[OrderLine].append(_line(number, position, part_id, said, state, chance.randint(1, 4)))
        rows[OrderWord] += [{"order_id": number, "word": word} for word in sorted(words)]
        rows[Event] += [_event(number, kind, at, placed, person) for at, kind in enumerate(_happened(state))]
        rows[OutboxRow] += [_message(number, n, placed, person, chance.random() < 0.004) for n in range(2)]
    return rows


def _states(orders: int) -> Iterator[OrderState]:
    """The states of the newest orders, newest first; some waiting orders are much older than the rest."""
    room = orders // 10
    for state, count in OPEN.items():
        for _ in range(min(count, room)):
            yield state


def _order(
    number: int, state: OrderState, placed: datetime, comment: str, person: int, staff: int, car: int
) -> dict[str, Any]:
    waits = state is OrderState.WAITING
    return {
        "id": number,
        "key": f"bench-{number}",
        "person_id": person,
        "vehicle_id": car,
        "owner_id": None if state is OrderState.NEW else staff,
        "state": state,
        "state_since": placed + timedelta(minutes=4),
        "reason": "едет из Хайфы" if waits else "",
        "expected_on": (placed + timedelta(days=number % 3 - 1)).date() if waits else None,
        "comment": comment,
        "additives": "",
        "pickup_code": "",
        "issued_to": "",
        "version": 1 if state is OrderState.NEW else 3,
        "created_at": placed,
        "updated_at": placed + timedelta(minutes=4),
    }


def _line(
    number: int, position: int, part_id: int | None, said: dict[str, str], state: OrderState, quantity: int
) -> dict[str, Any]:
    return {
        "order_id": number,
        "position": position,
        "part_id": part_id,
        "words": said,
        "quantity": quantity,
        "grade": Grade.ANY,
        "state": LineState.ISSUED if state is OrderState.ISSUED else LineState.REQUESTED,
        "expected_on": None,
        "substitute": "",
    }


MOVED = {
    "order.taken": (OrderState.NEW, OrderState.IN_WORK),
    "order.waiting": (OrderState.IN_WORK, OrderState.WAITING),
    "order.ready": (OrderState.IN_WORK, OrderState.READY),
    "order.issued": (OrderState.READY, OrderState.ISSUED),
    "order.cancelled": (OrderState.NEW, OrderState.CANCELLED),
}


def _happened(state: OrderState) -> list[str]:
    after = {
        OrderState.NEW: [],
        OrderState.IN_WORK: ["order.taken"],
        OrderState.WAITING: ["order.taken", "order.waiting"],
        OrderState.READY: ["order.taken", "order.ready"],
        OrderState.ISSUED: ["order.taken", "order.ready", "order.issued"],
        OrderState.CANCELLED: ["order.cancelled"],
    }
    return ["order.placed", *after[state]]


def _event(number: int, kind: str, at: int, placed: datetime, person: int) -> dict[str, Any]:
    return {
        "order_id": number,
        "kind": kind,
        "at": placed + timedelta(minutes=at),
        "actor_id": person,
        "via": Via.BOT if at == 0 else Via.DESK,
        "version": at + 1,
        "arguments": {"lines": 2} if at == 0 else dict(zip(("before", "after"), MOVED[kind], strict=True)),
    }


def _message(number: int, n: int, placed: datetime, person: int, lost: bool) -> dict[str, Any]:
    return {
        "key": f"bench:{number}:{n}",
        "channel": "telegram",
        "stream": f"order:{number}:{person}",
        "collapse_key": None,
        "chat_id": 5000 + person,
        "person_id": person,
        "order_id": number,
        "event_id": None,
        "kind": "card" if n == 0 else "notice.ready",
        "arguments": {},
        "priority": 5,
        "state": OutboxState.UNREACHABLE if lost else OutboxState.SENT,
        "created_at": placed,
        "due_at": placed,
        "expires_at": placed + timedelta(days=1),
        "attempts": 1,
        "ambiguous": 0,
        "sent_at": None if lost else placed,
        "message_id": number * 2 + n,
        "reason_code": ReasonCode.BLOCKED if lost else None,
    }


def _orders(connection: Connection, rows: Rows) -> None:
    for model, made in rows.items():
        if made:
            connection.execute(insert(model), made)


def _count_on(connection: Connection) -> None:
    """Advance PostgreSQL's sequences: unlike SQLite's, they do not notice explicit ids."""
    if connection.dialect.name == "postgresql":
        for table in ("orders", "vehicle"):
            connection.execute(text(f"SELECT setval('{table}_id_seq', (SELECT max(id) FROM {table}))"))
