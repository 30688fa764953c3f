"""The chat page: one HTML file, its static files, deep links, and the stream of what happens."""

import asyncio
from pathlib import Path
from typing import Any

import msgspec
from aiohttp import web

from sandbox.telegram.world import World

STATIC = Path(__file__).parent / "static"
PING_SECONDS = 15.0
_HEADERS = {
    "Content-Security-Policy": (
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' blob:; font-src 'self'; "
        "connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
    ),
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Opener-Policy": "same-origin",
}
_TYPES = {
    ".css": "text/css",
    ".js": "text/javascript",
    ".svg": "image/svg+xml",
    ".woff2": "font/woff2",
    ".png": "image/png",
    ".txt": "text/plain",
}


class Pages:
    def __init__(self, world: World) -> None:
        self.world = world
        # Files are read once: the page loads at once, and no request can name a file that was missing at the start.
        files = {path.relative_to(STATIC).as_posix(): path for path in STATIC.rglob("*") if path.suffix in _TYPES}
        self._files = {name: (path.read_bytes(), _TYPES[path.suffix]) for name, path in files.items()}
        self._page = (STATIC / "index.html").read_bytes()

    def routes(self) -> list[web.RouteDef]:
        return [
            web.get("/", self.page),
            web.get("/t.me/{username}", self.page),
            web.get("/static/{name:.+}", self.static),
            web.get("/favicon.ico", self.icon),
            web.get("/sandbox/events", self.events),
        ]

    async def page(self, request: web.Request) -> web.Response:
        return web.Response(body=self._page, content_type="text/html", charset="utf-8", headers=_HEADERS)

    async def static(self, request: web.Request) -> web.Response:
        return self._file(request.match_info["name"])

    async def icon(self, request: web.Request) -> web.Response:
        return self._file("icon.svg")

    def _file(self, name: str) -> web.Response:
        if name not in self._files:
            raise web.HTTPNotFound
        body, kind = self._files[name]
        vendored = name.startswith("vendor/")
        caching = {"Cache-Control": "public, max-age=31536000, immutable" if vendored else "no-cache"}
        return web.Response(body=body, content_type=kind, headers=_HEADERS | caching)

    async def events(self, request: web.Request) -> web.StreamResponse:
        """Server-sent events, until the page goes or the emulator stops."""
        headers = {"Content-Type": "text/event-stream", "Cache-Control": "no-store"}
        response = web.StreamResponse(headers=headers)
        await response.prepare(request)
        listener = self.world.hub.listen()
        try:
            await response.write(b"retry: 500\n\n")
            while (event := await _next(listener)) is not None:
                await response.write(event)
        except ConnectionError:
            pass  # the page is gone and needs no answer
        finally:
            self.world.hub.leave(listener)
        return response


async def _next(listener: asyncio.Queue[dict[str, Any] | None]) -> bytes | None:
    """The next event's bytes, a ping after 15 s of silence, None at the end."""
    try:
        async with asyncio.timeout(PING_SECONDS):
            event = await listener.get()
    except TimeoutError:
        return b": ping\n\n"
    return None if event is None else b"data: " + msgspec.json.encode(event) + b"\n\n"
