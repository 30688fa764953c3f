"""Answering a press: once, whatever becomes of its step. Telegram shows a spinner until it is answered."""

from __future__ import annotations

import asyncio
from collections.abc import Callable

from bot_daemon.chat.incoming import Answer


class PressAnswer:
    """One update's answer, if it is a press. What comes first answers: the step, or the deadline with an empty one."""

    def __init__(self, send: Callable[[str, Answer], None], within: float) -> None:
        self._send, self._within = send, within
        self._callback_id: str | None = None
        self._deadline: asyncio.TimerHandle | None = None

    def expect(self, callback_id: str) -> None:
        """The update is a press, and its step begins; the second time is nothing."""
        if self._deadline is None:
            self._callback_id = callback_id
            self._deadline = asyncio.get_running_loop().call_later(self._within, self.give, Answer())

    def give(self, answer: Answer) -> None:
        callback_id = self._callback_id
        self.close()
        if callback_id is not None:
            self._send(callback_id, answer)

    def close(self) -> None:
        """Nobody answers any more: it is done, or left to the next attempt of another process."""
        self._callback_id = None
        if self._deadline is not None:
            self._deadline.cancel()
