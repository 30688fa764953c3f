"""The two measured programs, each as a real process: our daemon and the minimal bot, on an emulator without limits."""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import psutil

from benchmarks.setting.generator import Target
from common.database.models import Role
from common.people import people
from sandbox.client import Sandbox
from sandbox.testing import running
from tests.stations.station import TOKEN, WEBHOOK_SECRET, Station, free_port, station
from tests.support.waiting import eventually

FIRST = 100_000  # the first person's id
# The interpreter of the daemon. Production has the packages of requirements.txt alone: if the packages of the tests are
# installed too, python-telegram-bot and httpx import some of them (tornado, rich, Pygments), 7 MB that are not used.
PYTHON = os.environ.get("BENCH_PYTHON", sys.executable)


@dataclass(frozen=True)
class Subject:
    name: str
    target: Target
    sandbox: Sandbox
    process: psutil.Process

    def megabytes(self) -> float:
        return float(self.process.memory_info().rss) / 1e6


@contextmanager
def emulator() -> Iterator[Sandbox]:
    with running(limits=False, args=["--bot", f"{TOKEN}:felix_demo_bot"]) as box:
        yield box


@contextmanager
def station_for_load(persons: int, box: Sandbox, send_rate: float = 5000) -> Iterator[Station]:
    """A station whose people are known to it and to the emulator."""
    settings = {"SEND_RATE": str(send_rate), "LOG_LEVEL": "WARNING", "SQLITE_SYNCHRONOUS": "FULL"}
    with tempfile.TemporaryDirectory(prefix="felix-bench-") as name:
        url = f"sqlite:///{name}/felix.sqlite3"
        with station(Path(name), url, box, time_scale=1.0, extra=settings, forked=False, python=PYTHON) as opened:
            box.add_people(persons, first_id=FIRST, started=True, language_code="en")
            with opened.database.write() as session:
                for number in range(FIRST, FIRST + persons):
                    people.add_person(
                        session,
                        name=f"Person {number}",
                        role=Role.MECHANIC,
                        language="en",
                        telegram_id=number,
                        chosen=True,
                    )
            yield opened


@contextmanager
def our_daemon(persons: int) -> Iterator[Subject]:
    with emulator() as box, station_for_load(persons, box) as opened:
        process = opened.start_daemon()
        target = Target(f"http://127.0.0.1:{opened.daemon_port}/telegram/webhook", WEBHOOK_SECRET)
        yield Subject("Felix Hub daemon", target, box, psutil.Process(process.popen.pid))


@contextmanager
def minimal_bot(persons: int) -> Iterator[Subject]:
    with emulator() as box:
        box.add_people(persons, first_id=FIRST, started=True, language_code="en")
        port = free_port()
        environment = {
            "BENCH_TOKEN": TOKEN,
            "BENCH_API": box.url,
            "BENCH_PORT": str(port),
            "BENCH_SECRET": WEBHOOK_SECRET,
        }
        process = subprocess.Popen(
            [sys.executable, "-m", "benchmarks.setting.minimal_bot"],
            env={**os.environ, **environment},
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        try:
            eventually(lambda: box.webhook_info().get("url"), 30, "the minimal bot has set its webhook")
            target = Target(f"http://127.0.0.1:{port}/telegram/webhook", WEBHOOK_SECRET)
            yield Subject("minimal run_webhook bot", target, box, psutil.Process(process.pid))
        finally:
            process.terminate()
            process.wait(20)
