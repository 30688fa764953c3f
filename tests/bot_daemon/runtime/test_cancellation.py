"""Waiting for work and for the end at once."""

from __future__ import annotations

import asyncio

import pytest

from bot_daemon.runtime.cancellation import cancel_when


async def forever(ended: list[str]) -> str:
    try:
        await asyncio.Event().wait()
    finally:
        ended.append("cancelled")
    return "never"


async def soon(value: str) -> str:
    await asyncio.sleep(0)
    return value


async def test_work_that_is_done_first_gives_its_result() -> None:
    assert await cancel_when(asyncio.Event(), soon("done")) == "done"


async def test_what_is_over_first_cancels_the_work_and_waits_for_its_end() -> None:
    over, ended = asyncio.Event(), list[str]()
    asyncio.get_running_loop().call_soon(over.set)

    assert await cancel_when(over, forever(ended)) is None
    assert ended == ["cancelled"]


async def test_what_the_work_raises_is_raised() -> None:
    async def fails() -> None:
        raise LookupError("no such part")

    with pytest.raises(LookupError):
        await cancel_when(asyncio.Event(), fails())


async def test_whoever_cancels_the_waiting_cancels_the_work() -> None:
    ended: list[str] = []
    waiting = asyncio.create_task(cancel_when(asyncio.Event(), forever(ended)))
    await asyncio.sleep(0)
    await asyncio.sleep(0)
    waiting.cancel()
    await asyncio.wait({waiting})

    assert waiting.cancelled()
    assert ended == ["cancelled"]
