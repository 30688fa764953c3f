"""The rows of the files to fetch: which are due, and the result of each fetch. Service functions, no I/O."""

from __future__ import annotations

import math
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy import ColumnElement, func, select, text
from sqlalchemy.orm import Session

from bot_daemon.runtime import backoff
from common import clock
from common.database.engine import bump_revision
from common.database.models import Event, Media, MediaReason, MediaState, Order, Via
from common.events.kinds import EventKind
from common.facts.talk import MediaRefused
from common.media import media_store, quotas
from common.media.media_store import FileContent
from common.messaging import leases, outbox
from common.messaging.kinds import MessageKind

MAX_ATTEMPTS = 12  # the last ones are three hours apart
OF_MANY = (MediaReason.QUOTA, MediaReason.NO_ROOM)  # told once an hour: these are not about one file
MAX_DETAIL = 120  # characters of a reason's detail
_WANTED: ColumnElement[bool] = text("state = 'wanted'")  # type: ignore[assignment]  # literal: the partial index is used


@dataclass(frozen=True)
class FetchJob:
    """One file to fetch."""

    media_id: int
    file_id: str
    kind: str
    is_too_much: bool = False  # its sender has used up what a person may send within a day


@dataclass(frozen=True)
class Kept(FileContent):
    """The file is of a type that we keep."""

    def __str__(self) -> str:
        return f"kept, {self.type}, {self.size} bytes"


@dataclass(frozen=True)
class Refused:
    """We do not keep the file: too_large, wrong_type, damaged, too_many_pixels, empty, quota, no_room."""

    reason: MediaReason

    def __str__(self) -> str:
        return f"refused, {self.reason}"


@dataclass(frozen=True)
class Gone:
    """Telegram no longer has the file, or never gives it: gone, local_path, unavailable."""

    reason: MediaReason

    def __str__(self) -> str:
        return f"gone, {self.reason}"


@dataclass(frozen=True)
class Later:
    """The fetch is postponed. With `seconds` the file is not at fault: it waits so long, and no attempt is counted.

    `all_wait`: all other files have to wait, too.
    """

    reason: MediaReason
    detail: str = ""
    seconds: float | None = None
    all_wait: bool = False

    def __str__(self) -> str:
        return f"not this time, {self.reason} {self.detail}".rstrip()


FetchResult = Kept | Refused | Gone | Later


def due(session: Session, most: int, without: Collection[int]) -> Sequence[FetchJob]:
    """The files to fetch now, the longest wait first, without those that are being fetched already."""
    waiting = select(Media.id, Media.file_id, Media.kind, Media.person_id).where(
        _WANTED, Media.due_at <= clock.utcnow()
    )
    rows = session.execute(waiting.where(Media.id.not_in(without)).order_by(Media.due_at, Media.id).limit(most))
    return [
        FetchJob(media_id, file_id, kind, quotas.is_used_up(session, person_id))
        for media_id, file_id, kind, person_id in rows.all()
    ]


def next_due(session: Session) -> float:
    """Seconds until the next file becomes due; infinite when no file waits."""
    at = session.scalar(select(func.min(Media.due_at)).where(_WANTED, Media.due_at > clock.utcnow()))
    return max((at - clock.utcnow()).total_seconds(), 0.001) if at is not None else math.inf


def pause_seconds(session: Session) -> float:
    """Seconds for which a 429 forbids every file. The deadline is on the rows, so a restart obeys it."""
    until = session.scalar(select(func.max(Media.due_at)).where(_WANTED, Media.reason_code == MediaReason.RATE_LIMITED))
    return max((until - clock.utcnow()).total_seconds(), 0.0) if until is not None else 0.0


def record(session: Session, epoch: int, media_id: int, result: FetchResult) -> bool:
    """Record the result of one fetch. Returns whether the file was still wanted: a second call changes nothing.

    Raises:
        LeaseLost: another daemon leads now, and fetches it itself.
    """
    leases.guard(session, epoch)
    media = session.get(Media, media_id, with_for_update=True)
    if media is None or media.state is not MediaState.WANTED:
        return False
    if isinstance(result, Later):
        result = _postpone(media, result) or result
    if isinstance(result, Kept):
        media_store.store(session, result)
        media.state, media.digest = MediaState.KEPT, result.digest
        media.reason_code, media.reason_detail = None, ""
    elif isinstance(result, Refused | Gone):
        media.state = MediaState.REFUSED if isinstance(result, Refused) else MediaState.GONE
        media.reason_code, media.reason_detail = result.reason, ""
        _tell_sender(session, media, result.reason)
    if not isinstance(result, Later):
        bump_revision(session)
    return True


def _postpone(media: Media, later: Later) -> Gone | None:
    """The file is due again after a while, or given up after `MAX_ATTEMPTS`."""
    media.reason_code, media.reason_detail = later.reason, later.detail[:MAX_DETAIL]
    if later.seconds is not None:
        media.due_at = clock.utcnow() + timedelta(seconds=later.seconds)
        return None
    media.attempts += 1
    media.due_at = clock.utcnow() + timedelta(seconds=backoff.retry_delay(media.attempts))
    return Gone(MediaReason.UNAVAILABLE) if media.attempts >= MAX_ATTEMPTS else None


def _tell_sender(session: Session, media: Media, reason: MediaReason) -> None:
    """Tell the sender, so that they can send the file in another way. The order's timeline shows it, too."""
    assert media.chat_id is not None, "what is wanted came in a message"
    refused = MediaRefused(media=media.kind, reason=reason.value)
    hour = f"{clock.utcnow():%Y-%m-%dT%H}"
    outbox.enqueue(
        session,
        key=f"media:{media.chat_id}:{reason.value}:{hour}" if reason in OF_MANY else f"media:{media.id}:refused",
        kind=MessageKind.REPLY_MEDIA_REFUSED,
        chat_id=media.chat_id,
        stream=outbox.chat_stream(media.chat_id),
        arguments=refused,
        person_id=media.person_id,
    )
    order = session.get(Order, media.order_id) if media.order_id is not None else None
    if order is not None:
        event = Event(
            order_id=order.id,
            kind=EventKind.MEDIA_REFUSED,
            at=clock.utcnow(),
            actor_id=media.person_id,
            via=Via.BOT,
            version=order.version,
            arguments=refused.stored(),
        )
        session.add(event)
