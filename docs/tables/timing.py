"""The time constants, with the comment each has in its source."""

from __future__ import annotations

from dataclasses import fields

from bot_daemon.outbound import limits
from common.settings.config import VARIABLES
from common.settings.timing import Timing
from docs.markdown import code, table
from docs.source import comments

TOLD = {
    "renew": "how often the holder renews the daemon's lease",
    "heartbeat": "how often a daemon writes its heartbeat",
    "long_poll": "how long Telegram may hold a getUpdates",
    "watch_webhook": "between two calls of getWebhookInfo",
}


def constants() -> str:
    about = {**TOLD, **comments(Timing)}
    values = ((f.name, getattr(Timing(), f.name)) for f in fields(Timing))
    return table(("Name", "Seconds", "Meaning"), ((code(n), _shown(v), about.get(n, "")) for n, v in values))


def _shown(value: object) -> str:
    return ", ".join(f"{one:g}" for one in value) if isinstance(value, tuple) else f"{value:g}"


def overall() -> str:
    rows = (
        ("all chats together", f"{VARIABLES['SEND_RATE'].default:g} a second", "none: evenly spaced", "`SEND_RATE`"),
        (
            "a private chat",
            f"one in {limits.PRIVATE_INTERVAL:g} s",
            limits.PRIVATE_BURST,
            "`bot_daemon/outbound/limits.py`",
        ),
        ("a group", f"one in {limits.GROUP_INTERVAL:g} s", limits.GROUP_BURST, "`bot_daemon/outbound/limits.py`"),
    )
    return table(("Where", "In the long run", "Burst", "Set in"), rows)
