"""Runs the application for one whole request, in a thread, and writes its answer by gunicorn's rules."""

from __future__ import annotations

from typing import TYPE_CHECKING

from gunicorn.http import wsgi

from common import clock
from webapp.server.connection import ClientConnection
from webapp.server.incoming import Address

if TYPE_CHECKING:
    from gunicorn.workers.base import Worker

CONTINUE = b"HTTP/1.1 100 Continue\r\n\r\n"
_BARE = b"HTTP/1.1 %s\r\nConnection: close\r\nContent-Length: 0\r\n%s\r\n"
TOO_SLOW = _BARE % (b"408 Request Timeout", b"")
BUSY = _BARE % (b"503 Service Unavailable", b"Retry-After: 5\r\n")


def pair(address: Address) -> tuple[str, int]:
    """Host and port, for gunicorn's log of a failed request."""
    return (address, 0) if isinstance(address, str) else address


def respond(worker: Worker, connection: ClientConnection) -> bool:
    """Answer the request. Returns whether the connection may be used for another one."""
    request, response = connection.incoming.request, None
    began = clock.utcnow()
    try:
        response, environ = wsgi.create(request, connection.out, connection.address, connection.server, worker.cfg)
        environ["wsgi.multithread"] = True
        if not worker.alive or not worker.cfg.keepalive:
            response.force_close()
        _run(worker, response, environ)
        worker.log.access(response, request, environ, clock.utcnow() - began)
    except BrokenPipeError:
        return False  # the client is gone, or did not take its answer
    except Exception as error:
        if response is not None and response.headers_sent:
            worker.log.exception("Error handling request")
        else:
            worker.handle_error(request, connection.out, pair(connection.address), error)
        return False
    return not response.should_close()


def _run(worker: Worker, response: wsgi.Response, environ: dict[str, object]) -> None:
    pieces = worker.wsgi(environ, response.start_response)
    try:
        for piece in pieces:
            response.write(piece)
        response.close()
    finally:
        if hasattr(pieces, "close"):
            pieces.close()
