"""A front in a thread of the tests, with an application of the test's and limits of tenths of seconds."""

from __future__ import annotations

import os
import socket
import threading
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from typing import IO, cast

from gunicorn.config import Config
from gunicorn.glogging import Logger
from gunicorn.workers.base import Worker

from webapp.server.front import Front
from webapp.server.limits import Limits

Environ = dict[str, object]
Application = Callable[[Environ, Callable[..., object]], Iterable[bytes]]
HASTY = Limits(head=0.5, grace=0.5, linger=0.5, stop=0.3)
THREADS, LARGEST, PATIENCE = 2, 100_000, 10.0


@dataclass
class Fronted:
    """A front that serves `echo` unless told otherwise."""

    port: int
    asked: list[str] = field(default_factory=list)  # paths that reached the application
    read: dict[str, int] = field(default_factory=dict)  # path -> bytes of its body

    def connect(self, source: str = "127.0.0.1") -> socket.socket:
        return socket.create_connection(("127.0.0.1", self.port), PATIENCE, (source, 0))

    def exchange(self, *pieces: bytes) -> bytes:
        """Everything that the front says to these pieces, until it closes."""
        with self.connect() as client:
            for piece in pieces:
                client.sendall(piece)
            return rest(client)

    def echo(self, environ: Environ, start_response: Callable[..., object]) -> Iterable[bytes]:
        path, stream = str(environ["PATH_INFO"]), cast(IO[bytes], environ["wsgi.input"])
        body = stream.read()
        self.read[path] = len(body)
        self.asked.append(path)
        start_response("200 OK", [("Content-Length", str(len(body)))])
        return [body]


def rest(client: socket.socket) -> bytes:
    """What is still said, until the front closes."""
    received = b""
    with suppress(ConnectionError):
        while piece := client.recv(65536):
            received += piece
    return received


@contextmanager
def front(application: Application | None = None, limits: Limits = HASTY) -> Iterator[Fronted]:
    """Serve the application, or `Fronted.echo`, until the block ends."""
    listener = socket.create_server(("127.0.0.1", 0), backlog=500)
    config = Config()
    for name, value in (("threads", THREADS), ("keepalive", 1), ("graceful_timeout", 3)):
        config.set(name, value)
    worker = Worker(1, os.getppid(), [listener], None, 30, config, Logger(config))
    worker.PIPE = os.pipe()
    fronted = Fronted(listener.getsockname()[1])
    worker.wsgi = application or fronted.echo
    thread = threading.Thread(target=Front(worker, limits, LARGEST).run)
    thread.start()
    try:
        yield fronted
    finally:
        worker.alive = False
        os.write(worker.PIPE[1], b"stop")
        thread.join(PATIENCE)
        for descriptor in worker.PIPE:
            os.close(descriptor)
        worker.tmp.close()
        assert not thread.is_alive()
