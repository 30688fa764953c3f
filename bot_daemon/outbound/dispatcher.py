"""The dispatcher claims due messages, as far ahead as the limits let them leave, and sends them.

Sends of different streams run side by side; each is bounded in time; their stamps and results are committed in groups.
It works only while the lease is trusted.
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
import time
from collections.abc import Callable
from datetime import UTC, tzinfo

from sqlalchemy.orm import Session

from bot_daemon.bot_api.breaker import BreakerState, CircuitBreaker
from bot_daemon.bot_api.client import Ambiguous, Answered, NotSent, TelegramApi, TokenRevoked
from bot_daemon.bot_api.verdicts import GiveUp, SendVerdict, Snooze, TokenRefused, Unsent, verdict_of
from bot_daemon.outbound import claims, photos, results, stamping
from bot_daemon.outbound.pacing import Pacing
from bot_daemon.outbound.results import SendResult
from bot_daemon.outbound.stamping import Outgoing
from bot_daemon.runtime import metrics
from bot_daemon.runtime.cancellation import cancel_when
from bot_daemon.runtime.database_thread import DatabaseThread, GroupCommit
from bot_daemon.runtime.poll_loop import PollLoop
from common.database import crashpoints
from common.database.engine import is_transient
from common.database.models import ReasonCode
from common.media.media_store import Directory
from common.messaging import bots
from common.settings.timing import Timing

log = logging.getLogger(__name__)

CONCURRENCY = 30


class Dispatcher:
    """The sending of one leader. `trusted` tells whether the lease still holds; `epoch` fences the writes."""

    def __init__(
        self,
        thread: DatabaseThread,
        api: TelegramApi,
        *,
        epoch: int,
        bot_id: int,
        timing: Timing,
        send_rate: float,
        language: str,
        trusted: Callable[[], bool],
        media: Directory,
        zone: tzinfo = UTC,
    ) -> None:
        self._thread, self._api, self._epoch, self._bot_id = thread, api, epoch, bot_id
        self._timing, self._language, self._trusted, self._zone = timing, language, trusted, zone
        self._media = media
        self._pacing = Pacing(send_rate, timing.horizon)
        self.breaker = CircuitBreaker(timing.probe)
        self._claiming = asyncio.Lock()
        self._results: GroupCommit[SendResult, bool] = GroupCommit(
            thread, "result", lambda session, batch: results.record(session, list(batch), epoch)
        )
        self._poll_loop = PollLoop("dispatcher", timing.poll)
        self._sends: dict[asyncio.Task[None], int] = {}  # each task with the id of its row
        self._token_refused = False
        self._suspect_due = False  # a message that may have ended the last process waits to be tried alone
        self._alone = False  # it is on its way
        self._more = False  # due rows may be waiting for messages on the wire
        self._next_sweep = 0.0

    def wake(self) -> None:
        """Look again: there may be a message to send."""
        self._poll_loop.wake()

    @property
    def in_flight(self) -> int:
        return len(self._sends)

    async def run(self) -> None:
        """Run until `stop`. Raises: TokenRevoked."""
        await self._poll_loop.run(self._round)

    async def stop(self, grace: float) -> None:
        """Claim no more, let the messages on the wire finish, and give the rest back."""
        self._poll_loop.stop()
        async with self._claiming:  # a claim that is running still becomes sends, which give their rows back
            pass
        if self._sends:
            await asyncio.wait(self._sends, timeout=grace)
        await self._results.wait_until_idle()

    async def _round(self) -> float:
        """Look at the outbox once. Returns the seconds until the next useful round. Raises: TokenRevoked."""
        if self._token_refused:
            raise TokenRevoked
        now = time.monotonic()
        metrics.TELEGRAM_UP.set(self.breaker.state is BreakerState.CLOSED)
        if now >= self._next_sweep:
            self._next_sweep = now + self._timing.poll
            in_flight = list(self._sends.values())
            self._suspect_due = await self._thread.run(lambda session: self._sweep(session, in_flight), "sweep")
        if self.breaker.state is BreakerState.OPEN:
            return await self._probe()
        if not self._pacing.knows_silence:
            left = await self._thread.read(lambda session: bots.pause_seconds(session, self._bot_id))
            self._pacing.be_silent(now + left)
        if silence := self._pacing.silence(now):
            return min(silence, self._timing.poll)
        room = min(self.breaker.free_slots(len(self._sends), CONCURRENCY), self._pacing.free_slots(now))
        if room <= 0 or not self._trusted() or (self._sends and (self._suspect_due or self._alone)):
            return self._timing.horizon / 4
        return await self._claim(room)

    def _sweep(self, session: Session, in_flight: list[int]) -> bool:
        """Returns whether a suspect is due."""
        claims.rescue_rows(session, self._epoch, in_flight)
        claims.expire(session)
        return claims.is_suspect_due(session)

    async def _claim(self, room: int) -> float:
        async with self._claiming:
            if self._poll_loop.stopping.is_set():
                return 0.0
            of_suspect = self._suspect_due
            claimed, outgoing, self._more = await self._thread.call(lambda: self._claim_and_stamp(room), "claim")
            for one in outgoing:
                self._start(one)
            self._suspect_due, self._alone = False, of_suspect and bool(outgoing)
        if claimed.more or len(claimed.ids) >= room or of_suspect:
            return 0.0
        poll = self._timing.poll
        return min(claimed.wait or poll, self._pacing.next_ready(time.monotonic(), poll))

    def _start(self, outgoing: Outgoing) -> None:
        slot = self._pacing.take_slot(time.monotonic())
        task = asyncio.create_task(self._send(outgoing, slot), name=f"send {outgoing.row_id}")
        self._sends[task] = outgoing.row_id
        task.add_done_callback(self._on_send_end)

    def _claim_and_stamp(self, room: int) -> tuple[claims.Claim, list[Outgoing], bool]:
        """Two transactions in one visit to the database thread. An empty outbox costs one look, no write.

        The third value tells whether due rows are left, held back by the room or by messages on the wire.
        """
        of_strangers = self._pacing.admits_strangers(time.monotonic())
        wanted = claims.Room(room, self._pacing.overtaken_share(room), of_strangers)
        if self._suspect_due:
            wanted = claims.Room(1, for_suspect=True)
        with self._thread.database.read() as session:
            if not claims.is_anything_due(session, wanted.least_urgent):
                return claims.Claim([], claims.next_due(session, wanted.least_urgent)), [], False
        lease = self._timing.row_lease
        with self._thread.database.write("claim") as session:
            claimed = claims.claim(session, self._epoch, room=wanted, row_lease=lease, admit=self._admit)
        self._pacing.take_overtaken(claimed.overtaken)
        if claimed.strangers:
            self._pacing.take_stranger(time.monotonic())
        if not claimed.ids:
            return claimed, [], True
        with self._thread.database.write("stamp") as session:
            outgoing = stamping.stamp(session, claimed.ids, self._epoch, lease, self._language, self._zone)
            return claimed, outgoing, claims.is_anything_due(session)

    def _admit(self, chat_id: int) -> float:
        return self._pacing.admit(chat_id, time.monotonic())

    async def _send(self, outgoing: Outgoing, slot: float) -> None:
        """Wait for the slot, make the call, write the result."""
        await self._sleep_until(slot)
        began = time.monotonic()
        result: SendVerdict = Unsent()
        if self._may_send(outgoing):
            photo = await self._read_photo(outgoing)
            result = photo if isinstance(photo, Unsent | GiveUp) else await self._call(outgoing, photo)
        took = int((time.monotonic() - began) * 1000)
        if isinstance(result, Snooze) and self._record_flood(outgoing.chat_id, result.seconds):
            await self._store_pause(result.seconds)
        await self._write_result(SendResult(outgoing, result, took))
        if isinstance(result, Snooze):
            self._pacing.expect(time.monotonic() + result.seconds)

    async def _read_photo(self, outgoing: Outgoing) -> bytes | Unsent | GiveUp | None:
        """The message's photo, read just before the send, so that no queue of photos is held in memory.

        A missing photo is our failure and not Telegram's, so the circuit breaker is left alone.
        """
        if outgoing.photo is None:
            return None
        try:
            return await photos.read(self._thread, self._media, outgoing.photo)
        except photos.PhotoMissing as error:
            log.error("The photo of message %d is missing: %s", outgoing.row_id, error)
            return GiveUp(str(error), ReasonCode.PHOTO_MISSING)
        except Exception as error:
            if not is_transient(error):
                raise
            return Unsent()

    async def _call(self, outgoing: Outgoing, photo: bytes | None) -> SendVerdict:
        crashpoints.reach("send.before")
        if photo is None:
            answer = await self._api.call(outgoing.method, outgoing.parameters)
        else:
            answer = await self._api.upload(outgoing.method, outgoing.parameters, "photo", photo, "photo.jpg")
        result = verdict_of(answer, outgoing.method)
        crashpoints.reach("send.after")
        self._apply_verdict(outgoing, result)
        return result

    def _may_send(self, outgoing: Outgoing) -> bool:
        """Whether the send is still allowed after everything that has happened since the claim."""
        return (
            not self._poll_loop.stopping.is_set()
            and not self._token_refused
            and self._trusted()
            and self.breaker.state is not BreakerState.OPEN
            and self._pacing.may_send(outgoing.chat_id, time.monotonic())
        )

    async def _sleep_until(self, slot: float) -> None:
        """Sleep until the slot, or until the dispatcher stops."""
        if (left := slot - time.monotonic()) > 0:
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(self._poll_loop.stopping.wait(), left)

    def _apply_verdict(self, outgoing: Outgoing, result: SendVerdict) -> None:
        """Apply one verdict to the circuit breaker and the token."""
        metrics.SENDS.labels(outgoing.kind, type(result).__name__.lower()).inc()
        if isinstance(result, NotSent | Ambiguous):
            log.warning("Message %d got no answer from Telegram: %s", outgoing.row_id, result.reason)
            self.breaker.record_failure()
            return
        self.breaker.record_answer()
        if isinstance(result, TokenRefused):
            self._token_refused = True
            self._poll_loop.wake()

    def _record_flood(self, chat_id: int, seconds: float) -> bool:
        """A 429: the chat waits (written with the result). From many chats at once the whole bot waits (True)."""
        metrics.FLOOD_WAITS.inc()
        log.warning("Telegram limits chat %d for %.0f s", chat_id, seconds)
        return self._pacing.record_flood(chat_id, seconds, time.monotonic())

    async def _store_pause(self, seconds: float) -> None:
        """Store the pause of the whole bot, so that a restart obeys it too."""
        try:
            await self._thread.run(lambda session: bots.pause(session, self._bot_id, seconds), "pause")
        except Exception as error:
            if not is_transient(error):
                raise
            log.warning("The pause of the whole bot could not be stored: %s", type(error).__name__)

    async def _write_result(self, result: SendResult) -> None:
        """Write the result, retrying until the database is back. The row's lease bounds the harm."""
        deadline = time.monotonic() + self._timing.row_lease
        while True:
            try:
                await self._results.put(result)
                break
            except Exception as error:
                if not is_transient(error) or time.monotonic() > deadline:
                    log.exception("The result of message %d could not be stored", result.outgoing.row_id)
                    return
                await asyncio.sleep(self._timing.poll / 4)
        metrics.SEND_SECONDS.observe(result.milliseconds / 1000)
        log.debug("Message %d to chat %d ended as %s", result.outgoing.row_id, result.outgoing.chat_id, result.verdict)

    def _on_send_end(self, task: asyncio.Task[None]) -> None:
        del self._sends[task]
        if self._alone:
            self._alone, self._next_sweep = False, 0.0  # there may be another one
            self._poll_loop.wake()
        if self._more or self._token_refused or self.breaker.state is not BreakerState.CLOSED:
            self._poll_loop.wake()
        if not task.cancelled() and task.exception() is not None:
            log.error("A send task failed", exc_info=task.exception())

    async def _probe(self) -> float:
        """Call `getMe` until Telegram answers. Then one message goes out on trial."""
        await self._sleep_until(time.monotonic() + self.breaker.probe_delay())
        outcome = await cancel_when(self._poll_loop.stopping, self._api.call("getMe"))
        if outcome is None:
            return 0.0
        self.breaker.record_probe(isinstance(outcome, Answered))
        if isinstance(outcome, Answered) and outcome.status == 401:
            self._token_refused = True
        return 0.0 if isinstance(outcome, Answered) else self._timing.probe[0]
