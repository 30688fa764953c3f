"""The quarantine keeps each update that cannot be processed, with its error. The sender gets one apology.

Nothing here gives the update to the library: parsing may be what ends the process.
"""

from __future__ import annotations

import logging
from collections.abc import Callable

from sqlalchemy.orm import Session

from bot_daemon.chat import steps
from bot_daemon.runtime import metrics
from bot_daemon.runtime.database_thread import DatabaseThread
from common.database.engine import is_transient, storable
from common.database.models import InboxRow
from common.logs import error_trace, mask
from common.messaging import attempts, inbox
from common.messaging.attempts import Attempt
from common.messaging.waiting import WaitingUpdate

log = logging.getLogger(__name__)


def told(error: Exception) -> str:
    """The traceback in a form that can be stored and shown: without what a person wrote."""
    return storable(mask(error_trace(error)))


class Quarantine:
    """Both methods raise only errors of the database."""

    def __init__(self, thread: DatabaseThread) -> None:
        self._thread = thread

    async def raised(self, row: WaitingUpdate, attempt: Attempt, trace: str) -> bool:
        """Count an attempt that raised. True: it was the last attempt."""
        log.error("Update %s (inbox row %d) raised", row.update_id, row.seq, extra={"trace": trace})
        return await self._end(row, lambda session: attempts.raised(session, attempt, trace))

    async def died(self, row: WaitingUpdate) -> bool:
        """Give up an update that no process survived. False: the update had ended otherwise meanwhile."""
        log.error("Update %s (inbox row %d) was running when %d processes ended", row.update_id, row.seq, row.attempts)
        return await self._end(row, lambda session: attempts.give_up(session, row.seq))

    async def _end(self, row: WaitingUpdate, count: Callable[[Session], bool]) -> bool:
        try:
            quarantined = await self._count(row, count, apologise=True)
        except Exception as failure:  # saying sorry must not keep the update out of quarantine
            if is_transient(failure):
                raise
            log.exception("The apology for update %s could not be queued", row.update_id)
            quarantined = await self._count(row, count, apologise=False)
        if quarantined:
            metrics.UPDATES.labels("quarantined").inc()
            log.error("Update %s is in quarantine as inbox row %d", row.update_id, row.seq)
        return quarantined

    async def _count(self, row: WaitingUpdate, count: Callable[[Session], bool], *, apologise: bool) -> bool:
        def transaction(session: Session) -> bool:
            if not count(session):
                return False
            if apologise:
                self._apologise(session, row)
            return True

        return await self._thread.run(transaction, "quarantine")

    @staticmethod
    def _apologise(session: Session, row: WaitingUpdate) -> None:
        sender = inbox.private_sender(session.get_one(InboxRow, row.seq).body)
        if sender is not None:
            steps.apologise(session, sender.chat_id, row.seq, sender.language_code)
