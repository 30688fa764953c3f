"""aiogram and grammY, unmodified, in processes of their own: the same transcript as python-telegram-bot's.

In `make soak` only: the libraries are fetched by pip and npm into a temporary directory.
"""

from __future__ import annotations

import shutil
import socket
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.sandbox.robot import Robot
from tests.sandbox.test_python_telegram_bot import journey

pytestmark = [pytest.mark.soak, pytest.mark.timeout(300)]

BOTS = Path(__file__).parent / "bots"
EXPECTED = [
    (False, "/start abc", False),
    (True, "pressed 1", True),
    (False, "שלום 😀", False),
    (True, "שלום 😀", False),
]


def fetched(*command: str, cwd: Path) -> None:
    done = subprocess.run(command, cwd=cwd, capture_output=True, text=True, timeout=240, check=False)
    if done.returncode != 0:
        pytest.skip(f"cannot fetch the library here: {done.stderr.strip().splitlines()[-1:]}")


@pytest.fixture(scope="module")
def aiogram(tmp_path_factory: pytest.TempPathFactory) -> list[str]:
    """The command that runs the bot."""
    home = tmp_path_factory.mktemp("aiogram")
    fetched(sys.executable, "-m", "venv", str(home / "venv"), cwd=home)
    python = str(home / "venv" / "bin" / "python")
    fetched(python, "-m", "pip", "install", "--quiet", "aiogram==3.31.0", cwd=home)
    return [python, str(BOTS / "echo_aiogram.py")]


@pytest.fixture(scope="module")
def grammy(tmp_path_factory: pytest.TempPathFactory) -> list[str]:
    if shutil.which("npm") is None:
        pytest.skip("no npm here: apt-get install npm")
    home = tmp_path_factory.mktemp("grammy")
    shutil.copy(BOTS / "echo_grammy.mjs", home)
    fetched("npm", "init", "--yes", cwd=home)
    fetched("npm", "install", "--ignore-scripts", "--no-audit", "grammy@1.46.0", cwd=home)
    return ["node", str(home / "echo_grammy.mjs")]


@contextmanager
def process(command: list[str], robot: Robot, transport: str) -> Iterator[None]:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    running = subprocess.Popen([*command, robot.sandbox.url, robot.token, transport, str(port)])
    try:
        yield
    finally:
        running.kill()
        running.wait()


def is_listening(robot: Robot, transport: str) -> bool:
    calls = [e for e in robot.sandbox.journal() if e["bot"].startswith(f"sandbox_{robot.name}")]
    wanted = "getUpdates" if transport == "polling" else "setWebhook"
    return any(call["method"] == wanted for call in calls)


@pytest.mark.parametrize("transport", ["polling", "webhook"])
@pytest.mark.parametrize("library", ["aiogram", "grammy"])
def test_the_transcript_is_the_same(
    request: pytest.FixtureRequest, robot: Robot, newcomer: Callable[[], int], library: str, transport: str
) -> None:
    command = request.getfixturevalue(library)
    with process(command, robot, transport):
        robot.sandbox.wait_until(lambda: is_listening(robot, transport), timeout=30)
        assert journey(robot, newcomer()) == EXPECTED
