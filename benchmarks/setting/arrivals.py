"""How long messages take until they are at the Bot API."""

from __future__ import annotations

from sandbox.client import Sandbox

WITHIN = 120.0


def arrived(box: Sandbox, since: dict[int, float]) -> list[float]:
    """Seconds until the first message in each chat, from the wall time that is given for it."""
    seen: dict[int, float] = {}

    def look() -> bool:
        for entry in box.journal(method="sendMessage", limit=200_000):
            if entry["chat_id"] in since and entry["effect"]:
                seen.setdefault(entry["chat_id"], entry["at"])
        return len(seen) >= len(since)

    box.wait_until(look, WITHIN)
    return [seen[chat] - at for chat, at in since.items()]
