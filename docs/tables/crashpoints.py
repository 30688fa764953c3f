"""The named instructions at which `CRASH_AT` kills a process: found in the source."""

from __future__ import annotations

from docs.markdown import code, table
from docs.source import calls, words

COMMITS = {
    "desk": "a move of an order at the desk",
    "api": "a change through the API",
    "write": "a transaction without a name: the rest of the desk, every command",
    "throttle": "an attempt to sign in counted, or taken back",
    "sign_in": "a browser is signed in, or a refused attempt is recorded",
    "inbox": "received updates, many in one commit",
    "attempt": "the record of an attempt, written before its update is read; or its removal",
    "step": "a step and its inbox row",
    "ignore": "an update that no step handles",
    "quarantine": "an attempt that raised is counted, or an update is given up",
    "claim": "rows of the outbox are leased",
    "stamp": "rows are rendered and marked `sending`",
    "result": "results of sends, many in one commit",
    "media": "the result of fetching a photo or voice note",
    "pause": "a 429 that concerns the whole bot",
    "sweep": "rows of dead senders are taken back, expired rows are closed",
    "lease": "the lease is taken or renewed",
    "release": "the lease is given back",
    "heartbeat": "the daemon's heartbeat",
    "bot": "the bot and its webhook are recorded",
    "prune": "old rows are deleted",
    "nudge": "the notice of an overdue order is queued",
}
POINTS = {
    "send.before": "the row is marked `sending`; the request is not written yet",
    "send.after": "the call is over, with or without an answer; its result is not stored yet",
    "migrate.before_commit": "all migrations have run; nothing is committed yet",
    "media.fetched": "a file is fetched and checked; its result is not stored yet",
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
