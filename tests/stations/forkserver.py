"""Starts our programs from a process that has imported them already: a tenth of a second instead of one.

A start of the daemon is mostly imports, and the fault tests start it more than a hundred times. A forked program is a
process like any other: its own pid, session, environment, log, sockets, signals and exit code. Only the interpreter's
own start is missing; the acceptance tests and the tests of `python -m bot_daemon` have it.

`python -m tests.stations.forkserver` is the process that forks. Beside each program a keeper waits for its end, which
the tests cannot do themselves, as it is not their child. It writes the pid in one line and the exit code in the next.
"""

from __future__ import annotations

import contextlib
import importlib
import json
import os
import runpy
import select
import signal
import socket
import subprocess
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import IO

PRELOADED = ("bot_daemon.app", "gunicorn.app.wsgiapp", "webapp.server.worker", "uvloop", "webapp.app")
READ_AT_IMPORT = "common.database.crashpoints"  # the one module that reads the environment when it is imported
STOP_WITHIN = 10.0


class Forked:
    """A program that was forked; the part of `subprocess.Popen` that the tests use."""

    def __init__(self, command: Sequence[str], environment: Mapping[str, str], output: IO[bytes]) -> None:
        """`command`: a module and its arguments. Its words go to `output`."""
        ours, theirs = socket.socketpair()
        with theirs:
            socket.send_fds(_server(), [b"+"], [theirs.fileno(), output.fileno()])
        with ours:
            ours.sendall(json.dumps([list(command), dict(environment)]).encode() + b"\n")
            self._keeper = ours.makefile("rb", buffering=0)  # `select` would miss data that is in a buffer
        self.pid = int(self._keeper.readline())
        self.returncode: int | None = None

    def poll(self) -> int | None:
        """The exit code, negative for a signal; None while it runs."""
        with contextlib.suppress(subprocess.TimeoutExpired):
            self.wait(0)
        return self.returncode

    def wait(self, timeout: float | None = None) -> int:
        """Raises TimeoutExpired after `timeout` seconds."""
        if self.returncode is None:
            if not select.select([self._keeper], [], [], timeout)[0]:
                raise subprocess.TimeoutExpired(str(self.pid), timeout or 0)
            self.returncode = int(self._keeper.readline())
            self._keeper.close()
        return self.returncode

    def send_signal(self, number: int) -> None:
        if self.poll() is None:
            os.kill(self.pid, number)


_running: list[tuple[socket.socket, subprocess.Popen[bytes]]] = []


def _server() -> socket.socket:
    if not _running:
        ours, theirs = socket.socketpair()
        with theirs:
            command = [sys.executable, "-W", "default", "-m", __name__, str(theirs.fileno())]
            root = Path(__file__).parents[2]
            _running.append((ours, subprocess.Popen(command, cwd=root, pass_fds=[theirs.fileno()])))
    return _running[0][0]


def pytest_sessionfinish() -> None:
    while _running:
        channel, server = _running.pop()
        channel.close()
        server.wait(STOP_WITHIN)


def _serve(channel: socket.socket) -> None:
    """Fork programs until the tests hang up. Returns also in each program, which then runs the code after the call."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # the tests handle it
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)  # keepers are not waited for
    while (received := socket.recv_fds(channel, 1, 2))[0]:
        keeper, output = received[1]
        if not os.fork():
            channel.close()
            _keep(keeper, output)
            return
        os.close(keeper)
        os.close(output)
    os._exit(0)


def _keep(descriptor: int, output: int) -> None:
    """Writes the program's pid and its exit code. Returns only in the program, which is then as if just started."""
    signal.signal(signal.SIGCHLD, signal.SIG_DFL)
    with socket.socket(fileno=descriptor) as asked, asked.makefile("rb") as line:
        command, environment = json.loads(line.readline())
        if pid := os.fork():
            asked.sendall(b"%d\n" % pid)
            code = os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1])
            with contextlib.suppress(BrokenPipeError):  # the tests are gone
                asked.sendall(b"%d\n" % code)
            os._exit(0)
    os.setsid()
    os.dup2(output, 1)
    os.dup2(output, 2)
    os.close(output)
    signal.signal(signal.SIGINT, signal.default_int_handler)
    os.environ.clear()
    os.environ.update(environment)
    importlib.reload(sys.modules[READ_AT_IMPORT])
    sys.argv = command


if __name__ == "__main__":
    for name in PRELOADED:
        with contextlib.suppress(ImportError):  # uvloop is optional; other missing modules are reported later
            importlib.import_module(name)
    _serve(socket.socket(fileno=int(sys.argv[1])))
    runpy.run_module(sys.argv[0], run_name="__main__", alter_sys=True)
