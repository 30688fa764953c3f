"""Waiting on a condition with a deadline: tests never sleep for a guessed time."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable
from typing import TypeVar

T = TypeVar("T")
STEP = 0.02  # seconds between two looks


def eventually(look: Callable[[], T], within: float = 10.0, what: str = "") -> T:
    """The first true value `look` returns. Fails after `within` seconds."""
    deadline = time.monotonic() + within
    while not (seen := look()):
        if time.monotonic() > deadline:
            raise AssertionError(f"not within {within} s: {what or look}; last seen: {seen!r}")
        time.sleep(STEP)
    return seen


async def eventually_async(look: Callable[[], T], within: float = 10.0, what: str = "") -> T:
    """The same inside an event loop, which goes on meanwhile."""
    deadline = time.monotonic() + within
    while not (seen := look()):
        if time.monotonic() > deadline:
            raise AssertionError(f"not within {within} s: {what or look}; last seen: {seen!r}")
        await asyncio.sleep(STEP)
    return seen
