"""Photos and voice notes in the chat: they go with the order being written, and with the order it becomes."""

from __future__ import annotations

from typing import Any

from sqlalchemy import select
from telegram import Update

from bot_daemon.chat import buttons
from common.database.engine import Database
from common.database.models import Media, Order
from common.media import attachments
from tests.bot_daemon.chat.driver import OFFLINE, Chat, look, run


def photo(file_id: str = "a") -> list[dict[str, Any]]:
    return [{"file_id": file_id, "file_unique_id": f"U{file_id}", "width": 9, "height": 9}]


def rows(database: Database) -> list[Media]:
    return look(database, lambda session: list(session.scalars(select(Media).order_by(Media.id))))


def test_a_photo_goes_with_the_order_being_written(dimas: Chat, database: Database) -> None:
    dimas.types("втулка")
    dimas.sends(photo=photo())
    (row,) = rows(database)

    assert (row.kind, row.file_id, row.draft_line, row.order_id) == ("photo", "a", 1, None)
    assert "Принято: к строке втулка" in dimas.last.text
    assert "втулка" in dimas.last.text


def test_what_was_sent_goes_with_the_order(dimas: Chat, database: Database) -> None:
    dimas.types("втулка")
    dimas.sends(photo=photo())
    dimas.sends(voice={"file_id": "v", "file_unique_id": "w", "duration": 7})
    dimas.types("12345678")
    dimas.presses(buttons.SEND)
    order = look(database, lambda session: session.scalars(select(Order)).one())

    assert [(row.kind, row.seconds, row.order_id) for row in rows(database)] == [
        ("photo", None, order.id),
        ("voice", 7, order.id),
    ]


def test_an_update_that_comes_again_is_the_same_photo(dimas: Chat, database: Database) -> None:
    dimas.types("втулка")
    update = Update.de_json({"update_id": 5, "message": {**dimas.written("")["message"], "photo": photo()}}, OFFLINE)
    run(database, update)
    run(database, update)

    assert len(rows(database)) == 1


def test_one_more_than_an_order_holds_is_told(dimas: Chat, database: Database) -> None:
    dimas.deliver_at_once = False
    dimas.types("втулка")
    for number in range(attachments.MAX_FILES + 1):
        dimas.sends(photo=photo(f"f{number}"), media_group_id="7")
    dimas.deliver()

    assert len(rows(database)) == attachments.MAX_FILES
    assert "20" in dimas.last.text
