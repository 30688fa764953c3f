"""The named instructions at which `CRASH_AT` kills a process: found in the source."""

from __future__ import annotations

from docs.markdown import code, table
from docs.source import calls, words

COMMITS = {
    "desk": "a move of an order at the desk",
    "api": "a change through the API",
    "write": "a transaction without a name of its own: the rest of the desk, every command",
    "inbox": "received updates, many in one commit",
    "attempt": "the attempt written down before its update is read, or taken back",
    "step": "a step and its inbox row",
    "ignore": "an update no step wanted",
    "quarantine": "a counted attempt that raised, an update given up",
    "claim": "rows of the outbox leased",
    "stamp": "rows rendered and marked `sending`",
    "result": "what became of sends, many in one commit",
    "media": "what became of a photo or voice note",
    "pause": "a 429 that concerns the whole bot",
    "sweep": "rows of dead senders taken back, rows out of date closed",
    "lease": "the lease taken or renewed",
    "release": "the lease given back",
    "heartbeat": "the daemon's heartbeat",
    "bot": "who the bot is, and its webhook",
    "prune": "what has done its work taken away",
    "nudge": "the desk told of an overdue order",
}
POINTS = {
    "send.before": "stamped `sending`, nothing written to Telegram yet",
    "send.after": "Telegram has answered (or not), nothing written back yet",
    "migrate.before_commit": "the schema is at its newest revision, and nothing of that is committed",
    "media.fetched": "a photo or voice note is fetched and looked at, nothing written about it yet",
}
PACKAGES = ("common", "bot_daemon", "webapp")
UNTOLD = "…"  # tests/docs refuses it: a new point needs a text that says where it is


def names() -> list[str]:
    """Every value that CRASH_AT accepts."""
    return [name for name, _ in _told()]


def _told() -> list[tuple[str, str]]:
    told = [(name, POINTS.get(name, UNTOLD)) for name in sorted(_reached(), reverse=True)]
    for name in sorted(_commits(), key=lambda name: (*COMMITS, name).index(name)):
        about = COMMITS.get(name, UNTOLD)
        told += [(f"{name}.before_commit", about), (f"{name}.after_commit", about)]
    return told


def _reached() -> set[str]:
    """Points that the source names."""
    return {words(call)[0] for package in PACKAGES for _, call in calls(package, "reach") if words(call)}


def _commits() -> set[str]:
    """The names of transactions; one without a name is called `write`."""
    named = {"write"}
    for package in PACKAGES:
        for _, call in calls(package, "write", "run", "GroupCommit"):
            named |= set(words(call)[:1])
    return {name for name in named if name.isidentifier()}


def points() -> str:
    return table(("`CRASH_AT`", "Where"), ((code(name), about) for name, about in _told()))
