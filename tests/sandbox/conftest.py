"""Emulators to test: one for most tests, one with limits; each test brings a bot and people of its own."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from itertools import count

import pytest

from sandbox.client import Sandbox
from sandbox.testing import running
from tests.sandbox.receiver import Receiver
from tests.sandbox.robot import Robot

SCALE = 0.1
_numbers = count(500_001)


@pytest.fixture(scope="session")
def emulator() -> Iterator[Sandbox]:
    """Without limits; delays ten times shorter."""
    with running(time_scale=SCALE, args=["--bot", "111:AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA:first_bot"]) as sandbox:
        yield sandbox


@pytest.fixture(scope="session")
def strict() -> Iterator[Sandbox]:
    """With Telegram's limits."""
    with running(limits=True) as sandbox:
        yield sandbox


@pytest.fixture
def robot(emulator: Sandbox) -> Iterator[Robot]:
    """A bot nobody knows yet."""
    yield from _robot(emulator)


@pytest.fixture
def strict_robot(strict: Sandbox) -> Iterator[Robot]:
    yield from _robot(strict)


def _robot(sandbox: Sandbox) -> Iterator[Robot]:
    robot = Robot(sandbox, next(_numbers))
    robot.ok("getMe")
    yield robot
    robot.ok("deleteWebhook")
    sandbox.faults.clear()
    sandbox.webhook_faults.clear()
    robot.close()


@pytest.fixture
def newcomer(emulator: Sandbox) -> Callable[[], int]:
    """Makes people who have not pressed Start."""

    def make() -> int:
        number = next(_numbers)
        emulator.add_person(number, "Дима", "ru")
        return number

    return make


@pytest.fixture
def person(newcomer: Callable[[], int], robot: Robot) -> int:
    """Somebody who has pressed Start, and whose /start the bot has taken."""
    number = newcomer()
    robot.people.start(number)
    robot.confirm_all()
    return number


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    with Receiver() as listening:
        yield listening
