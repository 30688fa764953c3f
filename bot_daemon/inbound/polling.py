"""Polling, the other transport: the leader asks for updates itself. The offset moves only after the commit.

Bot API, getUpdates: an update is confirmed by asking with a higher offset. 409 means that another program polls or a
webhook is set. Half a minute of it ends the process with the cause, because the conflict never heals by itself.
"""

from __future__ import annotations

import asyncio
import contextlib
import json
import logging
import time
from typing import Any

from bot_daemon.bot_api.client import Answered, TelegramApi, TokenRevoked
from bot_daemon.inbound.webhook import Intake
from bot_daemon.runtime.backoff import scheduled_delay
from bot_daemon.runtime.cancellation import cancel_when
from common.database.engine import is_transient
from common.settings.timing import Timing

log = logging.getLogger(__name__)

ALLOWED_UPDATES = ("message", "edited_message", "callback_query", "my_chat_member")


class PollingRefused(Exception):
    """Another program takes this bot's updates."""


class Poller:
    def __init__(self, api: TelegramApi, intake: Intake, timing: Timing) -> None:
        self._api, self._intake, self._timing = api, intake, timing
        self._stop = asyncio.Event()
        self._offset: int | None = None
        self._refused_since: float | None = None
        self._failures = 0

    async def run(self) -> None:
        """Run until `stop`. Raises: PollingRefused, TokenRevoked."""
        while not self._stop.is_set():
            pause = await cancel_when(self._stop, self._poll_once())
            if pause is None:  # the poll was hanging: its updates are not confirmed, so they come again
                return
            if pause > 0:
                with contextlib.suppress(TimeoutError):
                    await asyncio.wait_for(self._stop.wait(), pause)

    def stop(self) -> None:
        self._stop.set()

    async def _poll_once(self) -> float:
        """Call getUpdates once and commit the updates. Returns the pause before the next call."""
        parameters: dict[str, Any] = {
            "timeout": max(int(self._timing.long_poll), 1),
            "allowed_updates": list(ALLOWED_UPDATES),
            "limit": 100,
        }
        if self._offset is not None:
            parameters["offset"] = self._offset
        answer = await self._api.call("getUpdates", parameters, wait=self._timing.long_poll)
        if isinstance(answer, Answered) and answer.ok:
            self._refused_since, self._failures = None, 0
            return await self._record_updates(answer.result)
        return self._handle_refusal(answer)

    async def _record_updates(self, updates: list[dict[str, Any]]) -> float:
        try:
            await asyncio.gather(*(self._intake.take(json.dumps(update).encode()) for update in updates))
        except Exception as error:
            if not is_transient(error):
                raise
            log.warning("Updates could not be recorded; they are requested again: %s", type(error).__name__)
            return self._timing.poll
        if updates:
            self._offset = updates[-1]["update_id"] + 1
        return 0.0

    def _handle_refusal(self, answer: object) -> float:
        self._failures += 1
        if isinstance(answer, Answered) and answer.status == 401:
            raise TokenRevoked
        if isinstance(answer, Answered) and answer.status == 409:
            now = time.monotonic()
            self._refused_since = self._refused_since or now
            log.warning("Telegram refused the poll: %s", answer.description)
            if now - self._refused_since >= self._timing.conflict:
                raise PollingRefused(answer.description)
            return self._timing.poll
        if isinstance(answer, Answered) and answer.retry_after:
            return float(answer.retry_after)
        log.warning("Polling got no updates: %s", answer)
        return scheduled_delay(self._timing.probe, self._failures)
