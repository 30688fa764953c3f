"""Work after the answer: whoever waits for the answer cannot tell by its time what there was to do."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

log = logging.getLogger(__name__)
MOST_WAITING = 32


class Afterwards:
    """One thread that does one piece of work after the other; what waits is done before the process ends."""

    def __init__(self) -> None:
        self._thread = ThreadPoolExecutor(max_workers=1, thread_name_prefix="afterwards")
        self._places = threading.BoundedSemaphore(MOST_WAITING)

    def put(self, work: Callable[[], None]) -> bool:
        """Whether the work will be done; False: too much waits already."""
        if not self._places.acquire(blocking=False):
            return False
        self._thread.submit(self._do, work)
        return True

    def _do(self, work: Callable[[], None]) -> None:
        try:
            work()
        except Exception:
            log.exception("Work after an answer failed")
        finally:
            self._places.release()

    def shutdown(self) -> None:
        """Do what waits, and take no more."""
        self._thread.shutdown()
