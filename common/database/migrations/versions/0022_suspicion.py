"""How likely it is that a message ends the process"""

import sqlalchemy as sa
from alembic import op

revision = "0022_suspicion"
down_revision = "0021_unit_and_remark"


def upgrade() -> None:
    op.add_column("outbox", sa.Column("suspicion", sa.Integer(), server_default=sa.text("0"), nullable=False))
