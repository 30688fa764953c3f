"""A whole station of real processes: gunicorn, daemon, emulator, on one database. Started, killed, frozen, stopped.

Every process writes to its own log file, which the tests search; all processes end with the `with` block.
"""

from __future__ import annotations

import contextlib
import http.client
import os
import random
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal

import psutil

from common.catalogue.catalogue import load
from common.database import schema
from common.database.engine import Database
from common.database.models import Role, Via
from common.operation.reindexing import reindex
from common.people import invitations
from common.permissions import Actor
from sandbox.client import Sandbox
from tests.stations.forkserver import Forked
from tests.support.waiting import eventually

TOKEN = "700100200:AAfelixTestTokenOfThirtyFiveCharact"
WEBHOOK_SECRET = "wh_Q9dZx7LrT2mVbN4kHs8pYc3gJf6"
DOORBELL_SECRET = "bell_W5tRq8zXv2nMk7pLs4dGh9jB"
METRICS_TOKEN = "meter_K3vBn8xQz5wRt7yLp2mHs6dF"
SECRET_KEY = "desk_Z8xCv5bNm2qWe7rTy4uIo9pA"
APPLICATION = "felix-station"  # by this name PostgreSQL tells our processes' sessions from the test's own
READY = 30.0  # seconds a process may need on a busy machine

Ingress = Literal["daemon", "web", "polling"]


def free_port() -> int:
    """A random port for a process that starts a moment later, below the range of outgoing connections.

    A port assigned by the system could be taken again by then: by another test, or by an outgoing connection.
    """
    while True:
        port = random.SystemRandom().randrange(15_000, 32_000)
        with socket.socket() as probe, contextlib.suppress(OSError):
            probe.bind(("127.0.0.1", port))
            return port


@dataclass
class Process:
    """One of our running processes: its port, its log, and ways to end it."""

    name: str
    popen: subprocess.Popen[bytes] | Forked
    port: int
    log: Path

    def kill(self) -> None:
        """Kill it, as a power cut would."""
        if self.popen.poll() is None:
            os.killpg(self.popen.pid, signal.SIGKILL)
        self.popen.wait(10)

    def terminate(self) -> None:
        self.popen.send_signal(signal.SIGTERM)

    def exit_code(self, within: float = 30.0) -> int:
        return self.popen.wait(within)

    def freeze(self) -> None:
        self.popen.send_signal(signal.SIGSTOP)

    def thaw(self) -> None:
        self.popen.send_signal(signal.SIGCONT)

    def listens(self) -> bool:
        """Whether this process answers on its port, and not a foreign one."""
        try:
            open_ = psutil.Process(self.popen.pid).net_connections("tcp")
        except psutil.Error:
            return False
        return any(c.status == psutil.CONN_LISTEN and c.laddr.port == self.port for c in open_)

    @property
    def running(self) -> bool:
        return self.popen.poll() is None

    def said(self) -> str:
        return self.log.read_text(errors="replace")

    def get(self, path: str, headers: Mapping[str, str] | None = None) -> tuple[int, bytes]:
        """Status and body of a GET; status 0 when nobody answers."""
        return request("GET", self.port, path, headers=headers)


def request(
    verb: str,
    port: int,
    path: str,
    body: bytes | None = None,
    headers: Mapping[str, str] | None = None,
    timeout: float = 10,
) -> tuple[int, bytes]:
    """One HTTP request to loopback; status 0 when nobody answers."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=timeout)
    try:
        connection.request(verb, path, body=body, headers=dict(headers or {}))
        answer = connection.getresponse()
        return answer.status, answer.read()
    except (OSError, http.client.HTTPException):
        return 0, b""
    finally:
        connection.close()


@dataclass
class Station:
    """`ingress`: how updates come in. Settings of `extra` go to every process.

    `forked`: processes come from tests/stations/forkserver.py; else each is a command of its own, and `python` runs
    the daemon.
    """

    directory: Path
    database_url: str
    sandbox: Sandbox
    ingress: Ingress = "daemon"
    time_scale: float = 0.2
    extra: dict[str, str] = field(default_factory=dict)
    forked: bool = True
    python: str = sys.executable
    web_port: int = field(default_factory=free_port)
    daemon_port: int = field(default_factory=free_port)
    doorbell_port: int = field(default_factory=free_port)
    started: list[Process] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.database = Database(self.database_url, synchronous="NORMAL")

    # What is in it.

    def environment(self, **more: str) -> dict[str, str]:
        ours = {
            "DATABASE_URL": self.database_url,
            "TIME_SCALE": str(self.time_scale),
            "TELEGRAM_API_URL": self.sandbox.url,
            "TELEGRAM_BOT_TOKEN": TOKEN,
            "TELEGRAM_TRANSPORT": "polling" if self.ingress == "polling" else "webhook",
            "WEBHOOK_URL": f"http://127.0.0.1:{self.web_port if self.ingress == 'web' else self.daemon_port}",
            "WEBHOOK_SECRET": WEBHOOK_SECRET,
            "DOORBELL_SECRET": DOORBELL_SECRET,
            "DOORBELL_LISTEN": f"127.0.0.1:{self.doorbell_port}",
            "SECRET_KEY": SECRET_KEY,
            "METRICS_TOKEN": METRICS_TOKEN,
            "PORT": str(self.web_port),
            "DAEMON_PORT": str(self.daemon_port),
            "SHUTDOWN_GRACE": "10",
            "SQLITE_SYNCHRONOUS": "NORMAL",  # a kill is not a power cut; the tests of faults set FULL
            "PYTHONWARNINGS": "default",
            "LOG_LEVEL": "INFO",
            "PGAPPNAME": APPLICATION,
        }
        return {**os.environ, **ours, **self.extra, **more}

    def seed(self) -> None:
        """The schema and the default catalogue."""
        schema.migrate(self.database)
        reindex(self.database)
        with self.database.write() as session:
            load(session)

    def invite(self, name: str = "Dima", language: str | None = None) -> str:
        """The code of a new invitation."""
        with self.database.write() as session:
            actor = Actor(None, Role.MANAGER, Via.COMMAND)
            return invitations.invite(session, actor, name=name, language=language)[1]

    # Processes.

    def open(self) -> tuple[Process, Process]:
        """Start web app and daemon side by side, wait until both are ready, and open the ingress of updates."""
        web, daemon = self.start_web(wait=False), self.start_daemon(wait=False)
        self.wait_ready(web)
        self.wait_ready(daemon)
        if self.ingress != "polling":
            eventually(lambda: self.sandbox.webhook_info()["url"], READY, "the webhook is set")
        return web, daemon

    def start_daemon(self, *, wait: bool = True, port: int | None = None, **more: str) -> Process:
        port = port or self.daemon_port
        more = {"DAEMON_PORT": str(port), **more}
        process = self._start("daemon", ["bot_daemon"], port, more, self.python)
        if wait:
            self.wait_ready(process)
        return process

    def start_web(self, *, wait: bool = True, **more: str) -> Process:
        command = ["gunicorn", "-c", "python:webapp.gunicorn_conf", "webapp.wsgi:app"]
        process = self._start("web", command, self.web_port, more)
        if wait:
            self.wait_ready(process)
        return process

    def _start(
        self, name: str, command: list[str], port: int, more: Mapping[str, str], python: str = sys.executable
    ) -> Process:
        log = self.directory / f"{name}-{len(self.started)}.log"
        environment = self.environment(**more)
        popen: subprocess.Popen[bytes] | Forked
        with log.open("wb") as output:
            if self.forked:
                popen = Forked(command, environment, output)
            else:
                popen = subprocess.Popen(
                    [python, "-m", *command],
                    env=environment,
                    stdout=output,
                    stderr=subprocess.STDOUT,
                    start_new_session=True,
                )
        process = Process(name, popen, port, log)
        self.started.append(process)
        return process

    def wait_ready(self, process: Process) -> None:
        def is_ready() -> bool:
            assert process.running, f"{process.name} ended with {process.popen.poll()}:\n{process.said()[-3000:]}"
            return process.listens() and process.get("/health/ready")[0] == 200

        try:
            eventually(is_ready, READY, f"{process.name} is ready")
        except AssertionError:
            raise AssertionError(f"{process.name} is not ready:\n{process.said()[-3000:]}") from None

    def wait_settled(self, within: float = 30.0) -> None:
        """Wait until no row waits in the inbox or the outbox."""
        eventually(lambda: not self.unsettled(), within, "the inbox and the outbox are empty")

    def unsettled(self) -> list[Any]:
        from sqlalchemy import select

        from common.database.models import InboxRow, InboxState, OutboxRow
        from common.messaging.outbox import WAITING

        with self.database.read() as session:
            waiting = session.execute(
                select(OutboxRow.id, OutboxRow.kind, OutboxRow.state, OutboxRow.reason_code).where(
                    OutboxRow.state.in_(WAITING)
                )
            ).all()
            received = session.execute(
                select(InboxRow.seq, InboxRow.kind).where(InboxRow.state == InboxState.RECEIVED)
            ).all()
        return [*waiting, *received]

    def logs(self) -> str:
        return "\n".join(process.said() for process in self.started)

    def close(self) -> None:
        for process in reversed(self.started):
            if process.running:
                process.thaw()
            process.kill()
        self.database.dispose()


@contextmanager
def station(directory: Path, database_url: str, sandbox: Sandbox, **settings: Any) -> Iterator[Station]:
    """A seeded station; the test starts its processes, and they are stopped afterwards."""
    opened = Station(directory, database_url, sandbox, **settings)
    try:
        opened.seed()
        yield opened
    finally:
        opened.close()


def timed(call: Any) -> float:
    """The seconds that a call takes."""
    began = time.perf_counter()
    call()
    return time.perf_counter() - began
