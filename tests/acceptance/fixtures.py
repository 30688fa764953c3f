"""What tests with real processes start from: an emulator that knows the bot, and a station beside it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import pytest

from sandbox.client import Sandbox
from sandbox.testing import running
from tests.stations.station import TOKEN, Station, station

USERNAME = "felix_demo_bot"
KNOWN = ["--bot", f"{TOKEN}:{USERNAME}", "--known-bots-only"]
ENGINE = 0.1  # the emulator's own delays, of repeated deliveries and the like, are ten times shorter

OpenStation = Callable[..., Station]
RecordProperty = Callable[[str, object], None]


@pytest.fixture
def box() -> Iterator[Sandbox]:
    """An emulator without limits; the daemon keeps them all the same."""
    with running(time_scale=ENGINE, args=KNOWN, own_api_port=True) as emulator:
        yield emulator


@pytest.fixture
def open_station(tmp_path: Path, box: Sandbox) -> Iterator[OpenStation]:
    """Opens a seeded station on a database; its processes are gone after the test."""
    with ExitStack() as opened:

        def open_one(database_url: str, **settings: Any) -> Station:
            extra = {"TELEGRAM_API_URL": box.api_url, **settings.pop("extra", {})}
            return opened.enter_context(station(tmp_path, database_url, box, extra=extra, **settings))

        yield open_one


@pytest.fixture
def here(open_station: OpenStation, database_url: str) -> Station:
    """A station on SQLite, nothing started."""
    return open_station(database_url)
