"""Updates that wait, by lane"""

import sqlalchemy as sa
from alembic import op

revision = "0016_lanes"
down_revision = "0015_media_of_person"


def upgrade() -> None:
    received = sa.text("state = 'received'")
    op.create_index("ix_inbox_lane", "inbox", ["lane", "seq"], sqlite_where=received, postgresql_where=received)
