"""`python -m sandbox`: starts quickly, stops at once, refuses to be something it is not."""

from __future__ import annotations

import signal
import subprocess
import sys
import threading
import time
from pathlib import Path

import psutil
import pytest
import urllib3

from sandbox.testing import running
from tests.sandbox.robot import Robot


def refusal(*arguments: str) -> str:
    done = subprocess.run(
        [sys.executable, "-m", "sandbox", *arguments], capture_output=True, text=True, timeout=20, check=False
    )
    assert done.returncode != 0
    return done.stderr


def test_it_is_up_within_a_second_and_leaves_nothing() -> None:
    before = {child.pid for child in psutil.Process().children()}
    begun = time.monotonic()
    with running() as sandbox:
        assert time.monotonic() - begun < 5  # the promise is one second
        assert sandbox.get("/health") == {"ok": True}
    assert {child.pid for child in psutil.Process().children()} <= before


def test_it_stops_at_once_though_somebody_polls() -> None:
    before = set(psutil.Process().children())
    with running() as sandbox:
        (process,) = set(psutil.Process().children()) - before
        robot = Robot(sandbox, 707)
        robot.ok("getMe")
        polling = threading.Thread(target=robot.call, args=("getUpdates",), kwargs={"timeout": 50})
        polling.start()
        sandbox.wait_until(lambda: sandbox.journal(method="getUpdates"))
        begun = time.monotonic()
        process.send_signal(signal.SIGTERM)
        process.wait(5)

        assert time.monotonic() - begun < 5
        polling.join(5)
        robot.close()


def test_it_does_not_open_itself_to_others_by_accident() -> None:
    assert "add --expose if you mean it" in refusal("--host", "0.0.0.0")


def test_an_exposed_one_answers_to_any_name() -> None:
    with running(args=["--host", "0.0.0.0", "--expose"]) as sandbox:
        port = sandbox.url.rpartition(":")[2]
        answer = urllib3.request("GET", f"http://127.0.0.1:{port}/sandbox/health", headers={"Host": "demo.example.com"})

        assert answer.status == 200


@pytest.mark.parametrize("bot", ["nonsense", "123:short", "123456:AAA:bad name"])
def test_a_bot_is_a_token_and_a_name(bot: str) -> None:
    assert "TOKEN:USERNAME" in refusal("--bot", bot)


def test_a_taken_port_is_said_in_one_sentence() -> None:
    with running() as sandbox:
        port = sandbox.url.rpartition(":")[2]
        assert f"cannot listen on 127.0.0.1:{port}" in refusal("--port", port)


def test_unknown_bots_can_be_turned_away() -> None:
    with running(args=["--known-bots-only", "--bot", "708:" + "A" * 35 + ":ours_bot"]) as sandbox:
        known, unknown = Robot(sandbox, 708), Robot(sandbox, 709)

        assert known.ok("getMe")["username"] == "ours_bot"
        assert unknown.call("getMe").error == (401, "Unauthorized")
        known.close()
        unknown.close()


def test_another_projects_test_asks_for_the_fixture(tmp_path: Path) -> None:
    (tmp_path / "conftest.py").write_text('pytest_plugins = ["sandbox.pytest_fixture"]\n')
    (tmp_path / "test_it.py").write_text('def test_it(telegram):\n    assert telegram.get("/health") == {"ok": True}\n')
    command = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", str(tmp_path)]
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, timeout=60, check=False)

    assert "1 passed" in done.stdout, done.stdout


@pytest.mark.parametrize(
    ("options", "name"), [([], "Sandbox"), (["--first-bot", "parts_bot:Parts and more"], "Parts and more")]
)
def test_the_first_bot_gets_the_name_that_was_chosen(options: list[str], name: str) -> None:
    with running(args=options) as sandbox:
        robot = Robot(sandbox, 710)

        assert robot.ok("getMe")["first_name"] == name
        robot.close()


def test_the_first_bot_is_a_username_and_a_name() -> None:
    assert "USERNAME:NAME" in refusal("--first-bot", "bad name")
