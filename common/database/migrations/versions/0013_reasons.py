"""Reasons of messages and files: a code, its detail, and the event that made a message untrue

The column `reason` held all three. It stays for the detail, because the program before this one still writes it.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0013_reasons"
down_revision = "0012_order_index"

UNREACHABLE = ("blocked", "deactivated", "not_started", "kicked", "not_found", "no_rights")
OVERTAKEN = "overtaken by event "

# The texts of older programs, and their codes. The text after a beginning is the detail.
WHOLE_OF_OUTBOX = {
    "the sender died in mid-send": "sender_died",
    "nothing to say": "nothing_to_say",
    "expired": "expired",
    "the notice is gone": "notice_gone",
    "the chat was left": "chat_left",
    "undone": "undone",
    "confirmed by a person": "confirmed",
    **{code: code for code in UNREACHABLE},
}
STARTS_OF_OUTBOX = {
    "network: ": "network",
    "Telegram asks for a pause of ": "rate_limited",
    "cannot be rendered: ": "not_rendered",
}
WHOLE_OF_MEDIA = {
    "Telegram asks for a pause": "rate_limited",
    "Telegram does not find the file at the moment": "not_at_hand",
    "Telegram refuses the file": "refused",
    "an answer without a path": "no_path",
    "too_large": "too_large",
    "wrong_type": "wrong_type",
    "damaged": "damaged",
    "too_many_pixels": "too_many_pixels",
    "empty": "empty",
    "gone": "gone",
    "local_path": "local_path",
    "unavailable": "unavailable",
}
STARTS_OF_MEDIA = {
    "network: ": "network",
    "HTTP ": "http_status",
    "no thumbnail: ": "no_thumbnail",
    "MEDIA_DIR: ": "not_stored",
}


def upgrade() -> None:
    for table in ("outbox", "media"):
        op.add_column(table, sa.Column("reason_code", sa.String(length=24), nullable=True))
    op.add_column("outbox", sa.Column("superseded_by", sa.BigInteger(), nullable=True))
    referred = sa.text("superseded_by IS NOT NULL")
    op.create_index(
        "ix_outbox_superseded_by", "outbox", ["superseded_by"], sqlite_where=referred, postgresql_where=referred
    )
    _translate_outbox()
    _translate_media()


OUTBOX, MEDIA = (
    sa.table(name, sa.column("state"), sa.column("reason"), sa.column("reason_code"), sa.column("superseded_by"))
    for name in ("outbox", "media")
)


def _translate_outbox() -> None:
    failed = OUTBOX.c.state == "failed"  # the text is then always Telegram's own
    _translate(OUTBOX, WHOLE_OF_OUTBOX, STARTS_OF_OUTBOX, OUTBOX.c.state != "failed")
    _translate(OUTBOX, {}, {"the photo is not there: ": "photo_missing"}, failed)
    event_id = sa.cast(sa.func.substr(OUTBOX.c.reason, len(OVERTAKEN) + 1), sa.BigInteger)
    overtaken = {"superseded_by": event_id, "reason_code": "overtaken", "reason": ""}
    op.execute(sa.update(OUTBOX).where(OUTBOX.c.state == "superseded", _begins(OUTBOX, OVERTAKEN)).values(overtaken))
    _name_the_rest(OUTBOX, "refused", failed)
    _name_the_rest(OUTBOX, "other", sa.true())


def _translate_media() -> None:
    _translate(MEDIA, WHOLE_OF_MEDIA, STARTS_OF_MEDIA, sa.true())
    _name_the_rest(MEDIA, "incomplete", MEDIA.c.reason.like("% bytes of %"))
    _name_the_rest(MEDIA, "other", sa.true())


def _translate(
    table: sa.TableClause, whole: dict[str, str], starts: dict[str, str], where: sa.ColumnElement[bool]
) -> None:
    for sentence, code in whole.items():
        op.execute(sa.update(table).where(where, table.c.reason == sentence).values(reason_code=code, reason=""))
    for start, code in starts.items():
        detail = sa.func.substr(table.c.reason, len(start) + 1)
        op.execute(sa.update(table).where(where, _begins(table, start)).values(reason_code=code, reason=detail))


def _begins(table: sa.TableClause, start: str) -> sa.ColumnElement[bool]:
    return sa.func.substr(table.c.reason, 1, len(start)) == start


def _name_the_rest(table: sa.TableClause, code: str, where: sa.ColumnElement[bool]) -> None:
    """Give the remaining rows this code; their text stays as its detail."""
    op.execute(
        sa.update(table).where(where, table.c.reason_code.is_(None), table.c.reason != "").values(reason_code=code)
    )
