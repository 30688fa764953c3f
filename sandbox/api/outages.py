"""Faults as the caller meets them: refusals, broken answers, silence, cut connections."""

import asyncio
import socket
import struct
from collections.abc import Awaitable, Callable

from aiohttp import web

from sandbox import errors
from sandbox.api.answers import Answer, refusal
from sandbox.errors import ApiError, bad_request, conflict, forbidden, too_many_requests
from sandbox.faults import Fault
from sandbox.journal import Entry
from sandbox.telegram.world import World

Perform = Callable[[], Awaitable[Answer]]

_BAD_GATEWAY = b"""<html>
<head><title>502 Bad Gateway</title></head>
<body>
<center><h1>502 Bad Gateway</h1></center>
<hr><center>nginx</center>
</body>
</html>
"""
_PORTAL = b"<html><head><title>Welcome</title></head><body><h1>Sign in to this network</h1></body></html>\n"
MAX_WAIT = 3600.0


def reset(request: web.Request) -> web.Response:
    """Cut the connection with a TCP reset. The response returned is never sent."""
    if request.transport is not None:
        connection = request.transport.get_extra_info("socket")
        if connection is not None:
            connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        request.transport.abort()
    return web.Response(status=499)


async def play(world: World, request: web.Request, fault: Fault, entry: Entry, perform: Perform) -> web.StreamResponse:
    """Play the fault to the caller. With `fault.effect` the call still takes effect before the fault."""
    done = await perform() if fault.effect else None
    world.tell_journal(entry)
    response = await _respond_broken(world, request, fault, entry, done)
    entry.finished_at = world.clock.wall()
    world.tell_journal(entry)
    return response


async def _respond_broken(
    world: World, request: web.Request, fault: Fault, entry: Entry, done: Answer | None
) -> web.StreamResponse:
    match fault.action:
        case "slow":
            await _wait(world, fault, fault.seconds)
            return (done or refusal(ApiError(500, "Internal Server Error"))).response()
        case "hang":
            await _wait(world, fault, MAX_WAIT)
            return reset(request)
        case "reset_before" | "reset_after":
            return reset(request)
        case "truncated":
            return await _truncated(request, done.body if done else b'{"ok":true,"result":{}}')
        case "502html":
            return _html(entry, 502, _BAD_GATEWAY)
        case "200html":
            return _html(entry, 200, _PORTAL)
    answer = refusal(_refusal(fault, entry))
    entry.status, entry.answer = answer.status, answer.body
    return answer.response()


def _refusal(fault: Fault, entry: Entry) -> ApiError:
    """The Bot API answer that the script asks for."""
    match fault.action:
        case "429":
            return too_many_requests(fault.retry_after)
        case "401":
            return ApiError(401, fault.text or errors.UNAUTHORIZED)
        case "409":
            return conflict(fault.text or errors.TERMINATED_BY_GET_UPDATES)
        case "403" | "blocked":
            return forbidden(fault.text or errors.BLOCKED)
        case "deactivated":
            return forbidden(errors.DEACTIVATED)
        case "migrated":
            moved = int(f"-100{abs(entry.chat_id or 1)}")
            return bad_request(errors.MIGRATED, {"migrate_to_chat_id": moved})
        case "400":
            return bad_request(fault.text or errors.CHAT_NOT_FOUND)
    return ApiError(500, fault.text or "Internal Server Error")


async def _wait(world: World, fault: Fault, seconds: float) -> None:
    """Wait real seconds, cut short when the fault is removed or the emulator stops."""
    ends = [asyncio.ensure_future(event.wait()) for event in (world.stopping, fault.lifted)]
    try:
        await asyncio.wait(ends, timeout=min(seconds, MAX_WAIT), return_when=asyncio.FIRST_COMPLETED)
    finally:
        for end in ends:
            end.cancel()


async def _truncated(request: web.Request, body: bytes) -> web.StreamResponse:
    response = web.StreamResponse(headers={"Content-Type": "application/json", "Content-Length": str(len(body))})
    await response.prepare(request)
    await response.write(body[: len(body) // 2])
    if request.transport is not None:
        request.transport.close()
    return response


def _html(entry: Entry, status: int, page: bytes) -> web.Response:
    entry.status, entry.answer = status, page
    return web.Response(status=status, body=page, content_type="text/html")
