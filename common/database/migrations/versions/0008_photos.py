"""Photos sent by staff, which have no Telegram message"""

import sqlalchemy as sa
from alembic import op

revision = "0008_photos"
down_revision = "0007_api"


def upgrade() -> None:
    with op.batch_alter_table("media", schema=None, table_kwargs={"sqlite_autoincrement": True}) as batch_op:
        batch_op.alter_column("chat_id", existing_type=sa.BigInteger(), nullable=True)
        batch_op.alter_column("message_id", existing_type=sa.BigInteger(), nullable=True)
