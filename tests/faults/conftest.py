"""The station that faults are done to."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from sandbox.client import Sandbox
from sandbox.testing import running
from tests.stations.station import TOKEN, Station, station

DURABLE = {"SQLITE_SYNCHRONOUS": "FULL"}  # as in production


@pytest.fixture
def box() -> Iterator[Sandbox]:
    """An emulator whose Telegram repeats what was not acknowledged twenty times as soon as the real one."""
    with running(limits=False, time_scale=0.05, args=["--bot", f"{TOKEN}:felix_demo_bot"]) as sandbox:
        yield sandbox


@pytest.fixture
def here(tmp_path: Path, any_database_url: str, box: Sandbox) -> Iterator[Station]:
    with station(tmp_path, any_database_url, box, extra=DURABLE) as opened:
        yield opened
