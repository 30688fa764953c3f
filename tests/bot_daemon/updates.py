"""Updates as Telegram words them."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

from common.database.engine import Database
from common.database.models import InboxRow
from common.messaging import inbox

DIMA, NOA = 1001, 1002

Body = dict[str, Any]


def user(person: int) -> Body:
    return {"id": person, "is_bot": False, "first_name": f"P{person}", "language_code": "en"}


def chat(person: int, kind: str = "private") -> Body:
    return {"id": person, "type": kind, "first_name": f"P{person}"}


def message(update_id: int, text: str, person: int = DIMA, **more: Any) -> Body:
    return {
        "update_id": update_id,
        "message": {
            "message_id": update_id,
            "date": 1,
            "chat": chat(person),
            "from": user(person),
            "text": text,
            **more,
        },
    }


def press(update_id: int, data: str, person: int = DIMA) -> Body:
    shown = {"message_id": 5, "date": 1, "chat": chat(person), "text": "…"}
    query = {"id": f"q{update_id}", "from": user(person), "chat_instance": "1", "data": data, "message": shown}
    return {"update_id": update_id, "callback_query": query}


def came_in(database: Database, *updates: Body | bytes, bot_id: int = 7) -> None:
    """Record them, as the webhook does."""
    bodies = [update if isinstance(update, bytes) else json.dumps(update).encode() for update in updates]
    with database.write() as session:
        inbox.record(session, bot_id, [inbox.read_envelope(body) for body in bodies])


def inbox_row(database: Database, update_id: int) -> InboxRow:
    with database.read() as session:
        return session.query(InboxRow).filter_by(update_id=update_id).one()


def inbox_states(database: Database) -> dict[int | None, str]:
    with database.read() as session:
        return {row.update_id: row.state.value for row in session.query(InboxRow).order_by(InboxRow.seq)}


def none_received(database: Database) -> Callable[[], bool]:
    """A condition: everything has come to an end."""
    return lambda: "received" not in inbox_states(database).values()
