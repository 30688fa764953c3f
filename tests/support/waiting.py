"""Waiting on a condition with a deadline: tests never sleep for a guessed time."""

from __future__ import annotations

import asyncio
import os
import time
from collections.abc import Callable
from typing import TypeVar

T = TypeVar("T")
# A shared machine stands still for seconds: in CI each deadline is so many times as far. What holds never waits for it.
PATIENCE = 4 if os.environ.get("CI") else 1
STEP, LONGEST = 0.02, 0.25  # seconds between two checks; after a long wait checks are rarer


def _pause(since: float) -> float:
    return min(max(STEP, (time.monotonic() - since) / 50), LONGEST)


def eventually(look: Callable[[], T | None], within: float = 10.0, what: str = "") -> T:
    """The first true value `look` returns. Fails after `within` seconds, in CI after `PATIENCE` times as many."""
    began, within = time.monotonic(), within * PATIENCE
    while not (seen := look()):
        if time.monotonic() > began + within:
            raise AssertionError(f"not within {within} s: {what or look}; last seen: {seen!r}")
        time.sleep(_pause(began))
    return seen


async def eventually_async(look: Callable[[], T | None], within: float = 10.0, what: str = "") -> T:
    """`eventually` inside an event loop, which runs on meanwhile."""
    began, within = time.monotonic(), within * PATIENCE
    while not (seen := look()):
        if time.monotonic() > began + within:
            raise AssertionError(f"not within {within} s: {what or look}; last seen: {seen!r}")
        await asyncio.sleep(_pause(began))
    return seen
