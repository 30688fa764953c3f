"""When a person was erased, and when an order's words were forgotten"""

import sqlalchemy as sa
from alembic import op

revision = "0014_personal_data"
down_revision = "0013_reasons"


def upgrade() -> None:
    op.add_column("person", sa.Column("erasing_since", sa.DateTime(timezone=True), nullable=True))
    op.add_column("person", sa.Column("erased_at", sa.DateTime(timezone=True), nullable=True))
    op.add_column("orders", sa.Column("forgotten_at", sa.DateTime(timezone=True), nullable=True))
    kept = sa.text("forgotten_at IS NULL")
    op.create_index(
        "ix_orders_with_words", "orders", ["state", "state_since"], sqlite_where=kept, postgresql_where=kept
    )
