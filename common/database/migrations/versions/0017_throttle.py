"""The throttle: counts by name, network and browser, and the browsers that are known

The table `login_attempt` stays, because the program before this one still writes it.
"""

import sqlalchemy as sa
from alembic import op

revision = "0017_throttle"
down_revision = "0016_lanes"

IDENTIFIER = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    op.create_table(
        "throttle_count",
        sa.Column("id", IDENTIFIER, nullable=False),
        sa.Column("key", sa.String(length=64), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("empty_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_throttle_count")),
        sa.UniqueConstraint("key", name=op.f("uq_throttle_count_key")),
        sqlite_autoincrement=True,
    )
    op.create_index(op.f("ix_throttle_count_at"), "throttle_count", ["at"], unique=False)
    op.create_table(
        "known_browser",
        sa.Column("id", IDENTIFIER, nullable=False),
        sa.Column("person_id", IDENTIFIER, nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("seen_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("revoked_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("network", sa.String(length=64), nullable=False),
        sa.Column("hops", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_known_browser_person_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_known_browser")),
        sa.UniqueConstraint("person_id", "digest", name=op.f("uq_known_browser_person_id_digest")),
        sqlite_autoincrement=True,
    )
