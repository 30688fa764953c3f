"""Every reason that an older program ever wrote gets its code, and loses none of its words."""

from __future__ import annotations

from typing import Any

from sqlalchemy import MetaData, Table, insert, select

from common.database import schema
from common.database.engine import Database
from common.database.models import MediaReason, ReasonCode
from tests.common.database.migrations.stations import arrive, fill

Read = tuple[str | None, str, int | None]
# state and reason, as they were; code, detail and event, as they are
MESSAGES: dict[tuple[str, str], Read] = {
    ("sent", ""): (None, "", None),
    ("sent", "confirmed by a person"): (ReasonCode.CONFIRMED, "", None),
    ("pending", "network: timed out"): (ReasonCode.NETWORK, "timed out", None),
    ("superseded", "network: HTTP 502"): (ReasonCode.NETWORK, "HTTP 502", None),
    ("held", "network: "): (ReasonCode.NETWORK, "", None),
    ("held", "the sender died in mid-send"): (ReasonCode.SENDER_DIED, "", None),
    ("pending", "Telegram asks for a pause of 3 s"): (ReasonCode.RATE_LIMITED, "3 s", None),
    ("superseded", "nothing to say"): (ReasonCode.NOTHING_TO_SAY, "", None),
    ("superseded", "the notice is gone"): (ReasonCode.NOTICE_GONE, "", None),
    ("superseded", "the chat was left"): (ReasonCode.CHAT_LEFT, "", None),
    ("superseded", "undone"): (ReasonCode.UNDONE, "", None),
    ("superseded", "overtaken by event 12"): (ReasonCode.OVERTAKEN, "", 12),
    ("superseded", "overtaken by event 9007199254740993"): (ReasonCode.OVERTAKEN, "", 9007199254740993),
    ("expired", "expired"): (ReasonCode.EXPIRED, "", None),
    ("dead", "cannot be rendered: KeyError"): (ReasonCode.NOT_RENDERED, "KeyError", None),
    ("unreachable", "blocked"): (ReasonCode.BLOCKED, "", None),
    ("unreachable", "deactivated"): (ReasonCode.DEACTIVATED, "", None),
    ("unreachable", "not_started"): (ReasonCode.NOT_STARTED, "", None),
    ("unreachable", "kicked"): (ReasonCode.KICKED, "", None),
    ("unreachable", "not_found"): (ReasonCode.NOT_FOUND, "", None),
    ("unreachable", "no_rights"): (ReasonCode.NO_RIGHTS, "", None),
    ("unreachable", "a word of its own"): (ReasonCode.OTHER, "a word of its own", None),
    ("failed", "Bad Request: message is too long"): (ReasonCode.REFUSED, "Bad Request: message is too long", None),
    ("failed", "expired"): (ReasonCode.REFUSED, "expired", None),
    ("failed", "network: or what Telegram calls it"): (ReasonCode.REFUSED, "network: or what Telegram calls it", None),
    ("failed", "the photo is not there: it is not kept any more"): (
        ReasonCode.PHOTO_MISSING,
        "it is not kept any more",
        None,
    ),
}
FILES: dict[tuple[str, str], Read] = {
    ("kept", ""): (None, "", None),
    ("refused", "too_large"): (MediaReason.TOO_LARGE, "", None),
    ("refused", "wrong_type"): (MediaReason.WRONG_TYPE, "", None),
    ("refused", "damaged"): (MediaReason.DAMAGED, "", None),
    ("refused", "too_many_pixels"): (MediaReason.TOO_MANY_PIXELS, "", None),
    ("refused", "empty"): (MediaReason.EMPTY, "", None),
    ("gone", "gone"): (MediaReason.GONE, "", None),
    ("gone", "local_path"): (MediaReason.LOCAL_PATH, "", None),
    ("gone", "unavailable"): (MediaReason.UNAVAILABLE, "", None),
    ("wanted", "Telegram asks for a pause"): (MediaReason.RATE_LIMITED, "", None),
    ("wanted", "Telegram does not find the file at the moment"): (MediaReason.NOT_AT_HAND, "", None),
    ("wanted", "Telegram refuses the file"): (MediaReason.REFUSED, "", None),
    ("wanted", "an answer without a path"): (MediaReason.NO_PATH, "", None),
    ("wanted", "network: ClientConnectorError"): (MediaReason.NETWORK, "ClientConnectorError", None),
    ("wanted", "HTTP 500"): (MediaReason.HTTP_STATUS, "500", None),
    ("wanted", "12 bytes of 34"): (MediaReason.INCOMPLETE, "12 bytes of 34", None),
    ("wanted", "no thumbnail: not within 10 s"): (MediaReason.NO_THUMBNAIL, "not within 10 s", None),
    ("wanted", "MEDIA_DIR: No space left on device"): (MediaReason.NOT_STORED, "No space left on device", None),
    ("wanted", "ServerDisconnectedError"): (MediaReason.OTHER, "ServerDisconnectedError", None),
}


def test_each_reason_of_a_message_becomes_a_code_a_detail_and_an_event(empty_database: Database) -> None:
    assert _translated(empty_database, "outbox", MESSAGES, key="key") == MESSAGES


def test_each_reason_of_a_file_becomes_a_code_and_a_detail(empty_database: Database) -> None:
    assert _translated(empty_database, "media", FILES, key="message_id") == FILES


def _translated(
    database: Database, name: str, cases: dict[tuple[str, str], Read], key: str
) -> dict[tuple[str, str], Read]:
    """What the migration makes of rows in these states with these reasons."""
    station = arrive("0009_partly_ready", database)
    schema.migrate(station, to="0012_order_index")
    fill(station)
    numbers = {10_000 + n: case for n, case in enumerate(cases)}
    with station.engine.begin() as connection:
        table = Table(name, MetaData(), autoload_with=connection)
        example: dict[str, Any] = dict(connection.execute(select(table).limit(1)).mappings().one())
        rows = [
            {
                **example,
                "id": number,
                key: number if key == "message_id" else str(number),
                "state": state,
                "reason": old,
            }
            for number, (state, old) in numbers.items()
        ]
        connection.execute(insert(table), rows)
    schema.migrate(station, to="0013_reasons")
    with station.engine.connect() as connection:
        table = Table(name, MetaData(), autoload_with=connection)
        found = connection.execute(select(table).where(table.c.id >= 10_000)).mappings()
        return {numbers[row["id"]]: (row["reason_code"], row["reason"], row.get("superseded_by")) for row in found}
