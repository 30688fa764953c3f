"""The loop waits for clients; its threads get whole requests and never wait for a client.

gunicorn's own `gthread` reads head and body in a thread and has no deadline for either: as many slow clients as there
are threads stop it. Here a slow client costs a socket and a deadline. gunicorn still reads heads and writes answers.
"""

from __future__ import annotations

import os
import queue
import selectors
import socket
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from typing import TYPE_CHECKING

from webapp.server import answering
from webapp.server.connection import ClientConnection, Doing, network_of
from webapp.server.crowd import Crowd
from webapp.server.incoming import IncomingRequest, NoRoom
from webapp.server.limits import Budget, Limits
from webapp.server.outgoing import OutgoingAnswer

if TYPE_CHECKING:
    from gunicorn.workers.base import Worker

READ, WRITE = selectors.EVENT_READ, selectors.EVENT_WRITE
PIECE = 64 * 1024  # bytes of one receive
PROGRESS = 16 * 1024  # bytes in one receive that show that a client is not slow
ACCEPT_AT_ONCE = 64
LOOK_EVERY = 0.25  # seconds between two looks at the deadlines

Call = tuple[Callable[[ClientConnection], None], ClientConnection]


class Front:
    """All connections of one gunicorn worker. All but `_answer` runs in the loop."""

    def __init__(self, worker: Worker, limits: Limits, largest: int) -> None:
        """`largest`: bytes of the largest body that the application takes."""
        self._worker, self._limits, self._largest = worker, limits, largest
        self._poller = selectors.DefaultSelector()
        self._threads = ThreadPoolExecutor(worker.cfg.threads, "request")
        self._budget, self._crowd = Budget(limits.waiting), Crowd(limits)
        self._calls: queue.SimpleQueue[Call] = queue.SimpleQueue()
        self._next_look = 0.0
        self._listens = False

    def run(self) -> None:
        """Serve until the worker is told to stop; then finish what runs, within `graceful_timeout`."""
        self._poller.register(self._worker.PIPE[0], READ, self._run_calls)
        for listener in self._worker.sockets:
            listener.setblocking(False)
        self._listen(True)
        while self._worker.alive and self._worker.ppid == os.getppid():
            self._turn()
        self._stop()

    def _turn(self) -> None:
        self._worker.notify()
        for key, events in self._poller.select(LOOK_EVERY if len(self._crowd) else 1.0):
            key.data(events)
        now = time.monotonic()
        if now >= self._next_look:
            self._next_look = now + LOOK_EVERY
            self._listen(self._worker.alive)
            for connection in self._crowd.late(now):
                self._guard(self._too_late, connection)

    def _listen(self, on: bool) -> None:
        """Take connections, or leave them in the system's queue until the next look."""
        if on == self._listens:
            return
        self._listens = on
        for listener in self._worker.sockets:
            if on:
                self._poller.register(listener, READ, partial(self._accept, listener))
            else:
                self._poller.unregister(listener)

    def _stop(self) -> None:
        self._listen(False)
        for listener in self._worker.sockets:
            listener.close()
        soon, end = time.monotonic() + self._limits.stop, time.monotonic() + self._worker.cfg.graceful_timeout
        for connection in self._crowd:
            connection.deadline = min(connection.deadline, soon)
        while len(self._crowd) and time.monotonic() < end:
            self._turn()
        for connection in self._crowd:
            self._drop(connection)
        self._threads.shutdown(wait=False)

    def _call(self, function: Callable[[ClientConnection], None], connection: ClientConnection) -> None:
        """From a thread: let the loop do this."""
        self._calls.put((function, connection))
        try:
            os.write(self._worker.PIPE[1], b"c")
        except OSError:
            return  # the pipe is full: the loop has enough to wake up for

    def _run_calls(self, _events: int) -> None:
        os.read(self._worker.PIPE[0], PIECE)
        while not self._calls.empty():
            self._guard(*self._calls.get())

    def _guard(self, function: Callable[[ClientConnection], None], connection: ClientConnection) -> None:
        """A connection that fails, or a request that is invalid, is the end of this connection and of nothing else."""
        try:
            function(connection)
        except BlockingIOError:
            return
        except OSError:
            self._drop(connection)
        except NoRoom:
            self._guard(partial(self._refuse, answer=answering.BUSY), connection)
        except Exception as error:
            self._worker.handle_error(
                connection.incoming.request, connection.out, answering.pair(connection.address), error
            )
            self._guard(self._end, connection)

    def _accept(self, listener: socket.socket, _events: int) -> None:
        for _ in range(ACCEPT_AT_ONCE):
            if not self._listens:
                return
            try:
                client, address = listener.accept()
            except BlockingIOError:
                return
            except OSError as error:  # no descriptor is left
                self._worker.log.warning("A connection could not be taken: %s", error)
                self._make_room()
                self._listen(False)
                return
            self._add(client, address or "", listener.getsockname())

    def _make_room(self) -> None:
        for connection in self._crowd:
            if connection.doing is not Doing.RUNNING:
                self._drop(connection)
                return

    def _add(self, client: socket.socket, address: tuple[str, int] | str, server: tuple[str, int] | str) -> None:
        client.setblocking(False)
        out = OutgoingAnswer(client, self._limits, self._budget, lambda: self._call(self._flush, connection))
        incoming = IncomingRequest(self._worker.cfg, address, self._largest, self._budget)
        network = network_of(address, self._limits.behind_proxies)
        connection = ClientConnection(
            client, address, server, network, out, incoming, time.monotonic() + self._limits.head
        )
        self._crowd.add(connection)
        self._wait_for(connection, READ)
        self._guard(self._receive, connection)  # its request may be there already: then it makes room for nobody
        for one in self._crowd.surplus(connection):
            self._drop(one)
        if len(self._crowd) > self._limits.connections:  # all of them have their requests in work
            self._listen(False)

    def _wait_for(self, connection: ClientConnection, events: int) -> None:
        if events == connection.events:
            return
        if not events:
            self._poller.unregister(connection.client)
        else:
            change = self._poller.modify if connection.events else self._poller.register
            change(connection.client, events, partial(self._on_ready, connection))
        connection.events = events

    def _on_ready(self, connection: ClientConnection, events: int) -> None:
        if connection in self._crowd:  # not one that made room within this turn
            self._guard(self._flush if events & WRITE else self._receive, connection)

    def _receive(self, connection: ClientConnection) -> None:
        data = connection.client.recv(PIECE)
        if not data:
            self._drop(connection)
        elif connection.doing is not Doing.LINGERING:
            connection.buffer += data
            if len(data) >= PROGRESS:
                self._crowd.renew(connection)
            self._advance(connection)

    def _advance(self, connection: ClientConnection) -> None:
        """Take from the buffer what belongs to the present request."""
        if connection.doing is Doing.IDLE:
            connection.doing = Doing.RECEIVING
            connection.deadline = time.monotonic() + self._limits.head
        incoming, size = connection.incoming, len(connection.buffer)
        had_head = incoming.request is not None
        if incoming.feed(connection.buffer):
            self._hand_over(connection)
        elif had_head:
            connection.deadline += size / self._limits.pace
        elif incoming.request is not None:
            connection.deadline = time.monotonic() + self._limits.grace
            if incoming.expects_continue:
                connection.client.send(answering.CONTINUE)

    def _hand_over(self, connection: ClientConnection) -> None:
        connection.doing = Doing.RUNNING
        self._wait_for(connection, 0)
        self._crowd.renew(connection)
        connection.incoming.rewind()
        self._threads.submit(self._answer, connection)

    def _answer(self, connection: ClientConnection) -> None:
        """In a thread: run the application."""
        try:
            connection.keeps_alive = answering.respond(self._worker, connection)
        finally:
            self._call(self._answered, connection)

    def _answered(self, connection: ClientConnection) -> None:
        connection.incoming.close()
        if connection in self._crowd:
            connection.doing = Doing.SENDING
            self._flush(connection)

    def _flush(self, connection: ClientConnection) -> None:
        if connection not in self._crowd:
            return
        if not connection.out.flush():
            self._wait_for(connection, WRITE)
        elif connection.doing is Doing.RUNNING:
            self._wait_for(connection, 0)
        elif connection.keeps_alive:
            self._await_next(connection)
        else:
            self._end(connection)

    def _await_next(self, connection: ClientConnection) -> None:
        connection.doing = Doing.IDLE
        connection.deadline = time.monotonic() + (
            self._worker.cfg.keepalive if self._worker.alive else self._limits.stop
        )
        connection.incoming = IncomingRequest(self._worker.cfg, connection.address, self._largest, self._budget)
        self._crowd.renew(connection)
        self._wait_for(connection, READ)
        if connection.buffer:
            self._advance(connection)

    def _end(self, connection: ClientConnection) -> None:
        """Let the client read the answer: a close before it has sent everything would reset the connection."""
        connection.keeps_alive = False
        if not connection.out.is_empty:
            connection.doing = Doing.SENDING
            self._wait_for(connection, WRITE)
            return
        connection.doing = Doing.LINGERING
        connection.deadline = time.monotonic() + self._limits.linger
        connection.client.shutdown(socket.SHUT_WR)
        self._wait_for(connection, READ)

    def _refuse(self, connection: ClientConnection, answer: bytes) -> None:
        connection.out.sendall(answer)
        self._end(connection)

    def _too_late(self, connection: ClientConnection) -> None:
        began = connection.buffer or connection.incoming.request is not None
        if connection.doing is Doing.RECEIVING and began and connection.out.is_empty:
            self._refuse(connection, answering.TOO_SLOW)
        else:
            self._drop(connection)

    def _drop(self, connection: ClientConnection) -> None:
        if not self._crowd.remove(connection):
            return
        self._wait_for(connection, 0)
        connection.out.close()
        if connection.doing is not Doing.RUNNING:  # else its thread reads the body
            connection.incoming.close()
        connection.client.close()
