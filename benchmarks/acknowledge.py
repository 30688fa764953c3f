"""Durable acknowledgements per second at 40 connections (the most that Telegram opens by default).

Our daemon answers after the update is committed to SQLite with `synchronous=FULL`, and processes updates at the same
time; the minimal bot answers after putting the update in a queue in memory.
"""

from __future__ import annotations

from benchmarks.setting.generator import Load, burst, message_update, percentile
from benchmarks.setting.subjects import FIRST, Subject, minimal_bot, our_daemon

COUNT = 6000
PERSONS = 3000


def measure() -> list[str]:
    with our_daemon(PERSONS) as ours:
        durable = _acknowledged(ours)
    with minimal_bot(PERSONS) as other:
        in_memory = _acknowledged(other)
    return [
        _row("Felix Hub daemon, committed", durable),
        _row("minimal run_webhook bot, in memory", in_memory),
        f"ratio of this run: {durable.rate / in_memory.rate:.2f} × the minimal bot",
    ]


def _acknowledged(subject: Subject) -> Load:
    return burst(subject.target, lambda n: message_update(FIRST + n % PERSONS, f"brake hose {n}"), COUNT)


def _row(name: str, load: Load) -> str:
    p50, p99 = (percentile(load.latencies, share) * 1000 for share in (0.5, 0.99))
    return f"{name}: {load.rate:,.0f}/s at 40 connections, p50 {p50:.1f} ms, p99 {p99:.1f} ms, {load.refused} refused"
