"""Sign-ins; the chat of a link and of the session that it opened; the browser that asked for a link to Telegram"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0018_sign_in"
down_revision = "0017_throttle"

IDENTIFIER = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    op.create_table(
        "sign_in",
        sa.Column("id", IDENTIFIER, nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("person_id", IDENTIFIER, nullable=True),
        sa.Column("kind", sa.String(length=24), nullable=False),
        sa.Column("is_new", sa.Boolean(), nullable=False),
        sa.Column("browser", sa.String(length=200), nullable=False),
        sa.Column("network", sa.String(length=64), nullable=False),
        sa.Column("count", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_sign_in_person_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sign_in")),
        sqlite_autoincrement=True,
    )
    op.create_index(op.f("ix_sign_in_person_id_id"), "sign_in", ["person_id", "id"], unique=False)
    op.create_index(op.f("ix_sign_in_kind_network"), "sign_in", ["kind", "network"], unique=False)
    op.add_column("staff_session", sa.Column("chat_id", sa.BigInteger(), nullable=True))
    op.add_column("login_link", sa.Column("chat_id", sa.BigInteger(), nullable=True))
    op.add_column(
        "invitation", sa.Column("browser", sa.String(length=200), server_default=sa.text("''"), nullable=False)
    )
    op.add_column("person", sa.Column("has_access_news", sa.Boolean(), server_default=sa.text("false"), nullable=False))
