"""Our rate limits, which keep Telegram's: pure arithmetic on the caller's clock.

The generic cell rate algorithm: every send moves a *theoretical arrival time* ahead of the clock; a send is due when
that time is at most the burst ahead. Numbers: Bot API FAQ, "My bot is hitting limits" (30/s overall, 1/s in a chat,
20 a minute in a group); we stay just below, without overall burst.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass
class RateLimit:
    """One rate limit. `interval`: seconds between sends in the long run; `burst`: the number of sends at once."""

    interval: float
    burst: int = 1
    theoretical_arrival: float = 0.0
    held_until: float = 0.0  # the deadline of a 429

    def ready_at(self, now: float) -> float:
        """The time when the next send is due; `now` or earlier means at once."""
        paced = self.theoretical_arrival - (self.burst - 1) * self.interval if self.theoretical_arrival > now else now
        return max(paced, self.held_until)

    def hold(self, until: float) -> None:
        """Allow no send before this time, and no burst right after it. A later deadline that is already set stays."""
        self.held_until = max(self.held_until, until)
        self.theoretical_arrival = max(self.theoretical_arrival, until + (self.burst - 1) * self.interval)

    def take(self, at: float) -> None:
        """Use one send at this time."""
        self.theoretical_arrival = max(self.theoretical_arrival, at) + self.interval


PRIVATE_INTERVAL, PRIVATE_BURST = 1.0, 3
GROUP_INTERVAL, GROUP_BURST = 3.05, 1
MAX_REMEMBERED = 20_000


class ChatRateLimits:
    """A rate limit for each chat that recently got a message. Group ids are negative (Bot API, Chat.id)."""

    def __init__(self) -> None:
        self._limits: dict[int, RateLimit] = {}

    def of(self, chat_id: int) -> RateLimit:
        limit = self._limits.get(chat_id)
        if limit is None:
            if len(self._limits) >= MAX_REMEMBERED:
                self._limits.pop(next(iter(self._limits)))
            limit = (
                RateLimit(GROUP_INTERVAL, GROUP_BURST) if chat_id < 0 else RateLimit(PRIVATE_INTERVAL, PRIVATE_BURST)
            )
            self._limits[chat_id] = limit
        return limit
