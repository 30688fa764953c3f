"""Pacing under Telegram's limits: overall, in each chat, and after the deadlines of its 429 answers.

Pure arithmetic: the caller passes the time, in seconds of one clock that never goes back.
"""

from __future__ import annotations

import heapq
from collections import deque

from bot_daemon.outbound.limits import ChatRateLimits, RateLimit

MARGIN = 0.005  # seconds of allowed difference between our clock and the database's, by which a chat is ready
STRANGERS_INTERVAL = 0.5  # seconds between messages to strangers, all of them together
OVERTAKEN = 0.25  # the share of the sends that goes to messages which more urgent ones overtake
FLOOD_CHATS, FLOOD_WINDOW = 3, 10.0  # 429 from more chats than this within so many seconds concerns the whole bot


class Pacing:
    """The pacing of one dispatcher. `horizon`: seconds ahead for which a send may get its slot."""

    def __init__(self, send_rate: float, horizon: float) -> None:
        self._overall = RateLimit(1.0 / send_rate)
        self._chats = ChatRateLimits()
        self._strangers = RateLimit(STRANGERS_INTERVAL)
        self._owed = 0.0  # sends to messages that are overtaken
        self._horizon = horizon
        self._floods: deque[tuple[float, int]] = deque(maxlen=100)  # the time and the chat of each 429
        self._silent_until: float | None = None
        self._ready: list[float] = []  # a heap: the times when waiting chats are ready

    @property
    def knows_silence(self) -> bool:
        """Whether the pause that an earlier process stored was looked up."""
        return self._silent_until is not None

    def be_silent(self, until: float) -> None:
        """Send nothing to any chat before this time. A later deadline that is already set stays."""
        self._silent_until = max(self._silent_until or 0.0, until)

    def silence(self, now: float) -> float:
        """Seconds for which the whole bot must stay silent."""
        return max((self._silent_until or 0.0) - now, 0.0)

    def free_slots(self, now: float) -> int:
        """The number of sends that the overall limit allows within the horizon."""
        ahead = now + self._horizon - max(self._overall.theoretical_arrival, now)
        return int(ahead / self._overall.interval) + 1 if ahead > 0 else 0

    def take_slot(self, now: float) -> float:
        """Take the next slot of the overall limit and return its time."""
        slot = self._overall.ready_at(now)
        self._overall.take(slot)
        return slot

    def admits_strangers(self, now: float) -> bool:
        """Whether a message to a stranger may leave now."""
        return self._strangers.ready_at(now) <= now

    def take_stranger(self, now: float) -> None:
        """A message to a stranger leaves: the next one waits."""
        self._strangers.take(now)
        self.expect(now + STRANGERS_INTERVAL)

    def overtaken_share(self, slots: int) -> int:
        """Of so many sends, those that go to messages which more urgent ones overtake; so nothing waits for ever."""
        self._owed = min(self._owed + slots * OVERTAKEN, 1.0 + slots)
        return min(int(self._owed), slots)

    def take_overtaken(self, count: int) -> None:
        self._owed -= count

    def admit(self, chat_id: int, now: float) -> float:
        """Seconds that this chat must still wait. With 0 the chat has taken its turn."""
        limit = self._chats.of(chat_id)
        wait = limit.ready_at(now) - now
        if wait <= 0:
            limit.take(now)
            return 0.0
        self.expect(now + wait)
        return wait

    def expect(self, at: float) -> None:
        """Note the time when a waiting chat is ready."""
        heapq.heappush(self._ready, at + MARGIN)

    def next_ready(self, now: float, at_most: float) -> float:
        """Seconds until the next waiting chat is ready, at most `at_most`."""
        while self._ready and self._ready[0] <= now:
            heapq.heappop(self._ready)
        return min(self._ready[0] - now, at_most) if self._ready else at_most

    def may_send(self, chat_id: int, now: float) -> bool:
        """Whether no 429 since the admission of this chat forbids the send."""
        return not self.silence(now) and now >= self._chats.of(chat_id).held_until

    def record_flood(self, chat_id: int, seconds: float, now: float) -> bool:
        """A 429: the chat waits. After a 429 from many chats at once the whole bot is silent (True)."""
        self._chats.of(chat_id).hold(now + seconds)
        self._floods.append((now, chat_id))
        recent = {chat for at, chat in self._floods if at > now - FLOOD_WINDOW}
        if len(recent) <= FLOOD_CHATS:
            return False
        self.be_silent(now + seconds)
        return True
