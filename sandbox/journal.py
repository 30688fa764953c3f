"""The journal: every call and every delivery with its time and outcome. No token gets in."""

import re
from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice
from typing import Any

import msgspec

CAPACITY = 200_000
_TOKEN = re.compile(rb"(?<!\d)\d{6,}(:|%3A)[A-Za-z0-9_-]{30,}")
_SECRETS = ("secret_token",)


@dataclass(slots=True)
class Entry:
    """`answer` is the raw body; `effect` says whether the call changed something; `update_id` and `attempt` belong
    to deliveries."""

    seq: int
    at: float
    kind: str
    bot: str
    method: str = ""
    chat_id: int | None = None
    parameters: Any = None
    status: int | None = None
    answer: bytes = b""
    effect: bool = False
    update_id: int | None = None
    attempt: int | None = None
    fault: str | None = None
    error: str | None = None
    finished_at: float | None = None

    def view(self) -> dict[str, Any]:
        shown = {name: getattr(self, name) for name in self.__slots__ if name not in ("answer", "parameters")}
        shown["parameters"] = _public(self.parameters)
        shown["answer"] = _decoded(self.answer)
        return shown


def mask(text: bytes) -> bytes:
    """The text without anything that has the form of a bot token."""
    return _TOKEN.sub(b"***", text)


def _public(parameters: Any) -> Any:
    if isinstance(parameters, dict):
        parameters = {name: "***" if name in _SECRETS else value for name, value in parameters.items()}
    return msgspec.json.decode(mask(msgspec.json.encode(parameters)))


def _decoded(answer: bytes) -> Any:
    if not answer:
        return None
    try:
        return msgspec.json.decode(mask(answer))
    except msgspec.DecodeError:
        return mask(answer).decode("utf-8", "replace")


class Journal:
    def __init__(self, capacity: int = CAPACITY) -> None:
        self._entries: deque[Entry] = deque(maxlen=capacity)
        self._seq = 0

    def open(self, at: float, kind: str, bot: str, method: str = "", parameters: Any = None) -> Entry:
        """Add an entry, whose outcome the caller fills in."""
        self._seq += 1
        entry = Entry(self._seq, at, kind, bot, method, parameters=parameters)
        self._entries.append(entry)
        return entry

    def read(self, after: int, kind: str | None, method: str | None, limit: int) -> list[Entry]:
        """At most `limit` entries with a number above `after`, oldest first; `method` in any case."""
        wanted = method.lower() if method else None
        found = (
            entry
            for entry in self._newer(after)
            if (kind is None or entry.kind == kind) and (wanted is None or entry.method.lower() == wanted)
        )
        return list(islice(found, limit))

    def _newer(self, after: int) -> Iterator[Entry]:
        first = self._entries[0].seq if self._entries else 0
        return islice(self._entries, max(0, after - first + 1), None)
