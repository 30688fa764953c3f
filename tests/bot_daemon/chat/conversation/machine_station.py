"""A station for thousands of sequences: one file, a phone that remembers every button, the cast and the catalogue."""

from __future__ import annotations

import shutil
from pathlib import Path

from sqlalchemy import exists, select

from bot_daemon.outbound.stamping import Outgoing
from common.database.engine import Database
from common.database.models import (
    OutboxRow,
    OutboxState,
)
from tests.bot_daemon.chat.driver import Chat, look
from tests.bot_daemon.chat.limits import check_sent
from tests.support.cast import DIMA, NOA, RINA, hire


class Phone(Chat):
    """A chat that refuses what Telegram would, and remembers every button it ever showed."""

    shown: list[tuple[str, int]]

    def deliver(self) -> None:
        pending = select(exists().where(OutboxRow.state == OutboxState.PENDING))
        while look(self.database, lambda session: session.scalar(pending)):
            self.deliver_once()

    def _shown(self, outgoing: Outgoing) -> int | None:
        if outgoing.method != "deleteMessage":
            check_sent(outgoing.parameters)
        message_id = super()._shown(outgoing)
        if outgoing.method != "deleteMessage" and message_id is not None and outgoing.chat_id == self.user_id:
            rows = outgoing.parameters.get("reply_markup", {}).get("inline_keyboard", [])
            self.shown += [(b["callback_data"], message_id) for row in rows for b in row]
        return message_id


class Station:
    """One file for all sequences, as new before each; two programs that open it in turn.

    Both live on, because what costs most is that an engine learns its statements anew.
    """

    def __init__(self, template: Path, path: Path) -> None:
        self.template, self.path = template, path
        self.now, self._other = (Database(f"sqlite:///{path}", synchronous="OFF") for _ in range(2))

    def other(self) -> Database:
        self.now.dispose()
        self.now, self._other = self._other, self.now
        return self.now

    def reopen(self) -> None:
        self.dispose()
        for rest in self.path.parent.glob(f"{self.path.name}-*"):
            rest.unlink()
        shutil.copyfile(self.template, self.path)

    def dispose(self) -> None:
        self.now.dispose()
        self._other.dispose()


def stocked_station(template: Path, directory: Path) -> Path:
    """A file with the catalogue, to which the cast is added; closed."""
    path = directory / "with-cast.sqlite3"
    shutil.copyfile(template, path)
    database = Database(f"sqlite:///{path}")
    for member in (DIMA, NOA, RINA):
        hire(database, member)
    with database.engine.connect() as connection:
        connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
    database.dispose()
    return path
