"""kill -9 at every named point and at random, under load, on both databases: guarantees 1-7 and 10.

One round in `make test`, twenty in `make soak`.
"""

from __future__ import annotations

import random
from collections.abc import Callable
from pathlib import Path

import pytest

from sandbox.client import Sandbox
from tests.faults import checks
from tests.faults.conftest import DURABLE
from tests.faults.load import Traffic
from tests.stations.station import Station, station
from tests.support.waiting import eventually

DAEMON_POINTS = [
    f"{name}.{side}"
    for name in ("inbox", "attempt", "step", "claim", "stamp", "result", "lease")
    for side in ("before_commit", "after_commit")
] + ["send.before", "send.after"]
DESK_POINTS = ["desk.before_commit", "desk.after_commit"]


@pytest.mark.timeout(3600)
def test_a_kill_at_any_named_point_loses_and_doubles_nothing(here: Station, rounds: int) -> None:
    here.start_web()
    traffic = Traffic(here)
    chance = random.Random(4)
    try:
        for _ in range(rounds):
            for point in chance.sample(DAEMON_POINTS, len(DAEMON_POINTS)):
                daemon = here.start_daemon(wait=False, CRASH_AT=f"{point}:{chance.randint(1, 3)}")
                traffic.begin(1)
                eventually(lambda: not daemon.running, 120, f"the daemon dies at {point}")  # noqa: B023
                assert daemon.exit_code() == -9, daemon.said()[-2000:]
        here.start_daemon()
        traffic.finish()
    finally:
        traffic.close()
    checks.everything(here, traffic)


@pytest.mark.timeout(3600)
def test_a_kill_of_the_desk_at_its_commit_loses_and_doubles_nothing(here: Station, rounds: int) -> None:
    here.start_daemon()
    traffic = Traffic(here)
    try:
        for _ in range(rounds):
            for point in DESK_POINTS:
                web = here.start_web(CRASH_AT=f"{point}:2")
                traffic.begin(2)
                eventually(lambda: "SIGKILL" in web.said() or not web.running, 120, f"a worker dies at {point}")  # noqa: B023
                web.kill()
        here.start_web()
        traffic.finish()
    finally:
        traffic.close()
    checks.everything(here, traffic)


@pytest.mark.timeout(3600)
@pytest.mark.parametrize("ingress", ["daemon", "web"])
def test_a_kill_at_random_loses_and_doubles_nothing(
    tmp_path: Path, any_database_url: str, box: Sandbox, rounds: int, ingress: str
) -> None:
    chance = random.Random(9)
    with station(tmp_path, any_database_url, box, ingress=ingress, extra=DURABLE) as here:
        web, daemon = here.start_web(), here.start_daemon()
        traffic = Traffic(here)
        try:
            for _ in range(rounds):
                traffic.begin(3)
                eventually(_waited(chance.uniform(0.1, 1.2)), 10)
                daemon.kill()
                daemon = here.start_daemon()
                eventually(_waited(chance.uniform(0.1, 0.6)), 10)
                web.kill()
                web = here.start_web()
            traffic.finish()
        finally:
            traffic.close()
        checks.everything(here, traffic)


@pytest.mark.timeout(3600)
def test_sigterm_under_load_loses_nothing_doubles_nothing_and_exits_with_0(here: Station, rounds: int) -> None:
    here.start_web()
    traffic = Traffic(here)
    chance = random.Random(2)
    try:
        for _ in range(rounds):
            daemon = here.start_daemon()
            traffic.begin(3)
            eventually(_waited(chance.uniform(0.2, 1.0)), 10)
            daemon.terminate()
            assert daemon.exit_code() == 0, daemon.said()[-3000:]
        here.start_daemon()
        traffic.finish()
    finally:
        traffic.close()
    assert checks.everything(here, traffic) == 0
    assert sum(checks._sent_and_marked(here)[1].values()) == 0, "an orderly stop leaves nothing ambiguous"


def _waited(seconds: float) -> Callable[[], bool]:
    """A condition that is true once a random while, in which the load went on, has passed."""
    import time

    until = time.monotonic() + seconds
    return lambda: time.monotonic() >= until
