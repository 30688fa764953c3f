"""The bell's listener, apart from the public port: a signed POST that means "there is something to do"."""

from __future__ import annotations

from collections.abc import Callable

from aiohttp import web

from bot_daemon.runtime import metrics
from common import clock, signing

MAX_RING = 4096


def doorbell_app(secret: str, on_ring: Callable[[], None]) -> web.Application:
    """Answers 204 to an authentic ring and 401 to any other. No work is done inside."""

    async def ring(request: web.Request) -> web.Response:
        body = await request.read()
        authentic = signing.ring_is_authentic(
            secret,
            request.headers.get("X-Felix-Timestamp", ""),
            request.headers.get("X-Felix-Signature", ""),
            body,
            clock.utcnow().timestamp(),
        )
        metrics.RINGS.labels("rung" if authentic else "refused").inc()
        if not authentic:
            return web.Response(status=401)
        on_ring()
        return web.Response(status=204)

    app = web.Application(client_max_size=MAX_RING)
    app.router.add_post("/doorbell", ring)
    return app
