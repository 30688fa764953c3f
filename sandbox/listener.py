"""A listener that can be cut: the port is closed and every connection reset; later the same port is open again."""

from aiohttp import web


class Listener:
    """A listener on a port. Port 0 takes a free one and keeps it."""

    def __init__(self, app: web.Application, host: str, port: int) -> None:
        self.host = host
        self.port = port
        self._runner = web.AppRunner(app, access_log=None, handler_cancellation=True, shutdown_timeout=0.5)
        self._site: web.TCPSite | None = None
        self._set_up = False

    @property
    def address(self) -> str:
        return f"http://{self.host}:{self.port}"

    async def open(self) -> None:
        if not self._set_up:
            await self._runner.setup()
            self._set_up = True
        if self._site is None:
            self._site = web.TCPSite(self._runner, self.host, self.port, backlog=1024, reuse_address=True)
            await self._site.start()
            self.port = self._runner.addresses[0][1]

    async def cut(self) -> None:
        """Refuse new connections and reset the open ones."""
        if self._site is None:
            return
        site, self._site = self._site, None
        await site.stop()
        if self._runner.server is not None:
            for connection in list(self._runner.server.connections):
                connection.force_close()
                if connection.transport is not None:
                    connection.transport.abort()

    async def close(self) -> None:
        await self._runner.cleanup()
