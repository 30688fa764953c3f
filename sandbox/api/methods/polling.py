"""getUpdates: long polls, confirmation by offset, one poller at a time."""

import asyncio
from typing import Any

import msgspec

from sandbox import errors
from sandbox.api.call import Call
from sandbox.errors import ApiError, conflict
from sandbox.telegram.bots import Bot
from sandbox.telegram.updates import KINDS
from sandbox.telegram.world import World

MAX_TIMEOUT = 50  # Client.h LONG_POLL_MAX_TIMEOUT
CONFLICT_PAUSE = 3.0  # Client.cpp:16245


async def get_updates(call: Call) -> msgspec.Raw:
    """Raises 409 while a webhook is set, and for the elder of two pollers."""
    bot, world = call.bot, call.world
    if bot.webhook is not None:
        raise await conflict_after_pause(world, bot, errors.WEBHOOK_ACTIVE)
    offset = call.parameters.integer("offset")
    limit = call.parameters.integer("limit", 100, 1, 100)
    timeout = call.parameters.integer("timeout", 0, 0, MAX_TIMEOUT)
    remember_allowed(call)
    limit, timeout = _throttle(call, offset, limit, timeout)
    bot.poll_generation += 1
    return await _poll(call, offset, limit, float(timeout))


def _throttle(call: Call, offset: int, limit: int, timeout: int) -> tuple[int, int]:
    """The same offset within 3 s waits 3 s at least, within 0.5 s gives one update. Source: Client.cpp:15713-15719."""
    bot, now = call.bot, call.world.clock.now()
    if call.world.limits and offset == bot.poll_offset:
        if timeout < 3 and now < bot.poll_started_at + 3.0:
            timeout = 3
        if now < bot.poll_started_at + 0.5:
            limit = 1
    bot.poll_offset, bot.poll_started_at = offset, now
    return limit, timeout


async def _poll(call: Call, offset: int, limit: int, seconds: float) -> msgspec.Raw:
    bot, world = call.bot, call.world
    mine, ends = bot.poll_generation, world.clock.now() + seconds
    bot.updates.announce()  # wakes an elder poller, which sees that it is not alone
    while True:
        if bot.poll_generation != mine:
            text = errors.TERMINATED_BY_GET_UPDATES if bot.webhook is None else errors.TERMINATED_BY_SET_WEBHOOK
            raise await conflict_after_pause(world, bot, text)
        found = bot.updates.take(offset, limit, world.clock.now())
        left = ends - world.clock.now()
        if found or left <= 0 or world.stopping.is_set():
            bot.updates.again += [update for update in found if world.doubles(update)]
            return msgspec.Raw(b"[" + b",".join(update.raw for update in found) + b"]")
        await _wait_for_update(world, bot.updates.arrived, left)


async def _wait_for_update(world: World, arrived: asyncio.Event, seconds: float) -> None:
    """Return at a new update or after engine `seconds`; a jump of the clock counts."""
    waiters = [asyncio.ensure_future(arrived.wait()), asyncio.ensure_future(world.clock.sleep(seconds))]
    try:
        await asyncio.wait(waiters, return_when=asyncio.FIRST_COMPLETED)
    finally:
        for waiter in waiters:
            waiter.cancel()


async def conflict_after_pause(world: World, bot: Bot, text: str) -> ApiError:
    """The 409; a second one within three seconds comes three seconds late. Source: Client.cpp:16238."""
    now = world.clock.now()
    if now >= bot.conflict_at:
        bot.conflict_at = now + CONFLICT_PAUSE
    else:
        await world.clock.sleep(CONFLICT_PAUSE)
    return conflict(text)


def remember_allowed(call: Call) -> None:
    """allowed_updates: omitted keeps the former list, empty means the default (docs, getUpdates)."""
    given: Any = call.parameters.json("allowed_updates", "allowed updates")
    if isinstance(given, list):
        known = [kind for kind in given if kind in KINDS]
        call.bot.allowed_updates = known or None
