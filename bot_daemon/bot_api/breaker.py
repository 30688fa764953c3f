"""The circuit breaker for Telegram: closed, open, or half-open.

There is one for the whole dispatcher, so that an outage burns no attempts.

It opens at the first attempt that got no answer: nothing is sent. Then `getMe` is asked until it answers (nothing is
repeated before). Now the breaker is half-open: a single message goes out on trial, and its answer closes the breaker.
Pure state, no I/O.
"""

from __future__ import annotations

import enum
from dataclasses import dataclass, field

from bot_daemon.runtime.backoff import scheduled_delay


class BreakerState(enum.StrEnum):
    CLOSED = "up"  # messages go out
    OPEN = "down"  # nothing goes out: getMe has to answer first
    HALF_OPEN = "trial"  # one message at a time


@dataclass
class CircuitBreaker:
    probe: tuple[float, ...]  # seconds between probes, climbing
    state: BreakerState = BreakerState.CLOSED
    failures: int = field(default=0)

    def record_failure(self) -> None:
        """Record an attempt without an answer. Messages that were on the wire together count as one failure."""
        if self.state is not BreakerState.OPEN:
            self.failures += 1
        self.state = BreakerState.OPEN

    def record_probe(self, answered: bool) -> None:
        """Record a call of `getMe`, and whether Telegram answered."""
        if answered:
            self.state = BreakerState.HALF_OPEN
        else:
            self.failures += 1

    def record_answer(self) -> None:
        """Record an answer to a message, good or bad. It closes the breaker, unless that has opened meanwhile."""
        if self.state is not BreakerState.OPEN:
            self.state, self.failures = BreakerState.CLOSED, 0

    def free_slots(self, in_flight: int, most: int) -> int:
        """The number of messages that may still leave now."""
        if self.state is BreakerState.OPEN:
            return 0
        return max((1 if self.state is BreakerState.HALF_OPEN else most) - in_flight, 0)

    def probe_delay(self) -> float:
        """Seconds before the next probe. The first comes at once; the pause grows with each failure."""
        return 0.0 if self.failures <= 1 else scheduled_delay(self.probe, self.failures - 1)
