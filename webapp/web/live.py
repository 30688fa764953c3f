"""The live stream says only "changed, revision N". Each page then fetches its own part.

One watcher thread per process reads the revision row; each stream is a queue and a sleeping thread of the server
(some 40 kB). The number of streams is capped below the number of threads, so that they cannot starve the pages.
"""

from __future__ import annotations

import logging
import queue
import threading
import time
from collections.abc import Callable, Iterator
from functools import wraps
from typing import TypeVar, cast

from sqlalchemy.exc import SQLAlchemyError

from common.database.engine import Database, revision

log = logging.getLogger(__name__)

THREADS = 256  # of gunicorn; webapp/gunicorn_conf.py reads it
MAX_STREAMS = THREADS - 56
MAX_OF_SESSION = 6  # its tabs share one; the others are of tabs that are just closing, or of no browser
LOOK_EVERY = 0.1  # a query of 0.3 ms, while a stream is open
PING_EVERY = 5.0  # within this time a closed page is noticed; below every proxy's idle limit (Heroku: 55 s)
STREAM_LIFE = 600.0  # then the browser connects again, and its session is checked again

NO_NEWS = -1  # in place of a revision

Stream = queue.SimpleQueue[int | None]
View = TypeVar("View", bound=Callable[..., object])

# A hundred boards ask at the same moment. All threads share one interpreter: more than these at a time only slow down
# each other and every other page. Measured with `benchmarks boards`: other pages in 0.3 s instead of 0.8 s (p95).
MAX_CONCURRENT = 2
_slots = threading.Semaphore(MAX_CONCURRENT)


def limit_concurrency(view: View) -> View:
    """Mark a route that every open page requests on each change: a few run at a time, the others wait in line."""

    @wraps(view)
    def waits(*args: object, **named: object) -> object:
        with _slots:
            return view(*args, **named)

    return cast(View, waits)


class Hub:
    """Tells open streams that something changed. The watcher runs while a stream is open."""

    def __init__(self, database: Database, most: int = MAX_STREAMS) -> None:
        self._database = database
        self._most = most
        self._lock = threading.Lock()
        self._streams: dict[Stream, str] = {}  # each with its session
        self._watcher: threading.Thread | None = None
        self._stop = threading.Event()

    @property
    def streams(self) -> int:
        return len(self._streams)

    def join(self, session: str) -> Stream | None:
        """A new stream of this session; None if it or all have the most, or the process is stopping."""
        with self._lock:
            if self._stop.is_set() or self._is_full(session):
                return None
            stream: Stream = queue.SimpleQueue()
            self._streams[stream] = session
            if self._watcher is None or not self._watcher.is_alive():
                self._watcher = threading.Thread(target=self._watch, name="revision-watcher", daemon=True)
                self._watcher.start()
            return stream

    def _is_full(self, session: str) -> bool:
        of_it = sum(whose == session for whose in self._streams.values())
        return len(self._streams) >= self._most or of_it >= MAX_OF_SESSION

    def leave(self, stream: Stream) -> None:
        with self._lock:
            self._streams.pop(stream, None)

    def shutdown(self) -> None:
        """End every stream, so that open boards do not delay a deploy."""
        self._stop.set()
        with self._lock:
            watcher, streams = self._watcher, list(self._streams)
        for stream in streams:
            stream.put(None)
        if watcher is not None and watcher is not threading.current_thread():
            watcher.join(timeout=2)

    def tell(self, number: int) -> None:
        with self._lock:
            for stream in self._streams:
                stream.put(number)

    def _watch(self) -> None:
        last: int | None = None
        while not self._stop.wait(LOOK_EVERY):
            with self._lock:
                if not self._streams:
                    self._watcher = None
                    return
            found = self._read_revision()
            if found is not None and found != last:
                self.tell(found)
                last = found

    def _read_revision(self) -> int | None:
        try:
            with self._database.read() as session:
                return revision(session)
        except SQLAlchemyError as error:
            log.warning("The revision could not be read: %s", type(error).__name__)
            return None


def events(
    hub: Hub, stream: Stream, first: int, is_signed_in: Callable[[], bool], ping_every: float = PING_EVERY
) -> Iterator[str]:
    """Server-sent events: the present revision at once, each later revision, a comment when nothing changes.

    The stream ends when its reader is no longer signed in, which is asked as often as it pings, on a busy desk too.
    """
    end, ask_at, last = time.monotonic() + STREAM_LIFE, time.monotonic() + ping_every, first
    try:
        yield f"retry: 2000\ndata: {first}\n\n"
        while time.monotonic() < end:
            number = _next_number(stream, ping_every)
            if number is None:
                return
            if time.monotonic() >= ask_at:
                ask_at = time.monotonic() + ping_every
                if not is_signed_in():
                    return
            if number == NO_NEWS:
                yield ": still here\n\n"
            elif number != last:
                last = number
                yield f"data: {number}\n\n"
    finally:
        hub.leave(stream)


def _next_number(stream: Stream, wait: float) -> int | None:
    """The next revision, None at the end of the process."""
    try:
        return stream.get(timeout=wait)
    except queue.Empty:
        return NO_NEWS
