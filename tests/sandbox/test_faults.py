"""Fault scripts: what the bot sees, and whether the message was sent all the same."""

from __future__ import annotations

import threading
import time

import pytest
import urllib3

from sandbox.client import Sandbox, SandboxError
from sandbox.testing import running
from tests.sandbox.robot import Robot


def sent(robot: Robot, person: int) -> int:
    return len([message for message in robot.people.messages(person) if message["from_bot"]])


@pytest.mark.parametrize(
    ("action", "refusal"),
    [
        ("429", (429, "Too Many Requests: retry after 7")),
        ("401", (401, "Unauthorized")),
        (
            "409",
            (
                409,
                "Conflict: terminated by other getUpdates request; make sure that only one bot instance is running",
            ),
        ),
        ("403", (403, "Forbidden: bot was blocked by the user")),
        ("blocked", (403, "Forbidden: bot was blocked by the user")),
        ("deactivated", (403, "Forbidden: user is deactivated")),
        ("400", (400, "Bad Request: chat not found")),
        ("500", (500, "Internal Server Error")),
        ("migrated", (400, "Bad Request: group chat was upgraded to a supergroup chat")),
    ],
)
def test_a_scripted_refusal_changes_nothing(robot: Robot, person: int, action: str, refusal: tuple[int, str]) -> None:
    robot.sandbox.faults.add("sendMessage", chat=person, action=action, retry_after=7)

    assert robot.call("sendMessage", chat_id=person, text="x").error == refusal
    assert sent(robot, person) == 0
    assert robot.say(person)


@pytest.mark.parametrize(("action", "status"), [("502html", 502), ("200html", 200)])
def test_a_page_instead_of_an_answer(robot: Robot, person: int, action: str, status: int) -> None:
    robot.sandbox.faults.add("sendMessage", chat=person, action=action)
    answer = urllib3.request("POST", f"{robot.base}/sendMessage", json={"chat_id": person, "text": "x"}, retries=False)

    assert (answer.status, answer.headers["Content-Type"]) == (status, "text/html")
    assert sent(robot, person) == 0


@pytest.mark.parametrize(
    ("action", "effect", "messages"),
    [
        ("reset_before", None, 0),
        ("reset_after", None, 1),
        ("truncated", None, 1),
        ("truncated", False, 0),
        ("reset_before", True, 1),
    ],
)
def test_a_broken_connection_before_or_after_the_effect(
    robot: Robot, person: int, action: str, effect: bool | None, messages: int
) -> None:
    robot.sandbox.faults.add("sendMessage", chat=person, action=action, effect=effect)
    with pytest.raises(urllib3.exceptions.HTTPError):
        robot.call("sendMessage", chat_id=person, text="x")

    assert sent(robot, person) == messages
    assert robot.sandbox.journal(method="sendMessage")[-1]["effect"] is bool(messages)


def test_silence_lasts_until_the_fault_is_lifted(robot: Robot, person: int) -> None:
    fault = robot.sandbox.faults.add("sendMessage", chat=person, action="hang", times=None)
    outcome: list[BaseException] = []

    def call() -> None:
        try:
            robot.call("sendMessage", chat_id=person, text="x")
        except urllib3.exceptions.HTTPError as error:
            outcome.append(error)

    calling = threading.Thread(target=call)
    calling.start()
    robot.sandbox.wait_until(lambda: robot.sandbox.faults.list()[0]["hits"] == 1)
    assert outcome == []
    robot.sandbox.faults.remove(fault)
    calling.join(5)

    assert len(outcome) == 1
    assert sent(robot, person) == 0


def test_a_slow_answer_takes_its_seconds_and_effect(robot: Robot, person: int) -> None:
    robot.sandbox.faults.add("sendMessage", chat=person, action="slow", seconds=0.3)
    begun = time.monotonic()
    robot.say(person)

    assert time.monotonic() - begun >= 0.3
    assert sent(robot, person) == 1


def test_a_fault_strikes_as_often_as_it_was_told(robot: Robot, person: int) -> None:
    robot.sandbox.faults.add("sendMessage", chat=person, action="500", times=2)
    codes = [robot.call("sendMessage", chat_id=person, text=str(n)).status for n in range(4)]

    assert codes == [500, 500, 200, 200]


def test_a_fault_can_let_some_pass_first(robot: Robot, person: int) -> None:
    robot.sandbox.faults.add("sendMessage", chat=person, action="500", after=2)
    codes = [robot.call("sendMessage", chat_id=person, text=str(n)).status for n in range(4)]

    assert codes == [200, 200, 500, 200]


def test_a_rate_strikes_about_that_share(robot: Robot, person: int) -> None:
    robot.sandbox.faults.add("sendMessage", chat=person, action="500", times=None, rate=0.5)
    codes = [robot.call("sendMessage", chat_id=person, text=str(n)).status for n in range(200)]

    assert 60 <= codes.count(500) <= 140


def test_a_fault_concerns_its_methods_and_chat_only(robot: Robot, person: int) -> None:
    robot.sandbox.faults.add("sendMessage,sendChatAction", chat=person + 1, action="500", times=None)
    robot.sandbox.faults.add("getChat", action="500", times=None)

    assert robot.say(person)
    assert robot.call("getChat", chat_id=person).status == 500


def test_a_refusal_may_say_something_else(robot: Robot, person: int) -> None:
    robot.sandbox.faults.add("sendMessage", chat=person, action="400", text="TOPIC_CLOSED")

    assert robot.call("sendMessage", chat_id=person, text="x").error == (400, "Bad Request: TOPIC_CLOSED")


def test_faults_strike_in_the_order_they_were_added(robot: Robot, person: int) -> None:
    for action in ("500", "403", "429"):
        robot.sandbox.faults.add("sendMessage", chat=person, action=action)
    codes = [robot.call("sendMessage", chat_id=person, text="x").status for _ in range(4)]

    assert codes == [500, 403, 429, 200]


def test_a_script_is_plain_json(robot: Robot, person: int) -> None:
    """Any language can post it; the listing shows what is still in force."""
    script = {"method": "sendMessage", "chat": person, "action": "429", "times": None, "retry_after": 9}
    url = f"{robot.sandbox.url}/sandbox/faults"
    added = urllib3.request("POST", url, json=script).json()
    robot.call("sendMessage", chat_id=person, text="x")
    (standing,) = urllib3.request("GET", url).json()
    gone = urllib3.request("DELETE", f"{url}/{added['id']}").json()

    assert (standing["id"], standing["action"], standing["hits"]) == (added["id"], "429", 1)
    assert gone == {"removed": True}
    assert robot.say(person)


def test_nonsense_is_refused(emulator: Sandbox) -> None:
    with pytest.raises(SandboxError, match="unknown action 'explode'"):
        emulator.faults.add(action="explode")


def test_a_cut_network_resets_and_comes_back(robot: Robot) -> None:
    robot.sandbox.network(False)
    with pytest.raises(urllib3.exceptions.HTTPError):
        robot.call("getMe")
    robot.sandbox.network(True)

    assert robot.ok("getMe")


def test_with_a_port_of_its_own_a_cut_network_refuses() -> None:
    with running(own_api_port=True) as sandbox:
        robot = Robot(sandbox, 706)
        robot.base = f"{sandbox.api_url}/bot{robot.token}"
        robot.ok("getMe")
        sandbox.network(False)
        with pytest.raises(urllib3.exceptions.NewConnectionError):
            urllib3.request("GET", f"{robot.base}/getMe", retries=False)
        sandbox.network(True)

        assert robot.ok("getMe")
        robot.close()
