"""The photos of outgoing messages, read for the send from the database or the directory."""

from __future__ import annotations

import asyncio

from bot_daemon.runtime.database_thread import DatabaseThread
from common.errors import NotFound
from common.media import media_store
from common.media.media_store import Directory


class PhotoMissing(Exception):
    """The photo was pruned, or the desk keeps its files in a directory that this process cannot see."""


async def read(thread: DatabaseThread, directory: Directory, digest: str) -> bytes:
    """The photo's bytes.

    Raises:
        PhotoMissing: another attempt would not find it either.
        OperationalError and its like: the database is away.
    """
    try:
        body = await thread.read(lambda session: media_store.stored_body(session, digest))
    except NotFound:
        raise PhotoMissing("it is not kept any more") from None
    if body is not None:
        return body
    try:
        return await asyncio.to_thread(directory.path(digest).read_bytes)
    except OSError as error:
        raise PhotoMissing(f"MEDIA_DIR: {error.strerror}") from None
