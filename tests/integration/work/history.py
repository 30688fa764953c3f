"""A long history made quickly: a short one, copied in SQL as often as is wanted.

The copies are older than the orders that were there, and closed.
"""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import closing
from sqlite3 import Connection

from sqlalchemy import Table, insert, select, update
from sqlalchemy.orm import Session

from benchmarks.setting import large_catalogue
from benchmarks.setting.crowded_station import fill
from common import clock
from common.database.engine import Database, sqlite_module
from common.database.models import (
    AuditEntry,
    Base,
    ChatMessage,
    DeskNote,
    Event,
    Order,
    OrderState,
    Person,
    Question,
    Role,
    Via,
)

SHORT = 1_000  # orders that are copied
PARTS = 5_000
MUCH = 2_000  # messages, events, questions and notes of one order; people; entries of the audit
APART = 12 * SHORT  # minutes between two copies
# The columns that point at a copied row: they move with it.
MOVED = {
    "orders": {"id"},
    "order_line": {"id", "order_id"},
    "order_word": {"order_id"},
    "event": {"id", "order_id"},
    "outbox": {"id", "order_id"},
}
UNIQUE = {"orders": "key", "outbox": "key"}
TIMES = {"orders": ("created_at", "updated_at", "state_since"), "event": ("at",), "outbox": ("created_at", "sent_at")}


def make(database: Database, orders: int) -> int:
    """Fill a migrated SQLite file with so many orders. Returns the number of an order about which much was said."""
    fill(database, SHORT)
    with closing(sqlite_module().connect(database.engine.url.database, isolation_level=None)) as connection:
        connection.execute("PRAGMA synchronous = OFF")
        connection.execute("BEGIN")
        for table in (Base.metadata.tables[name] for name in MOVED):
            _copy(connection, table, orders // SHORT - 1)
        connection.execute("COMMIT")
    with database.write() as session:
        large_catalogue.store(session, PARTS)
        return _much_about_one(session)


def _copy(connection: Connection, table: Table, copies: int) -> None:
    """The rows with the highest numbers are the ones that were there: the newest orders are the open ones."""
    (last,) = connection.execute(f"SELECT max({_key(table)}) FROM {table.name}").fetchone()
    step = SHORT if _key(table) == "order_id" or table.name == "orders" else last
    names, values = [c.name for c in table.columns], [_value(table, c.name, step, copies) for c in table.columns]
    connection.execute(f"CREATE TEMP TABLE was AS SELECT * FROM {table.name}")
    connection.execute(f"DELETE FROM {table.name}")
    connection.execute(
        f"WITH RECURSIVE copy(n) AS (SELECT 0 UNION ALL SELECT n + 1 FROM copy WHERE n < {copies}) "
        f"INSERT INTO {table.name} ({', '.join(names)}) SELECT {', '.join(values)} FROM copy, was"
    )
    connection.execute("DROP TABLE was")


def _key(table: Table) -> str:
    return "id" if "id" in table.columns else "order_id"


def _value(table: Table, column: str, step: int, copies: int) -> str:
    """The value in copy `n`; the last copy is what was there, and each before it is older."""
    if column in MOVED[table.name]:
        return f"{column} + n * {SHORT if column == 'order_id' else step}"
    if column == UNIQUE.get(table.name):
        return f"{column} || ':' || n"
    if column in TIMES.get(table.name, ()):
        return f"strftime('%Y-%m-%d %H:%M:%f000', {column}, ((n - {copies}) * {APART}) || ' minutes')"
    if table.name == "orders" and column == "state":
        return f"CASE n WHEN {copies} THEN state ELSE '{OrderState.ISSUED}' END"
    return column


def _much_about_one(session: Session) -> int:
    order = session.scalars(select(Order).where(Order.state == OrderState.WAITING).order_by(Order.id.desc())).first()
    assert order is not None
    now = clock.utcnow()
    said = {"order_id": order.id, "text": "long " * 20}
    by, told = {"author_id": order.person_id, "at": now}, {"at": now, "via": Via.DESK, "version": 2}
    rows: Mapping[type[Base], dict[str, object]] = {
        ChatMessage: {**said, **by},
        DeskNote: {**said, **by},
        Question: {**said, "kind": "free", "asked_at": now},
        Event: {**told, "order_id": order.id, "kind": "note.written", "arguments": {"note": 1}},
        AuditEntry: {**told, "kind": "part.placed", "subject": "part", "name": "x", "arguments": {}},
        Person: {"name": "Guest", "role": Role.MECHANIC, "language": "ru", "created_at": now},
    }
    for model, row in rows.items():
        keyed = [{**row, "key": f"note-{n}"} if model is DeskNote else row for n in range(MUCH)]
        session.execute(insert(model), keyed)
    session.execute(update(Order).where(Order.id % 3 == 0, Order.vehicle_id != 1).values(vehicle_id=1))
    return order.id
