"""The notice that some parts have arrived is optional: it starts switched off for every person"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0009_partly_ready"
down_revision = "0008_photos"

JSON = sa.JSON().with_variant(postgresql.JSONB(), "postgresql")


def upgrade() -> None:
    person = sa.table("person", sa.column("id", sa.BigInteger), sa.column("muted", JSON))
    for row in op.get_bind().execute(sa.select(person)).all():
        muted = sorted({*row.muted, "notice.partly_ready"})
        op.execute(sa.update(person).where(person.c.id == row.id).values(muted=muted))
