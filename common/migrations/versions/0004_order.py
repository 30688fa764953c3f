"""The order's page: notes of the desk"""

import sqlalchemy as sa
from alembic import op

revision = "0004_order"
down_revision = "0003_people"

IDENTIFIER = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    op.create_table(
        "desk_note",
        sa.Column("id", IDENTIFIER, nullable=False),
        sa.Column("order_id", IDENTIFIER, nullable=False),
        sa.Column("author_id", IDENTIFIER, nullable=False),
        sa.Column("key", sa.String(length=64), nullable=False),
        sa.Column("text", sa.String(length=2000), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("struck_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["author_id"], ["person.id"], name=op.f("fk_desk_note_author_id")),
        sa.ForeignKeyConstraint(["order_id"], ["orders.id"], name=op.f("fk_desk_note_order_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_desk_note")),
        sa.UniqueConstraint("key", name=op.f("uq_desk_note_key")),
        sqlite_autoincrement=True,
    )
    op.create_index(op.f("ix_desk_note_order_id_id"), "desk_note", ["order_id", "id"], unique=False)
