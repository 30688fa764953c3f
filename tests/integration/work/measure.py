"""Work, counted the same on every machine: statements, rows, steps of the database, calls of the interpreter."""

from __future__ import annotations

import sqlite3
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from sqlalchemy import event

from common.database.engine import Database

STEPS_AT_ONCE = 100  # instructions of SQLite's virtual machine between two looks


@dataclass
class Work:
    """What something cost, or may cost. `steps`: thousands of instructions of the database; `calls`: of functions."""

    statements: int = 0
    rows: int = 0
    steps: int = 0
    calls: int = 0

    def beyond(self, bound: Work) -> dict[str, int]:
        """What is more than the bound."""
        return {name: value for name, value in vars(self).items() if value > vars(bound)[name]}


class Meter:
    """Counts the work of this thread on one SQLite database."""

    def __init__(self, database: Database) -> None:
        self._work, self._ticks = Work(), 0
        event.listen(database.engine, "connect", self._watch)
        event.listen(database.engine, "before_cursor_execute", self._statement)
        database.engine.dispose()  # connections from before are not watched

    def _watch(self, connection: sqlite3.Connection, _record: object) -> None:
        connection.set_progress_handler(self._tick, STEPS_AT_ONCE)
        connection.row_factory = self._row

    def _tick(self) -> int:
        self._ticks += 1
        return 0

    def _row(self, _cursor: object, row: tuple[object, ...]) -> tuple[object, ...]:
        self._work.rows += 1
        return row

    def _statement(self, *_arguments: object) -> None:
        self._work.statements += 1

    def _call(self, _frame: object, kind: str, _argument: object) -> None:
        if kind == "call":
            self._work.calls += 1

    @contextmanager
    def measure(self) -> Iterator[Work]:
        """The work of the block, when it has ended."""
        self._work, self._ticks = Work(), 0
        sys.setprofile(self._call)
        try:
            yield self._work
        finally:
            sys.setprofile(None)
            self._work.steps = self._ticks * STEPS_AT_ONCE // 1000
            self._work = Work()
