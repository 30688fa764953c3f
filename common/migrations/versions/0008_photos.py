"""Photos that staff send came in no Telegram message; the lines of a part are looked for by it"""

import sqlalchemy as sa
from alembic import op

revision = "0008_photos"
down_revision = "0007_api"


def upgrade() -> None:
    with op.batch_alter_table("media", schema=None, table_kwargs={"sqlite_autoincrement": True}) as batch_op:
        batch_op.alter_column("chat_id", existing_type=sa.BigInteger(), nullable=True)
        batch_op.alter_column("message_id", existing_type=sa.BigInteger(), nullable=True)
    with op.batch_alter_table("order_line", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_order_line_part_id"), ["part_id"], unique=False)
