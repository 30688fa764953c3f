"""Whether the schema still fits a process that runs: a newer program may have changed it meanwhile."""

from __future__ import annotations

import logging
import threading

from sqlalchemy.exc import SQLAlchemyError

from common.database import schema
from common.database.engine import Database
from common.errors import SchemaError

log = logging.getLogger(__name__)
LOOK_EVERY = 5.0  # seconds


class SchemaWatch:
    """Looks at the oldest program that the schema admits. What it refuses once, it refuses until the process ends."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._stop = threading.Event()
        self._refusal = ""

    def look(self) -> None:
        """Look once. A database that does not answer says nothing."""
        try:
            with self._database.read() as session:
                schema.check_floor(session)
        except SchemaError as error:
            if not self._refusal:
                log.critical("This program is too old and answers nobody any more: %s", error)
            self._refusal = str(error)
        except SQLAlchemyError as error:
            log.warning("The schema could not be looked at: %s", type(error).__name__)

    def check(self) -> None:
        """Raises: SchemaError when the last look found this program too old."""
        if self._refusal:
            raise SchemaError(self._refusal)

    def start(self) -> None:
        """Look now and then, in a thread of its own."""
        threading.Thread(target=self._run, name="schema-watch", daemon=True).start()

    def _run(self) -> None:
        while not self._stop.wait(LOOK_EVERY):
            self.look()

    def shutdown(self) -> None:
        self._stop.set()
