"""`--data DIR`: what was, is there after a restart, and no token is on the disk."""

from __future__ import annotations

from pathlib import Path

import pytest
import urllib3

from sandbox.client import Sandbox, SandboxError
from sandbox.testing import running
from tests.sandbox.images import png
from tests.sandbox.receiver import Receiver
from tests.sandbox.robot import Robot, keyboard


@pytest.fixture
def arguments(tmp_path: Path) -> list[str]:
    return ["--data", str(tmp_path / "data")]


def robot_of(sandbox: Sandbox) -> Robot:
    return Robot(sandbox, 901)


def test_people_chats_and_buttons_survive_a_restart(arguments: list[str]) -> None:
    with running(args=arguments) as sandbox:
        robot = robot_of(sandbox)
        sandbox.add_person(2001, "Олег", "ru")
        robot.ok("getMe")
        robot.people.start(2001)
        message = robot.say(2001, "<b>меню</b>", parse_mode="HTML", reply_markup=keyboard([("A", "a")]))
        robot.ok("setMyCommands", commands=[{"command": "start", "description": "x"}])
        via = robot.people.send_via(2001, "via", [[{"text": "A", "callback_data": "a"}]])
        robot.close()
    with running(args=arguments) as sandbox:
        robot = robot_of(sandbox)
        shown = sandbox.last(2001)

        assert shown is not None
        assert (shown["text"], shown["message_id"]) == ("меню", message["message_id"])
        assert sandbox.press(2001, message["message_id"], data="a")
        assert robot.say(2001)["message_id"] > message["message_id"]
        assert robot.ok("getMyCommands")
        assert robot.ok("editMessageText", inline_message_id=via, text="still known") is True
        robot.close()


def test_updates_wait_and_numbers_go_on(arguments: list[str]) -> None:
    with running(args=arguments) as sandbox:
        robot = robot_of(sandbox)
        robot.ok("getMe")
        first = robot.people.start(1001)["update_id"]
        robot.close()
    with running(args=arguments) as sandbox:
        robot = robot_of(sandbox)
        second = sandbox.send_text(1001, "x")["update_id"]

        assert [update["update_id"] for update in robot.updates()] == [first, second] == [first, first + 1]
        robot.close()


def test_a_webhook_goes_on_delivering(arguments: list[str], receiver: Receiver) -> None:
    with running(args=arguments) as sandbox:
        robot = robot_of(sandbox)
        robot.ok("setWebhook", url=receiver.url, secret_token="s3cret")
        robot.close()
    with running(args=arguments) as sandbox:
        number = sandbox.start(1001)["update_id"]
        sandbox.wait_until(lambda: receiver.ids() == [number])

        assert receiver.arrivals[0].headers["X-Telegram-Bot-Api-Secret-Token"] == "s3cret"


def test_files_survive(arguments: list[str]) -> None:
    with running(args=arguments) as sandbox:
        robot = robot_of(sandbox)
        robot.ok("getMe")
        robot.people.start(1001)
        sent = robot.multipart("sendPhoto", chat_id=1001, photo=("a.png", png(), "image/png")).result
        robot.close()
    with running(args=arguments) as sandbox:
        robot = robot_of(sandbox)
        file = robot.ok("getFile", file_id=sent["photo"][0]["file_id"])
        answer = urllib3.request("GET", f"{sandbox.url}/file/bot{robot.token}/{file['file_path']}", retries=False)

        assert answer.data == png()
        robot.close()


def test_what_happened_is_written_while_it_runs(arguments: list[str], tmp_path: Path) -> None:
    with running(args=arguments) as sandbox:
        robot = robot_of(sandbox)
        robot.ok("getMe")
        robot.people.start(1001)
        robot.say(1001, "soon on the disk")
        state = tmp_path / "data" / "state.json"
        sandbox.wait_until(lambda: state.exists() and "soon on the disk" in state.read_text())
        robot.close()


def test_no_token_is_on_the_disk(arguments: list[str], tmp_path: Path) -> None:
    with running(args=arguments) as sandbox:
        robot = robot_of(sandbox)
        robot.ok("getMe")
        robot.close()
    written = b"".join(path.read_bytes() for path in (tmp_path / "data").rglob("*") if path.is_file())

    assert robot.token.partition(":")[2].encode() not in written


def test_another_token_of_the_same_bot_is_wrong(arguments: list[str]) -> None:
    """Client.cpp:16291."""
    for _ in range(2):
        with running(args=arguments) as sandbox:
            robot = robot_of(sandbox)
            robot.ok("getMe")
            other = f"{sandbox.url}/bot{robot.token[:-1]}B/getMe"

            assert robot.raw("POST", other).error == (401, "Unauthorized")
            robot.close()


def test_what_cannot_be_read_is_not_overwritten(arguments: list[str], tmp_path: Path) -> None:
    (tmp_path / "data").mkdir()
    state = tmp_path / "data" / "state.json"
    state.write_text("{broken")

    with pytest.raises(SandboxError, match="exit code 1"), running(args=arguments):
        pass
    assert state.read_text() == "{broken"
