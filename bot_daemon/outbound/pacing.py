"""What Telegram's limits let leave: overall, in each chat, and not before the deadlines of its 429 answers.

Pure arithmetic: the caller brings the time, in seconds of one clock that never goes back.
"""

from __future__ import annotations

import heapq
from collections import deque

from bot_daemon.outbound.limits import ChatRateLimits, RateLimit

MARGIN = 0.005  # seconds; the database's clock, which says when a chat is ready, and ours do not run exactly alike
FLOOD_CHATS, FLOOD_WINDOW = 3, 10.0  # 429 from more chats than this within so many seconds concerns the whole bot


class Pacing:
    """One dispatcher's. `horizon`: how many seconds ahead a send may be given its slot."""

    def __init__(self, send_rate: float, horizon: float) -> None:
        self._overall = RateLimit(1.0 / send_rate)
        self._chats = ChatRateLimits()
        self._horizon = horizon
        self._floods: deque[tuple[float, int]] = deque(maxlen=100)  # when, and from which chat
        self._silent_until: float | None = None
        self._ready: list[float] = []  # a heap: when chats that had to wait may be written to

    @property
    def knows_silence(self) -> bool:
        """Whether it was looked up yet what an earlier process was told."""
        return self._silent_until is not None

    def be_silent(self, until: float) -> None:
        """Nothing to any chat before this time; a later deadline that is there already stays."""
        self._silent_until = max(self._silent_until or 0.0, until)

    def silence(self, now: float) -> float:
        """Seconds for which the whole bot must still be silent."""
        return max((self._silent_until or 0.0) - now, 0.0)

    def free_slots(self, now: float) -> int:
        """How many sends the overall limit allows within the horizon."""
        ahead = now + self._horizon - max(self._overall.theoretical_arrival, now)
        return int(ahead / self._overall.interval) + 1 if ahead > 0 else 0

    def take_slot(self, now: float) -> float:
        """The time at which the next send may leave; it is taken."""
        slot = self._overall.ready_at(now)
        self._overall.take(slot)
        return slot

    def admit(self, chat_id: int, now: float) -> float:
        """Seconds that this chat must still wait; 0: its turn is taken."""
        limit = self._chats.of(chat_id)
        wait = limit.ready_at(now) - now
        if wait <= 0:
            limit.take(now)
            return 0.0
        self.expect(now + wait)
        return wait

    def expect(self, at: float) -> None:
        """A chat that had to wait may be written to at this time."""
        heapq.heappush(self._ready, at + MARGIN)

    def next_ready(self, now: float, at_most: float) -> float:
        """Seconds until the next chat that had to wait may be written to."""
        while self._ready and self._ready[0] <= now:
            heapq.heappop(self._ready)
        return min(self._ready[0] - now, at_most) if self._ready else at_most

    def may_send(self, chat_id: int, now: float) -> bool:
        """Whether no 429 has come since this chat was admitted that forbids it."""
        return not self.silence(now) and now >= self._chats.of(chat_id).held_until

    def record_flood(self, chat_id: int, seconds: float, now: float) -> bool:
        """A 429: the chat waits. From many chats at once it concerns the whole bot, which is silent then (True)."""
        self._chats.of(chat_id).hold(now + seconds)
        self._floods.append((now, chat_id))
        recent = {chat for at, chat in self._floods if at > now - FLOOD_WINDOW}
        if len(recent) <= FLOOD_CHATS:
            return False
        self.be_silent(now + seconds)
        return True
