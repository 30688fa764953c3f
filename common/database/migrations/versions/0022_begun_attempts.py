"""How many attempts at a message began and have no end"""

import sqlalchemy as sa
from alembic import op

revision = "0022_begun_attempts"
down_revision = "0021_unit_and_remark"


def upgrade() -> None:
    op.add_column("outbox", sa.Column("begun", sa.Integer(), server_default=sa.text("0"), nullable=False))
