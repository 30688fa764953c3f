"""A part's unit, its positions and attributes, and its short names for buttons"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0020_part_details"
down_revision = "0019_messages_of_author"


JSON = sa.JSON().with_variant(postgresql.JSONB(), "postgresql")


def upgrade() -> None:
    for name, default in (("positions", "[]"), ("attributes", "[]"), ("button_names", "{}")):
        op.add_column("part", sa.Column(name, JSON, server_default=sa.text(f"'{default}'"), nullable=False))
    op.add_column("part", sa.Column("unit", sa.String(length=8), server_default=sa.text("'pcs'"), nullable=False))
