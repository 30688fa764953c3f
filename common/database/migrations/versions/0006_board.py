"""The desk's board: undoable moves, visits to order pages, single-key shortcuts that can be switched off"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0006_board"
down_revision = "0005_finding"

IDENTIFIER = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
JSON = sa.JSON().with_variant(postgresql.JSONB(), "postgresql")


def upgrade() -> None:
    op.create_table(
        "last_move",
        sa.Column("order_id", IDENTIFIER, autoincrement=False, nullable=False),
        sa.Column("person_id", IDENTIFIER, nullable=False),
        sa.Column("event_id", IDENTIFIER, nullable=False),
        sa.Column("move", sa.String(length=24), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("until", sa.DateTime(timezone=True), nullable=False),
        sa.Column("was", JSON, nullable=False),
        sa.ForeignKeyConstraint(["event_id"], ["event.id"], name=op.f("fk_last_move_event_id")),
        sa.ForeignKeyConstraint(["order_id"], ["orders.id"], name=op.f("fk_last_move_order_id")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_last_move_person_id")),
        sa.PrimaryKeyConstraint("order_id", name=op.f("pk_last_move")),
    )
    with op.batch_alter_table("last_move", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_last_move_person_id_until"), ["person_id", "until"], unique=False)
    op.create_table(
        "look",
        sa.Column("order_id", IDENTIFIER, autoincrement=False, nullable=False),
        sa.Column("person_id", IDENTIFIER, autoincrement=False, nullable=False),
        sa.Column("seen_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("open_until", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["order_id"], ["orders.id"], name=op.f("fk_look_order_id")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_look_person_id")),
        sa.PrimaryKeyConstraint("order_id", "person_id", name=op.f("pk_look")),
    )
    with op.batch_alter_table("look", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_look_seen_at"), ["seen_at"], unique=False)

    with op.batch_alter_table("person", schema=None) as batch_op:
        batch_op.add_column(sa.Column("single_keys", sa.Boolean(), server_default=sa.text("true"), nullable=False))
