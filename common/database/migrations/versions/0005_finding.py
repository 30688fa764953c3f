"""Finding orders: their words, their cars' numbers, saved views, and indexes that end in the order's number"""

from collections.abc import Iterator

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0005_finding"
down_revision = "0004_order"

IDENTIFIER = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
JSON = sa.JSON().with_variant(postgresql.JSONB(), "postgresql")
BYTEWISE = sa.String(length=40).with_variant(sa.String(length=40, collation="C"), "postgresql")
UNDELIVERED = sa.text("state IN ('failed','dead','expired','unreachable','held')")
AT_ONCE = 500


def upgrade() -> None:
    op.create_table(
        "order_word",
        sa.Column("order_id", IDENTIFIER, autoincrement=False, nullable=False),
        sa.Column("word", BYTEWISE, nullable=False),
        sa.ForeignKeyConstraint(["order_id"], ["orders.id"], name=op.f("fk_order_word_order_id")),
        sa.PrimaryKeyConstraint("order_id", "word", name=op.f("pk_order_word")),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "car_word",
        sa.Column("vehicle_id", IDENTIFIER, autoincrement=False, nullable=False),
        sa.Column("word", BYTEWISE, nullable=False),
        sa.ForeignKeyConstraint(["vehicle_id"], ["vehicle.id"], name=op.f("fk_car_word_vehicle_id")),
        sa.PrimaryKeyConstraint("vehicle_id", "word", name=op.f("pk_car_word")),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "saved_view",
        sa.Column("id", IDENTIFIER, nullable=False),
        sa.Column("name", sa.String(length=60), nullable=False),
        sa.Column("owner_id", IDENTIFIER, nullable=False),
        sa.Column("shared", sa.Boolean(), nullable=False),
        sa.Column("wanted", JSON, nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("archived_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["owner_id"], ["person.id"], name=op.f("fk_saved_view_owner_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_saved_view")),
        sqlite_autoincrement=True,
    )
    op.create_index(op.f("ix_saved_view_owner_id_id"), "saved_view", ["owner_id", "id"])
    for columns in (["state", "id"], ["owner_id", "id"], ["created_at", "id"]):
        op.create_index(op.f(f"ix_orders_{'_'.join(columns)}"), "orders", columns)
    op.create_index(
        "ix_outbox_undelivered", "outbox", ["order_id"], sqlite_where=UNDELIVERED, postgresql_where=UNDELIVERED
    )
    _file_orders(op.get_bind())
    _file_cars(op.get_bind())
    # After the rows: an index that is built at once is smaller, and quicker than one that grows.
    op.create_index(op.f("ix_order_word_word_order_id"), "order_word", ["word", "order_id"])
    op.create_index(op.f("ix_car_word_word_vehicle_id"), "car_word", ["word", "vehicle_id"])


# The folding of now, not a copy of it: an index is right only if it is written as it is read. Whoever changes the
# folding adds a migration that calls these again.


def _file_orders(connection: sa.Connection) -> None:
    from common.order_index import category_word, words_in

    order, line, part = (_table(*names) for names in TABLES)
    word = sa.table("order_word", sa.column("order_id"), sa.column("word"))
    for ids in _bites(connection, order):
        found = {
            order_id: words_in(comment)
            for order_id, comment in connection.execute(
                sa.select(order.c.id, order.c.comment).where(order.c.id.in_(ids))
            )
        }
        lines = (
            sa.select(line.c.order_id, line.c.words, part.c.category_id)
            .select_from(line.outerjoin(part, part.c.id == line.c.part_id))
            .where(line.c.order_id.in_(ids))
        )
        for order_id, words, category_id in connection.execute(lines):
            found[order_id] |= words_in(*words.values())
            if category_id is not None:
                found[order_id].add(category_word(category_id))
        rows = [{"order_id": order_id, "word": one} for order_id, words in found.items() for one in sorted(words)]
        if rows:
            connection.execute(word.insert(), rows)


def _file_cars(connection: sa.Connection) -> None:
    from common.order_index import words_of_car

    car = sa.table("vehicle", sa.column("id"), sa.column("key"), sa.column("vin"))
    word = sa.table("car_word", sa.column("vehicle_id"), sa.column("word"))
    for ids in _bites(connection, car):
        cars = connection.execute(sa.select(car.c.id, car.c.key, car.c.vin).where(car.c.id.in_(ids)))
        rows = [{"vehicle_id": id_, "word": one} for id_, *keys in cars for one in sorted(words_of_car(*keys))]
        if rows:
            connection.execute(word.insert(), rows)


TABLES = (
    ("orders", "id", "comment"),
    ("order_line", "order_id", "part_id", "words"),
    ("part", "id", "category_id"),
)


def _table(name: str, *columns: str) -> sa.TableClause:
    return sa.table(name, *(sa.column(column, JSON if column == "words" else None) for column in columns))


def _bites(connection: sa.Connection, table: sa.TableClause) -> Iterator[list[int]]:
    last = 0
    while True:
        some = sa.select(table.c.id).where(table.c.id > last).order_by(table.c.id).limit(AT_ONCE)
        ids = list(connection.scalars(some))
        if not ids:
            return
        yield ids
        last = ids[-1]
