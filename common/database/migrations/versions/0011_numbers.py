"""SQLite does not reuse ids of deleted rows: restores AUTOINCREMENT, which earlier revisions lost"""

from alembic import op

revision = "0011_numbers"
down_revision = "0010_order_again"

TABLES = ("category", "invitation", "order_line", "orders", "part", "person")


def upgrade() -> None:
    if op.get_bind().dialect.name != "sqlite":
        return
    for table in TABLES:
        with op.batch_alter_table(table, recreate="always", table_kwargs={"sqlite_autoincrement": True}):
            pass
