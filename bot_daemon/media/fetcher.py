"""The fetcher takes the wanted files from Telegram, a few at a time, and keeps them. It is a worker of the leader.

A row needs no lease: a crash at any instruction leaves it wanted, and the file is fetched again. Storing a file twice
has the effect of storing it once.
"""

from __future__ import annotations

import asyncio
import hashlib
import logging
import time
from collections.abc import Callable

from sqlalchemy.orm import Session

from bot_daemon.bot_api.breaker import BreakerState, CircuitBreaker
from bot_daemon.bot_api.client import TelegramApi, TokenRevoked
from bot_daemon.bot_api.verdicts import TokenRefused
from bot_daemon.media import download, fetch_queue, file_types, thumbnails
from bot_daemon.media.fetch_queue import FetchJob, FetchResult, Kept, Later, Refused
from bot_daemon.runtime import metrics
from bot_daemon.runtime.cancellation import cancel_when
from bot_daemon.runtime.database_thread import DatabaseThread
from bot_daemon.runtime.poll_loop import PollLoop
from common.database import crashpoints
from common.database.engine import is_transient
from common.database.models import MediaReason
from common.errors import LeaseLost
from common.media.media_store import Directory
from common.media.opener import OpenerFailed
from common.messaging import bots
from common.operation import pruning
from common.settings.timing import Timing

log = logging.getLogger(__name__)

CONCURRENCY = 2  # files at a time: each is in memory, and its thumbnail's process beside it


class Fetcher:
    """The fetching of one leader. `breaker` is the dispatcher's: while Telegram does not answer, nothing is fetched."""

    def __init__(
        self,
        thread: DatabaseThread,
        api: TelegramApi,
        store: Directory | None,
        *,
        epoch: int,
        bot_id: int,
        timing: Timing,
        breaker: CircuitBreaker,
        trusted: Callable[[], bool],
        has_room: Callable[[], bool],
    ) -> None:
        self._thread, self._api, self._store = thread, api, store
        self._epoch, self._bot_id, self._timing = epoch, bot_id, timing
        self._breaker, self._trusted, self._has_room = breaker, trusted, has_room
        self._silent_until = 0.0
        self._poll_loop = PollLoop("fetcher", timing.poll)
        self._fetches: dict[asyncio.Task[None], int] = {}  # each task with the id of its row
        self._token_refused = False
        self._opening = asyncio.Semaphore(1)  # one picture at a time: decoded, it takes more memory than its file

    def wake(self) -> None:
        """Look again: there may be a file to fetch."""
        self._poll_loop.wake()

    async def run(self) -> None:
        """Run until `stop`. Raises: TokenRevoked."""
        await self._poll_loop.run(self._round)

    async def stop(self, grace: float) -> None:
        """Begin no more fetches. A file on its way stays wanted; a file that was fetched is still stored."""
        self._poll_loop.stop()
        if self._fetches:
            await asyncio.wait(self._fetches, timeout=grace)

    async def _round(self) -> float:
        """Begin the fetches that are due. Returns the seconds until the next useful round. Raises: TokenRevoked."""
        if self._token_refused:
            raise TokenRevoked
        room, silent = CONCURRENCY - len(self._fetches), self._silent_until - time.monotonic()
        if room <= 0 or silent > 0 or self._breaker.state is BreakerState.OPEN or not self._trusted():
            return self._timing.poll
        in_work = set(self._fetches.values())
        jobs, wait = await self._thread.read(lambda session: _due_jobs(session, self._bot_id, room, in_work))
        if not self._poll_loop.stopping.is_set():
            for job in jobs:
                self._begin(job)
        return min(wait, self._timing.heartbeat)

    def _begin(self, job: FetchJob) -> None:
        task = asyncio.create_task(self._work(job), name=f"fetch {job.media_id}")
        self._fetches[task] = job.media_id
        task.add_done_callback(self._on_fetch_end)

    def _on_fetch_end(self, task: asyncio.Task[None]) -> None:
        del self._fetches[task]
        self._poll_loop.wake()
        if not task.cancelled() and task.exception() is not None:
            log.error("A download task failed", exc_info=task.exception())

    async def _work(self, job: FetchJob) -> None:
        """Fetch the file, check it, and record the result."""
        began = time.monotonic()
        result = await cancel_when(self._poll_loop.stopping, self._fetch_file(job))
        if isinstance(result, TokenRefused):
            self._token_refused = True
        if result is None or isinstance(result, TokenRefused):
            return
        if isinstance(result, Later) and result.all_wait:
            self._silent_until = max(self._silent_until, time.monotonic() + (result.seconds or 0.0))
        crashpoints.reach("media.fetched")
        await self._write_result(job, result)
        metrics.MEDIA.labels(type(result).__name__.lower()).inc()
        metrics.MEDIA_SECONDS.observe(time.monotonic() - began)

    async def _fetch_file(self, job: FetchJob) -> FetchResult | TokenRefused:
        """The file's type, whether it is complete, and its thumbnail. Nothing is fetched that cannot be kept."""
        if job.is_too_much:
            return Refused(MediaReason.QUOTA)
        if not await asyncio.to_thread(self._has_room):
            return Refused(MediaReason.NO_ROOM)
        body = await download.fetch(self._api, job.file_id, self._timing.download, self._timing.probe[3])
        if not isinstance(body, bytes):
            return body
        media_type = file_types.sniff(body, job.kind)
        if media_type is None:
            return Refused(MediaReason.WRONG_TYPE)
        thumbnail: bytes | str | None = None
        if file_types.is_picture(media_type):
            try:
                async with self._opening:
                    thumbnail = await thumbnails.make_thumbnail(body)
            except (OpenerFailed, OSError) as error:
                return Later(MediaReason.NO_THUMBNAIL, str(error))
        if isinstance(thumbnail, str):
            return Refused(MediaReason(thumbnail))
        return await self._store_file(media_type, body, thumbnail)

    async def _store_file(self, media_type: str, body: bytes, thumbnail: bytes | None) -> FetchResult:
        digest = await asyncio.to_thread(lambda: hashlib.sha256(body).hexdigest())
        if self._store is None:
            return Kept(digest, media_type, len(body), body, thumbnail)
        try:
            await asyncio.to_thread(self._store.put, digest, body)
        except OSError as error:
            log.error("MEDIA_DIR %s is not writable: %s", self._store.place, error.strerror)
            return Later(MediaReason.NOT_STORED, error.strerror or "", self._timing.probe[-1], all_wait=True)
        return Kept(digest, media_type, len(body), None, thumbnail)

    async def _write_result(self, job: FetchJob, result: FetchResult) -> None:
        """Write the result once the database is available. If the process stops before, the file is fetched again."""
        while True:
            try:
                await self._thread.run(
                    lambda session: fetch_queue.record(session, self._epoch, job.media_id, result), "media"
                )
            except LeaseLost:
                log.warning("File %d now belongs to another daemon; its download is not kept", job.media_id)
            except Exception as error:
                if not is_transient(error):
                    raise
                if not self._poll_loop.stopping.is_set():
                    await asyncio.sleep(self._timing.poll / 4)
                    continue
            else:
                level = logging.WARNING if isinstance(result, Later) else logging.INFO
                log.log(level, "File %d: %s", job.media_id, result)
            return


def _due_jobs(session: Session, bot_id: int, room: int, in_work: set[int]) -> tuple[list[FetchJob], float]:
    """The files that are due, and the seconds until the next one is."""
    pause = max(bots.pause_seconds(session, bot_id), fetch_queue.pause_seconds(session))
    return ([], pause) if pause else (list(fetch_queue.due(session, room, in_work)), fetch_queue.next_due(session))


async def prune_files(store: Directory | None, thread: DatabaseThread) -> None:
    """Remove the directory's files whose rows were pruned, and files that were half written."""
    if store is None:
        return
    try:
        for shelf in await asyncio.to_thread(store.shelves):
            files = await asyncio.to_thread(store.old, shelf)
            unneeded = await thread.read(lambda session, files=files: pruning.unneeded(session, files))  # type: ignore[misc]
            await asyncio.to_thread(store.remove, unneeded)
    except OSError as error:
        log.warning("MEDIA_DIR %s could not be listed: %s", store.place, error.strerror)
