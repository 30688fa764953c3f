"""A press is answered once, whether or not its step succeeds. Telegram shows a spinner until the answer."""

from __future__ import annotations

import asyncio
from collections.abc import Callable

from bot_daemon.chat.incoming import Answer


class PressAnswer:
    """The answer to one update, if it is a press: from the step, or an empty one if the deadline comes first."""

    def __init__(self, send: Callable[[str, Answer], None], within: float) -> None:
        self._send, self._within = send, within
        self._callback_id: str | None = None
        self._deadline: asyncio.TimerHandle | None = None

    def expect(self, callback_id: str) -> None:
        """The update is a press, and its step begins. A second call has no effect."""
        if self._deadline is None:
            self._callback_id = callback_id
            self._deadline = asyncio.get_running_loop().call_later(self._within, self.give, Answer())

    def give(self, answer: Answer) -> None:
        callback_id = self._callback_id
        self.close()
        if callback_id is not None:
            self._send(callback_id, answer)

    def close(self) -> None:
        """No answer is sent after this: the update is done, or left to another process's next attempt."""
        self._callback_id = None
        if self._deadline is not None:
            self._deadline.cancel()
