"""Thumbnails, made by a process of their own: outside the loop, outside the database thread, without our secrets."""

from __future__ import annotations

import asyncio
import os
import sys
from pathlib import Path

from bot_daemon import thumbnail

PROGRAM = Path(thumbnail.__file__)
NEEDED = ("PATH", "LD_LIBRARY_PATH", "SYSTEMROOT", "LANG")  # all the process gets of our environment
PATIENCE = 20.0  # seconds
MOST = 1 << 20  # bytes of a thumbnail

REFUSED = {thumbnail.DAMAGED: "damaged", thumbnail.TOO_MANY_PIXELS: "too_many_pixels"}


class NotMade(Exception):
    """The process did not come to an end of its own: it may be the picture, or the machine."""


async def thumbnail_of(body: bytes, program: Path = PROGRAM, patience: float = PATIENCE) -> bytes | str:
    """A small JPEG, or why there is none: `damaged`, `too_many_pixels`.

    Raises: NotMade.
    """
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        "-I",
        "-B",
        str(program),
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.DEVNULL,
        env={name: os.environ[name] for name in NEEDED if name in os.environ},
    )
    try:
        async with asyncio.timeout(patience):
            small, _ = await process.communicate(body)
    except TimeoutError:
        raise NotMade(f"not within {patience:.0f} s") from None
    finally:
        if process.returncode is None:
            process.kill()
            await process.wait()
    if process.returncode == 0 and 0 < len(small) <= MOST:
        return small
    if process.returncode in REFUSED:
        return REFUSED[process.returncode]
    raise NotMade(f"exit code {process.returncode}")
