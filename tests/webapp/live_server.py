"""The desk as a real process, under gunicorn as in production."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from tests.stations.station import free_port, request
from tests.support.waiting import eventually

COMMAND = [sys.executable, "-m", "gunicorn", "-c", "python:webapp.gunicorn_conf", "webapp.wsgi:app"]


@dataclass
class Served:
    """A running desk."""

    popen: subprocess.Popen[bytes]
    port: int
    log: Path

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def is_ready(self) -> bool:
        assert self.popen.poll() is None, self.log.read_text()
        return request("GET", self.port, "/health/ready")[0] == 200


def start(environment: Mapping[str, str], log: Path, port: int | None = None) -> Served:
    """Start gunicorn; the caller ends it."""
    port = port or free_port()
    with log.open("ab") as output:
        popen = subprocess.Popen(
            COMMAND,
            env={**os.environ, **environment, "PORT": str(port)},
            stdout=output,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
    return Served(popen, port, log)


@contextmanager
def serving(environment: Mapping[str, str], log: Path, port: int | None = None) -> Iterator[Served]:
    """A desk that is ready, and gone afterwards."""
    served = start(environment, log, port)
    try:
        eventually(served.is_ready, 30, "the desk is ready")
        yield served
    finally:
        if served.popen.poll() is None:
            os.killpg(served.popen.pid, signal.SIGKILL)
        served.popen.wait(10)
