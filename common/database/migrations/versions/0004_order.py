"""The order's page: the desk's notes, quick replies, a line's supplier and the reason of its return"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0004_order"
down_revision = "0003_people"

IDENTIFIER = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
JSON = sa.JSON().with_variant(postgresql.JSONB(), "postgresql")


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
    op.add_column(
        "order_line", sa.Column("supplier", sa.String(length=120), server_default=sa.text("''"), nullable=False)
    )
    op.add_column(
        "order_line", sa.Column("reason", sa.String(length=300), server_default=sa.text("''"), nullable=False)
    )
    op.create_index(
        "ix_order_line_expected",
        "order_line",
        ["expected_on"],
        sqlite_where=sa.text("state = 'ordered'"),
        postgresql_where=sa.text("state = 'ordered'"),
    )
    op.create_table(
        "quick_reply",
        sa.Column("id", IDENTIFIER, nullable=False),
        sa.Column("shortcut", sa.String(length=24), nullable=False),
        sa.Column("texts", JSON, nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("archived_at", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_quick_reply")),
        sa.UniqueConstraint("shortcut", name=op.f("uq_quick_reply_shortcut")),
        sqlite_autoincrement=True,
    )
    op.create_index(op.f("ix_desk_note_order_id_id"), "desk_note", ["order_id", "id"], unique=False)
