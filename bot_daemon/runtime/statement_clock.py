"""How long the database thread waits for the database: stamped at the driver, around each statement.

So the watchdog can tell a database that does not answer from our own code that computes without end.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable

from sqlalchemy import Engine, event
from sqlalchemy.engine.interfaces import DBAPIConnection


class StatementClock:
    """Of one engine and one thread. Statements of other threads do not count."""

    def __init__(self, engine: Engine) -> None:
        self._thread: int | None = None
        self._spent = 0.0
        self._began: float | None = None
        for begins in ("before_cursor_execute", "commit", "rollback", "do_connect"):
            event.listen(engine, begins, self._begin)
        for ends in ("after_cursor_execute", "handle_error"):
            event.listen(engine, ends, self._end)
        event.listen(engine.pool, "reset", self._begin)  # the rollback of a connection that is given back
        for ends in ("checkout", "checkin"):
            event.listen(engine.pool, ends, self._end)
        vars(engine.dialect)["do_ping"] = self._timed(engine.dialect.do_ping)  # there is no event for it

    def restart(self) -> None:
        """A new piece of work begins, in the calling thread."""
        self._thread, self._began, self._spent = threading.get_ident(), None, 0.0

    @property
    def seconds(self) -> float:
        """What the present piece of work has waited for the database, with the statement that runs now."""
        began = self._began
        return self._spent + (time.monotonic() - began if began is not None else 0.0)

    def _begin(self, *_event: object, **_more: object) -> None:
        if self._began is None and threading.get_ident() == self._thread:
            self._began = time.monotonic()

    def _end(self, *_event: object, **_more: object) -> None:
        if self._began is not None and threading.get_ident() == self._thread:
            self._spent += time.monotonic() - self._began
            self._began = None

    def _timed(self, ping: Callable[[DBAPIConnection], bool]) -> Callable[[DBAPIConnection], bool]:
        def timed(connection: DBAPIConnection) -> bool:
            self._begin()
            try:
                return ping(connection)
            finally:
                self._end()

        return timed
