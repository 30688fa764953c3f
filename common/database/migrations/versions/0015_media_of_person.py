"""An index to count the media of a person"""

from alembic import op

revision = "0015_media_of_person"
down_revision = "0014_personal_data"


def upgrade() -> None:
    op.create_index(op.f("ix_media_person_id"), "media", ["person_id"])
