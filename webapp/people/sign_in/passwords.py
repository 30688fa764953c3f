"""Verifying passwords: a few at a time, because each verification needs much memory."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager

from flask import abort

# 19 MiB each: more at once would fill a small machine's memory. Strangers leave one place to browsers that are known.
SLOTS, SLOTS_OF_STRANGERS, MOST_WAITING_STRANGERS = 4, 3, 16
_slots = threading.BoundedSemaphore(SLOTS)
_slots_of_strangers = threading.BoundedSemaphore(SLOTS_OF_STRANGERS)
_places_of_strangers = threading.BoundedSemaphore(MOST_WAITING_STRANGERS)
VERIFY_WAIT = 5.0


@contextmanager
def verifying(known: bool) -> Iterator[None]:
    """Wait for a slot in which one password is verified: 503 if none becomes free."""
    if known:
        with _held(_slots, VERIFY_WAIT):
            yield
    else:
        with _held(_places_of_strangers, 0), _held(_slots_of_strangers, VERIFY_WAIT), _held(_slots, VERIFY_WAIT):
            yield


@contextmanager
def _held(semaphore: threading.BoundedSemaphore, wait: float) -> Iterator[None]:
    if not semaphore.acquire(timeout=wait):
        abort(503)
    try:
        yield
    finally:
        semaphore.release()
