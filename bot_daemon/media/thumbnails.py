"""Thumbnails, made by a process of their own: outside the loop and outside the database thread."""

from __future__ import annotations

import asyncio
from pathlib import Path

from common.media.opener import PROGRAM, SMALL, TIMEOUT, OpenerFailed, command, environment, outcome


async def make_thumbnail(body: bytes, program: Path = PROGRAM, patience: float = TIMEOUT) -> bytes | str:
    """A small JPEG, or the reason for its absence: `damaged`, `too_many_pixels`.

    Raises: NotMade.
    """
    process = await asyncio.create_subprocess_exec(
        *command(SMALL, program),
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.DEVNULL,
        env=environment(),
    )
    try:
        async with asyncio.timeout(patience):
            small, _ = await process.communicate(body)
    except TimeoutError:
        raise OpenerFailed(f"not within {patience:.0f} s") from None
    finally:
        if process.returncode is None:
            process.kill()
            await process.wait()
    return outcome(process.returncode, small)
