"""A bulkhead: work that takes much memory or processor time is done a few at a time, and few wait for it.

Whoever waits too long, or finds too many waiting, is told so: waiting threads must not use up all threads.
"""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager

from common.errors import Busy


class Bulkhead:
    """So many at once; so many more wait, for at most so many seconds."""

    def __init__(self, at_once: int, waiting: int, patience: float) -> None:
        self._slots = threading.Semaphore(at_once)
        self._all = threading.Semaphore(at_once + waiting)
        self._patience = patience

    @contextmanager
    def enter(self) -> Iterator[None]:
        """Do the work in this block.

        Raises: Busy.
        """
        if not self._all.acquire(blocking=False):
            raise Busy
        try:
            if not self._slots.acquire(timeout=self._patience):
                raise Busy
            try:
                yield
            finally:
                self._slots.release()
        finally:
            self._all.release()
