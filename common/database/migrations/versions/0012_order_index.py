"""The progress of the order index, and the version of its folding"""

import sqlalchemy as sa
from alembic import op

revision = "0012_order_index"
down_revision = "0011_numbers"

IDENTIFIER = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    op.create_table(
        "order_index",
        sa.Column("id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("last_order", IDENTIFIER, nullable=False),
        sa.Column("last_car", IDENTIFIER, nullable=False),
        sa.Column("finished", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_order_index")),
    )
