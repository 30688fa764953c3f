"""A page that many readers request at the same moment is rendered once: a hundred open boards, one new order.

A page is kept for its revision, and only briefly, because pages show ages too. One thread renders it and the others
wait for the result: cheaper than rendering it once per reader.
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
    """`key` names the readers of a page: their language and rights. There are few keys, so no page is ever evicted."""

    def __init__(self) -> None:
        self._kept: dict[Hashable, _CachedPage] = {}
        self._making: defaultdict[Hashable, threading.Lock] = defaultdict(threading.Lock)

    def get_or_render(self, key: Hashable, revision: int, make: Callable[[], str]) -> str:
        """The kept page of this key, if it is fresh and of this revision or a later one; else it is rendered now."""
        with self._making[key]:
            kept = self._kept.get(key)
            if kept is None or kept.revision < revision or time.monotonic() - kept.made_at > MAX_AGE:
                kept = _CachedPage(revision, time.monotonic(), make())
                self._kept[key] = kept
            return kept.body
