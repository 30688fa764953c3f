"""Finding orders: words of orders, numbers of cars, saved views, and indexes that end in the order's number"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0005_finding"
down_revision = "0004_order"

IDENTIFIER = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
JSON = sa.JSON().with_variant(postgresql.JSONB(), "postgresql")
BYTEWISE = sa.String(length=40).with_variant(sa.String(length=40, collation="C"), "postgresql")
UNDELIVERED = sa.text("state IN ('failed','dead','expired','unreachable','held')")


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
    op.create_index(op.f("ix_order_word_word_order_id"), "order_word", ["word", "order_id"])
    op.create_index(op.f("ix_car_word_word_vehicle_id"), "car_word", ["word", "vehicle_id"])
