"""`felix-hub demo`: one command, three processes, one banner, and nothing left behind."""

from __future__ import annotations

import os
import re
import signal
import socket
import stat
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import psutil
import urllib3

from tests.support.waiting import eventually

READY = 60.0  # on a busy machine
BANNER = "Felix Hub is ready"
PROGRAM = [sys.executable, "-c", "import sys; from common.cli import main; sys.exit(main(sys.argv[1:]))", "demo"]


@dataclass
class Demo:
    process: subprocess.Popen[str]
    log: Path
    ports: dict[str, int]

    @property
    def said(self) -> str:
        return self.log.read_text()

    def get(self, path: str) -> urllib3.BaseHTTPResponse:
        return urllib3.request("GET", f"http://127.0.0.1:{self.ports['desk']}{path}", timeout=10)

    def children(self) -> list[psutil.Process]:
        return list(psutil.Process(self.process.pid).children(recursive=True))


def free_ports() -> dict[str, int]:
    sockets = {name: socket.socket() for name in ("desk", "chat", "daemon", "doorbell")}
    for one in sockets.values():
        one.bind(("127.0.0.1", 0))
    ports = {name: one.getsockname()[1] for name, one in sockets.items()}
    for one in sockets.values():
        one.close()
    return ports


@contextmanager
def demo(directory: Path, *words: str, ports: dict[str, int] | None = None) -> Iterator[Demo]:
    """A running demo, its banner shown; ended in any case."""
    ports = ports or free_ports()
    options = [word for name, port in ports.items() for word in (f"--{name}-port", str(port))]
    log = directory / "log"
    root = str(Path(__file__).parents[3])
    with log.open("w") as out:
        # A token and a database of the shell must not get into the demo.
        outside = {"TELEGRAM_BOT_TOKEN": "700100200:AAfelixTestTokenOfThirtyFiveCharact", "DATABASE_URL": "sqlite:///x"}
        process = subprocess.Popen(
            [*PROGRAM, *options, *words],
            cwd=directory,
            env={**os.environ, **outside, "PYTHONPATH": root},
            stdout=out,
            stderr=out,
            text=True,
        )
    running = Demo(process, log, ports)
    try:
        eventually(lambda: BANNER in running.said or process.poll() is not None, within=READY)
        yield running
    finally:
        for child in [*running.children(), psutil.Process(process.pid)] if process.poll() is None else []:
            child.kill()
        process.wait(10)


def stop(running: Demo, with_signal: signal.Signals = signal.SIGINT) -> int:
    children = running.children()
    running.process.send_signal(with_signal)
    code = running.process.wait(30)
    psutil.wait_procs(children, timeout=5)
    assert not [child for child in children if child.is_running()]
    return code


def test_the_demo_runs_is_stopped_in_order_and_goes_on_where_it_was(tmp_path: Path) -> None:
    with demo(tmp_path) as running:
        assert BANNER in running.said, running.said
        password = re.findall(r"Password +(\S+)", running.said)[0]
        invitation = re.findall(r"http://\S+/t\.me/\S+\?start=\S+", running.said)[0]
        assert password in running.get("/login").data.decode()
        assert running.get("/health/system").status == 200
        assert urllib3.request("GET", invitation, timeout=10).status == 200
        assert stop(running) == 0
        ends = re.findall(r"(\w+) stopped \(rc=(-?\d+)\)", running.said)
        assert ends[-1] == ("telegram", "0")
        assert {code for _, code in ends} == {"0"}
        assert "Traceback" not in running.said
    assert [stat.S_IMODE((tmp_path / ".run" / name).stat().st_mode) for name in ("demo.env", "invitation")] == [
        0o600
    ] * 2

    with demo(tmp_path) as again:
        assert password in again.said
        assert invitation.rpartition("=")[2] in again.said
        assert stop(again, signal.SIGTERM) == 0


def test_a_port_that_is_taken_is_one_sentence(tmp_path: Path) -> None:
    ports = free_ports()
    with socket.socket() as other:
        other.bind(("127.0.0.1", ports["desk"]))
        other.listen()
        with demo(tmp_path, ports=ports) as refused:
            assert refused.process.wait(30) == 2
            assert refused.said == (
                f"felix-hub: Port {ports['desk']} is taken: stop the other program, or choose with --desk-port.\n"
            )
    assert not (tmp_path / ".run").exists()
