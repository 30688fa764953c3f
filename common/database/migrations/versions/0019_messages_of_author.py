"""The messages that a person wrote and the files of their chat, found along an index"""

from alembic import op

revision = "0019_messages_of_author"
down_revision = "0018_sign_in"


def upgrade() -> None:
    op.create_index("ix_chat_message_author_id", "chat_message", ["author_id"])
    op.create_index("ix_media_chat_id", "media", ["chat_id"])
