"""A file from Telegram: `getFile`, then its download, and the meaning of each answer for the fetcher.

A file's address holds the token, and on some servers its path does, too: neither leaves this module and `TelegramApi`.
"""

from __future__ import annotations

import logging

from bot_daemon.bot_api.client import (
    Ambiguous,
    Answered,
    CallOutcome,
    DownloadOutcome,
    NoFile,
    NotSent,
    TelegramApi,
    TooLarge,
)
from bot_daemon.bot_api.verdicts import MAX_PAUSE, TokenRefused
from bot_daemon.media.fetch_queue import Gone, Later, Refused
from common.database.models import MediaReason
from common.media.attachments import MAX_BYTES

log = logging.getLogger(__name__)

FetchFailure = Refused | Gone | Later | TokenRefused

# What getFile says no with (tdlib/telegram-bot-api, Client.cpp 8707-8719, 6857), in lower case; the first that fits.
FAILURES: tuple[tuple[str, FetchFailure], ...] = (
    ("file is too big", Refused(MediaReason.TOO_LARGE)),
    ("temporarily unavailable", Later(MediaReason.NOT_AT_HAND)),
    ("invalid file_id", Gone(MediaReason.GONE)),
    ("wrong file_id", Gone(MediaReason.GONE)),
    ("wrong file identifier", Gone(MediaReason.GONE)),
    ("wrong remote file identifier", Gone(MediaReason.GONE)),
    ("file_id not specified", Gone(MediaReason.GONE)),
    ("file reference", Gone(MediaReason.GONE)),
    ("file_reference", Gone(MediaReason.GONE)),
)


async def fetch(api: TelegramApi, file_id: str, total: float, away: float) -> bytes | FetchFailure:
    """All bytes of the file, or the reason for the failure.

    Args:
        total: seconds for the download.
        away: seconds to wait when Telegram cannot be reached.
    """
    answer = await api.call("getFile", {"file_id": file_id})
    path = path_of(answer, away)
    if not isinstance(path, str):
        return path
    size = answer.result.get("file_size") if isinstance(answer, Answered) else None
    return download_result(await api.download(path, most=MAX_BYTES, total=total), size, away)


def path_of(answer: CallOutcome, away: float) -> str | FetchFailure:
    """The path to download from, or the failure that the answer means."""
    if isinstance(answer, NotSent):
        return Later(MediaReason.NETWORK, answer.reason, away, all_wait=True)
    if isinstance(answer, Ambiguous):
        return Later(MediaReason.NO_ANSWER, answer.reason)
    if answer.status == 401:
        return TokenRefused()
    if answer.status == 429:
        return rate_limited(answer.retry_after)
    if not answer.ok:
        return failure_of(answer.description)
    path = answer.result.get("file_path") if isinstance(answer.result, dict) else None
    if not isinstance(path, str) or not path:
        return Later(MediaReason.NO_PATH)
    if path.startswith("/") or ".." in path or ":" in path:
        log.error(
            "The Bot API server keeps files on its own disk, where the daemon cannot read them: run it without --local"
        )
        return Gone(MediaReason.LOCAL_PATH)
    return path


def failure_of(description: str) -> FetchFailure:
    """The failure that a refusal of getFile means. A refusal in unknown words is retried, and given up in the end."""
    text = description.lower()
    return next((failure for words, failure in FAILURES if words in text), Later(MediaReason.REFUSED, description))


def download_result(file: DownloadOutcome, size: object, away: float) -> bytes | FetchFailure:
    """The result of a download. `size` is the size that getFile gave."""
    if isinstance(file, NotSent):
        return Later(MediaReason.NETWORK, file.reason, away, all_wait=True)
    if isinstance(file, Ambiguous):
        return Later(MediaReason.NO_ANSWER, file.reason)
    if isinstance(file, TooLarge):
        return Refused(MediaReason.TOO_LARGE)
    if isinstance(file, NoFile):
        return (
            rate_limited(file.retry_after) if file.status == 429 else Later(MediaReason.HTTP_STATUS, str(file.status))
        )
    if isinstance(size, int) and size != len(file):
        return Later(MediaReason.INCOMPLETE, f"{len(file)} bytes of {size}")
    return file or Refused(MediaReason.EMPTY)


def rate_limited(seconds: float | None) -> Later:
    """A 429 is a deadline for all files. It does not count as an attempt."""
    return Later(MediaReason.RATE_LIMITED, seconds=min(max(seconds or 5.0, 0.0), MAX_PAUSE), all_wait=True)
