"""Telegram's limits on sending: 30/s in all, 1/s in a private chat with short bursts, 20/min in a group (docs, FAQ).

The exact numbers are Telegram's secret. Here a chat and the whole are token buckets, a group is a sliding minute, and
a refusal stands until its `retry_after` has passed, whatever else happens meanwhile.
"""

import math
from collections import OrderedDict, deque
from dataclasses import dataclass

OVERALL_RATE = 30.0
OVERALL_BURST = 30.0
CHAT_RATE = 1.0
CHAT_BURST = 5.0
GROUP_COUNT = 20
GROUP_SECONDS = 60.0
_TOLERANCE = 0.5  # arrival is not departure: a group's 21st message may come this much early
_MAX_CHATS = 100_000


@dataclass(slots=True)
class Bucket:
    rate: float
    burst: float
    level: float
    at: float
    refused_until: float = 0.0

    def wait(self, now: float) -> float:
        """Seconds until one more message is allowed; 0 means now."""
        if now < self.refused_until:
            return self.refused_until - now
        self.level = min(self.burst, self.level + (now - self.at) * self.rate)
        self.at = now
        return 0.0 if self.level >= 1 else (1 - self.level) / self.rate

    def take(self) -> None:
        self.level -= 1


class Window:
    __slots__ = ("refused_until", "times")

    def __init__(self) -> None:
        self.times: deque[float] = deque(maxlen=GROUP_COUNT)
        self.refused_until = 0.0

    def wait(self, now: float) -> float:
        if now < self.refused_until:
            return self.refused_until - now
        if len(self.times) < GROUP_COUNT:
            return 0.0
        wait = self.times[0] + GROUP_SECONDS - now
        return wait if wait > _TOLERANCE else 0.0

    def take(self, now: float) -> None:
        self.times.append(now)


class FloodGate:
    """The limits of one bot."""

    def __init__(self) -> None:
        self._overall = Bucket(OVERALL_RATE, OVERALL_BURST, OVERALL_BURST, 0.0)
        self._chats: OrderedDict[int, Bucket] = OrderedDict()
        self._groups: dict[int, Window] = {}

    def admit(self, chat_id: int, now: float) -> int:
        """0 when the message may pass (and is counted), else `retry_after` in whole seconds."""
        limit = self._limit(chat_id, now)
        for gate in (limit, self._overall):
            wait = gate.wait(now)
            if wait > 0:
                retry_after = math.ceil(wait)
                gate.refused_until = now + (retry_after if gate.refused_until <= now else wait)
                return retry_after
        self._overall.take()
        if isinstance(limit, Bucket):
            limit.take()
        else:
            limit.take(now)
        return 0

    def _limit(self, chat_id: int, now: float) -> Bucket | Window:
        if chat_id < 0:
            return self._groups.setdefault(chat_id, Window())
        bucket = self._chats.get(chat_id)
        if bucket is None:
            bucket = self._chats[chat_id] = Bucket(CHAT_RATE, CHAT_BURST, CHAT_BURST, now)
            if len(self._chats) > _MAX_CHATS:
                self._chats.popitem(last=False)
        return bucket
