"""Back-off: the delay after the n-th failed attempt. Pure functions."""

from __future__ import annotations

import random

# Seconds. The first is zero: the whole dispatcher pauses while the network is down. The others keep a message that
# always fails from being first in the queue again and again.
DELAYS = (0, 5, 15, 60, 300, 900, 3600, 10_800)
JITTER = 0.2


def retry_delay(attempt: int, chance: random.Random | None = None) -> float:
    """Seconds after the `attempt`-th failure (1 is the first), give or take a fifth so that retries spread out."""
    step = DELAYS[min(max(attempt, 1), len(DELAYS)) - 1]
    return step * (1 + JITTER * (2 * (chance or random).random() - 1))


def scheduled_delay(schedule: tuple[float, ...], failures: int) -> float:
    """The pause after so many failures in a row; the last one of the schedule repeats."""
    return schedule[min(max(failures, 1), len(schedule)) - 1]
