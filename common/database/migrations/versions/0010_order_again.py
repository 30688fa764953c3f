"""Repeats later additions to 0004 for databases that ran it before: quick replies, suppliers, return reasons"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0010_order_again"
down_revision = "0009_partly_ready"

IDENTIFIER = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
JSON = sa.JSON().with_variant(postgresql.JSONB(), "postgresql")
LINE = {"supplier": 120, "reason": 300}


def upgrade() -> None:
    present = sa.inspect(op.get_bind())
    if not present.has_table("quick_reply"):
        _add_quick_replies()
    for name in LINE.keys() - {column["name"] for column in present.get_columns("order_line")}:
        column = sa.Column(name, sa.String(length=LINE[name]), server_default=sa.text("''"), nullable=False)
        op.add_column("order_line", column)
    if "ix_order_line_expected" not in {index["name"] for index in present.get_indexes("order_line")}:
        ordered = sa.text("state = 'ordered'")
        op.create_index(
            "ix_order_line_expected", "order_line", ["expected_on"], sqlite_where=ordered, postgresql_where=ordered
        )


def _add_quick_replies() -> None:
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
