"""A line is counted in a unit, and has a remark; quantities go up to 9,999, because half a litre is 500 millilitres"""

import sqlalchemy as sa
from alembic import op

revision = "0021_unit_and_remark"
down_revision = "0020_part_details"

CHECK = "ck_order_line_quantity"
COLUMNS = (
    sa.Column("unit", sa.String(8), server_default=sa.text("'pcs'"), nullable=False),
    sa.Column("remark", sa.String(300), server_default=sa.text("''"), nullable=False),
)


def upgrade() -> None:
    # SQLite changes a CHECK only by making the table anew.
    with op.batch_alter_table("order_line", table_kwargs={"sqlite_autoincrement": True}) as lines:
        for column in COLUMNS:
            lines.add_column(column)
        lines.drop_constraint(op.f(CHECK), type_="check")
        lines.create_check_constraint(op.f(CHECK), "quantity BETWEEN 1 AND 9999")
