"""The whole path from an update to its reply at the Bot API: the rate per second, and the delay at 100 per second.

A burst of 300 updates comes in the middle of the steady load; recovered means that replies take below 100 ms again.
"""

from __future__ import annotations

from benchmarks.setting.generator import burst, message_update, paced, percentile
from benchmarks.setting.subjects import FIRST, Subject, minimal_bot, our_daemon

COUNT = 2000
STEADY, SECONDS, BURST, BURST_AT = 100, 20, 300, 10.0
PERSONS = COUNT + STEADY * SECONDS + BURST
CALM = 0.1  # seconds


def measure() -> list[str]:
    rows: list[str] = []
    for subject_of in (our_daemon, minimal_bot):
        with subject_of(PERSONS) as subject:
            rows += [_throughput(subject), _steady(subject)]
    return rows


def _throughput(subject: Subject) -> str:
    load = burst(subject.target, lambda n: message_update(FIRST + n, "brake hose"), COUNT)
    first, replies = min(load.sent_at.values()), _replies(subject, 0, COUNT)
    return f"{subject.name}: {COUNT / (max(replies.values()) - first):,.0f} updates a second from update to reply"


def _steady(subject: Subject) -> str:
    moments = sorted([n / STEADY for n in range(STEADY * SECONDS)] + [BURST_AT] * BURST)
    began = COUNT
    load = paced(subject.target, lambda n: message_update(FIRST + began + n, "brake hose"), moments, 100)
    replies = _replies(subject, began, len(moments))
    took = {n: replies[began + n] - sent for n, sent in load.sent_at.items()}
    start = min(load.sent_at.values())
    calm = [t for n, t in took.items() if moments[n] < BURST_AT - 0.5]
    after = [load.sent_at[n] - start for n, t in took.items() if moments[n] >= BURST_AT and t > CALM]
    recovered = max(after, default=BURST_AT) - BURST_AT
    return (
        f"{subject.name}: at {STEADY}/s reply p50 {percentile(calm, 0.5) * 1000:.1f} ms, "
        f"p99 {percentile(calm, 0.99) * 1000:.1f} ms; after a burst of {BURST}: recovered in {recovered:.2f} s"
    )


def _replies(subject: Subject, first: int, count: int) -> dict[int, float]:
    """The time at which the first message reached each chat, by the number of its person."""
    chats = range(FIRST + first, FIRST + first + count)
    seen: dict[int, float] = {}

    def look() -> bool:
        for entry in subject.sandbox.journal(method="sendMessage", limit=200_000):
            if entry["chat_id"] in chats and entry["effect"]:
                seen.setdefault(entry["chat_id"] - FIRST, entry["at"])
        return len(seen) >= count

    subject.sandbox.wait_until(look, 180)
    return seen
