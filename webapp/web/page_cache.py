"""What many readers ask for at the same moment is made once: a hundred open boards, one new order.

Kept for the revision it was made at, and for a moment only: time shows on a page, too. One at a time makes it, the
others wait for what it makes, which is sooner done than everybody making the same.
"""

from __future__ import annotations

import threading
import time
from collections import defaultdict
from collections.abc import Callable, Hashable
from dataclasses import dataclass

MAX_AGE = 1.0  # seconds


@dataclass(frozen=True)
class _CachedPage:
    revision: int
    made_at: float
    body: str


class PageCache:
    """`key` says whom it is for: the language, the rights. There are few, so that nothing is ever thrown out."""

    def __init__(self) -> None:
        self._kept: dict[Hashable, _CachedPage] = {}
        self._making: defaultdict[Hashable, threading.Lock] = defaultdict(threading.Lock)

    def get_or_render(self, key: Hashable, revision: int, make: Callable[[], str]) -> str:
        """What was made for this key at this revision or later, a moment ago at most; else it is made now."""
        with self._making[key]:
            kept = self._kept.get(key)
            if kept is None or kept.revision < revision or time.monotonic() - kept.made_at > MAX_AGE:
                kept = _CachedPage(revision, time.monotonic(), make())
                self._kept[key] = kept
            return kept.body
