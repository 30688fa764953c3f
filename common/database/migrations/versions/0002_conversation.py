"""The mechanic's side: questions, requests, the order's chat, media, favourites, muted notices, joining"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0002_conversation"
down_revision = "0001_first"

IDENTIFIER = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
JSON = sa.JSON().with_variant(postgresql.JSONB(), "postgresql")


def upgrade() -> None:
    op.create_table(
        "media_content",
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("type", sa.String(length=64), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("body", sa.LargeBinary(), nullable=True),
        sa.Column("thumbnail", sa.LargeBinary(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("digest", name=op.f("pk_media_content")),
    )
    op.create_table(
        "join_request",
        sa.Column("id", IDENTIFIER, nullable=False),
        sa.Column("telegram_id", sa.BigInteger(), nullable=False),
        sa.Column("name", sa.String(length=80), nullable=False),
        sa.Column("language", sa.String(length=8), nullable=False),
        sa.Column("state", sa.String(length=24), nullable=False),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("decided_by", IDENTIFIER, nullable=True),
        sa.ForeignKeyConstraint(["decided_by"], ["person.id"], name=op.f("fk_join_request_decided_by")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_join_request")),
        sa.UniqueConstraint("telegram_id", name=op.f("uq_join_request_telegram_id")),
        sqlite_autoincrement=True,
    )
    with op.batch_alter_table("join_request", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_join_request_state_id"), ["state", "id"], unique=False)

    op.create_table(
        "change_request",
        sa.Column("id", IDENTIFIER, nullable=False),
        sa.Column("order_id", IDENTIFIER, nullable=False),
        sa.Column("person_id", IDENTIFIER, nullable=False),
        sa.Column("kind", sa.String(length=24), nullable=False),
        sa.Column("arguments", JSON, nullable=False),
        sa.Column("state", sa.String(length=24), nullable=False),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("decided_by", IDENTIFIER, nullable=True),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["decided_by"], ["person.id"], name=op.f("fk_change_request_decided_by")),
        sa.ForeignKeyConstraint(["order_id"], ["orders.id"], name=op.f("fk_change_request_order_id")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_change_request_person_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_change_request")),
        sqlite_autoincrement=True,
    )
    with op.batch_alter_table("change_request", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_change_request_order_id_id"), ["order_id", "id"], unique=False)

    op.create_table(
        "chat_message",
        sa.Column("id", IDENTIFIER, nullable=False),
        sa.Column("order_id", IDENTIFIER, nullable=True),
        sa.Column("author_id", IDENTIFIER, nullable=False),
        sa.Column("text", sa.String(length=4096), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("edited_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("chat_id", sa.BigInteger(), nullable=True),
        sa.Column("message_id", sa.BigInteger(), nullable=True),
        sa.Column("outbox_id", IDENTIFIER, nullable=True),
        sa.ForeignKeyConstraint(["author_id"], ["person.id"], name=op.f("fk_chat_message_author_id")),
        sa.ForeignKeyConstraint(["order_id"], ["orders.id"], name=op.f("fk_chat_message_order_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_chat_message")),
        sqlite_autoincrement=True,
    )
    with op.batch_alter_table("chat_message", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_chat_message_chat_id_message_id"), ["chat_id", "message_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_chat_message_order_id_id"), ["order_id", "id"], unique=False)

    op.create_table(
        "favourite",
        sa.Column("person_id", IDENTIFIER, autoincrement=False, nullable=False),
        sa.Column("part_id", IDENTIFIER, autoincrement=False, nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["part_id"], ["part.id"], name=op.f("fk_favourite_part_id")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_favourite_person_id")),
        sa.PrimaryKeyConstraint("person_id", "part_id", name=op.f("pk_favourite")),
    )
    op.create_table(
        "question",
        sa.Column("id", IDENTIFIER, nullable=False),
        sa.Column("order_id", IDENTIFIER, nullable=False),
        sa.Column("line_id", IDENTIFIER, nullable=True),
        sa.Column("kind", sa.String(length=24), nullable=False),
        sa.Column("text", sa.String(length=1000), nullable=False),
        sa.Column("asked_by", IDENTIFIER, nullable=True),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("answer", sa.String(length=1000), nullable=False),
        sa.Column("answered_by", IDENTIFIER, nullable=True),
        sa.Column("answered_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["answered_by"], ["person.id"], name=op.f("fk_question_answered_by")),
        sa.ForeignKeyConstraint(["asked_by"], ["person.id"], name=op.f("fk_question_asked_by")),
        sa.ForeignKeyConstraint(["line_id"], ["order_line.id"], name=op.f("fk_question_line_id")),
        sa.ForeignKeyConstraint(["order_id"], ["orders.id"], name=op.f("fk_question_order_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_question")),
        sqlite_autoincrement=True,
    )
    with op.batch_alter_table("question", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_question_order_id_id"), ["order_id", "id"], unique=False)

    with op.batch_alter_table("bot", schema=None) as batch_op:
        batch_op.add_column(sa.Column("desk_url", sa.String(length=200), server_default=sa.text("''"), nullable=False))

    with op.batch_alter_table("invitation", schema=None) as batch_op:
        batch_op.add_column(sa.Column("way", sa.String(length=24), server_default=sa.text("'chat'"), nullable=False))
        batch_op.add_column(sa.Column("person_id", IDENTIFIER, nullable=True))
        batch_op.create_foreign_key(batch_op.f("fk_invitation_person_id"), "person", ["person_id"], ["id"])

    op.drop_table("media")  # nothing wrote to it before this revision
    op.create_table(
        "media",
        sa.Column("id", IDENTIFIER, nullable=False),
        sa.Column("draft_key", sa.String(length=24), nullable=True),
        sa.Column("draft_line", sa.Integer(), nullable=True),
        sa.Column("order_id", IDENTIFIER, nullable=True),
        sa.Column("line_id", IDENTIFIER, nullable=True),
        sa.Column("chat_message_id", IDENTIFIER, nullable=True),
        sa.Column("person_id", IDENTIFIER, nullable=True),
        sa.Column("chat_id", sa.BigInteger(), nullable=False),
        sa.Column("message_id", sa.BigInteger(), nullable=False),
        sa.Column("group_id", sa.String(length=64), nullable=False),
        sa.Column("file_id", sa.String(length=255), nullable=False),
        sa.Column("file_unique_id", sa.String(length=64), nullable=False),
        sa.Column("kind", sa.String(length=16), nullable=False),
        sa.Column("caption", sa.String(length=1024), nullable=False),
        sa.Column("seconds", sa.Integer(), nullable=True),
        sa.Column("state", sa.String(length=24), nullable=False),
        sa.Column("reason", sa.String(length=120), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=True),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["chat_message_id"], ["chat_message.id"], name=op.f("fk_media_chat_message_id")),
        sa.ForeignKeyConstraint(["line_id"], ["order_line.id"], name=op.f("fk_media_line_id")),
        sa.ForeignKeyConstraint(["order_id"], ["orders.id"], name=op.f("fk_media_order_id")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_media_person_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_media")),
        sa.UniqueConstraint("chat_id", "message_id", name=op.f("uq_media_chat_id_message_id")),
        sqlite_autoincrement=True,
    )
    with op.batch_alter_table("media", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_media_order_id"), ["order_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_media_digest"), ["digest"], unique=False)
        batch_op.create_index(batch_op.f("ix_media_draft_key"), ["draft_key"], unique=False)
        batch_op.create_index(
            "ix_media_wanted",
            ["due_at", "id"],
            unique=False,
            sqlite_where=sa.text("state = 'wanted'"),
            postgresql_where=sa.text("state = 'wanted'"),
        )

    with op.batch_alter_table("order_line", schema=None) as batch_op:
        batch_op.add_column(
            sa.Column("substitute", sa.String(length=200), server_default=sa.text("''"), nullable=False)
        )

    with op.batch_alter_table("orders", schema=None) as batch_op:
        batch_op.add_column(sa.Column("additives", sa.String(length=24), server_default=sa.text("''"), nullable=False))
        batch_op.add_column(sa.Column("pickup_code", sa.String(length=3), server_default=sa.text("''"), nullable=False))
        batch_op.add_column(sa.Column("issued_to", sa.String(length=80), server_default=sa.text("''"), nullable=False))

    with op.batch_alter_table("outbox", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_outbox_chat_id_message_id"), ["chat_id", "message_id"], unique=False)

    with op.batch_alter_table("person", schema=None) as batch_op:
        batch_op.add_column(sa.Column("muted", JSON, server_default=sa.text("'[]'"), nullable=False))
        batch_op.add_column(sa.Column("quiet_from", sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column("quiet_until", sa.Integer(), nullable=True))

    with op.batch_alter_table("vehicle", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_vehicle_vin"), ["vin"], unique=False)

    for table in ("category", "part"):
        with op.batch_alter_table(table, schema=None) as batch_op:
            batch_op.add_column(sa.Column("stamp", sa.Integer(), server_default=sa.text("0"), nullable=False))
