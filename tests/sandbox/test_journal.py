"""The journal knows every call, and no secret."""

from __future__ import annotations

import msgspec

from sandbox.journal import Journal, mask
from tests.sandbox.receiver import Receiver
from tests.sandbox.robot import Robot


def test_a_call_is_written_down_with_its_answer(robot: Robot, person: int) -> None:
    message = robot.say(person, "look")
    entry = robot.sandbox.journal(method="sendmessage")[-1]

    assert (entry["kind"], entry["method"], entry["chat_id"], entry["status"]) == ("call", "sendMessage", person, 200)
    assert entry["parameters"] == {"chat_id": person, "text": "look"}
    assert entry["answer"]["result"] == message
    assert entry["effect"] is True


def test_a_refused_call_had_no_effect(robot: Robot) -> None:
    robot.call("sendMessage", chat_id=1, text="x")
    entry = robot.sandbox.journal(method="sendMessage")[-1]

    assert (entry["status"], entry["effect"]) == (400, False)


def test_it_is_read_from_a_place_on_and_in_pages(robot: Robot) -> None:
    for _ in range(3):
        robot.ok("getMe")
    mine = [entry["seq"] for entry in robot.sandbox.journal(method="getMe")][-3:]

    assert [entry["seq"] for entry in robot.sandbox.journal(after=mine[0], method="getMe", limit=2)] == mine[1:]


def test_no_token_and_no_secret_are_in_it(robot: Robot, receiver: Receiver) -> None:
    robot.ok("setWebhook", url=f"{receiver.url}/{robot.token}", secret_token="very-s3cret")
    robot.ok("getWebhookInfo")
    written = str(robot.sandbox.journal())

    assert robot.token not in written
    assert robot.token.partition(":")[2] not in written
    assert "very-s3cret" not in written


def test_a_token_is_masked_wherever_it_stands() -> None:
    assert mask(b"/bot123456:" + b"A" * 35 + b"/getMe") == b"/bot***/getMe"


def test_the_oldest_entries_make_room() -> None:
    journal = Journal(capacity=3)
    for number in range(5):
        journal.open(0.0, "call", "bot", f"m{number}")

    assert [entry.method for entry in journal.read(0, None, None, 10)] == ["m2", "m3", "m4"]
    assert [entry.method for entry in journal.read(4, None, None, 10)] == ["m4"]


def test_an_answer_that_is_no_json_is_kept_as_text() -> None:
    entry = Journal().open(0.0, "call", "bot")
    entry.answer = b"<html>"

    assert entry.view()["answer"] == "<html>"
    assert msgspec.json.encode(entry.view())
