"""The control API and its client."""

from __future__ import annotations

import json
from collections.abc import Callable

import pytest
import urllib3

from sandbox.client import Sandbox, SandboxError, WaitTimeout
from tests.sandbox.robot import Robot


def test_a_person_is_added_with_name_and_language(emulator: Sandbox) -> None:
    emulator.add_person(70_001, "Олег", "ru", last_name="Петров", username="oleg")
    (oleg,) = [person for person in emulator.people() if person["id"] == 70_001]

    assert (oleg["first_name"], oleg["last_name"], oleg["language_code"]) == ("Олег", "Петров", "ru")
    assert (oleg["started"], oleg["blocked"], oleg["deactivated"]) == (False, False, False)


def test_many_people_are_added_at_once(emulator: Sandbox, robot: Robot) -> None:
    emulator.add_people(50, first_id=71_000, bot=robot.name)

    assert robot.say(71_049)
    assert robot.call("sendMessage", chat_id=71_050, text="x").status == 400


def test_two_bots_share_the_people_and_nothing_else(emulator: Sandbox, robot: Robot, person: int) -> None:
    other = Robot(emulator, 812)
    other.ok("getMe")
    robot.say(person, "mine")
    robot.people.send_text(person, "to the first")

    assert other.call("sendMessage", chat_id=person, text="x").status == 403
    assert other.updates() == []
    other.people.start(person)
    assert [m["text"] for m in other.people.messages(person)] == ["/start"]
    assert "/start" not in [update["message"]["text"] for update in robot.updates()]
    other.close()


def test_the_cast_is_there_and_has_not_started() -> None:
    """The demo begins with Dima, Noa and Charlie, who press Start themselves."""
    from sandbox.telegram.people import default_cast

    assert [(person.id, person.language_code) for person in default_cast()] == [
        (1001, "ru"),
        (1002, "he"),
        (1003, "en"),
    ]


def test_an_unknown_person_is_named(emulator: Sandbox) -> None:
    with pytest.raises(SandboxError, match="no person 9"):
        emulator.send_text(9, "x")


def test_an_unknown_bot_is_named(emulator: Sandbox) -> None:
    with pytest.raises(SandboxError, match="no bot 'nobody'"):
        emulator.people(bot="nobody")


def test_whoever_blocked_the_bot_cannot_write(robot: Robot, person: int) -> None:
    robot.people.block(person)

    with pytest.raises(SandboxError, match="has blocked the bot"):
        robot.people.send_text(person, "x")


def test_last_is_the_bots_newest_message_that_is_still_there(robot: Robot, person: int) -> None:
    robot.say(person, "stays")
    gone = robot.say(person, "goes")
    robot.people.send_text(person, "mine")
    robot.ok("deleteMessage", chat_id=person, message_id=gone["message_id"])
    last, anybody = robot.people.last(person), robot.people.last(person, from_bot=False)

    assert last is not None
    assert anybody is not None
    assert (last["text"], anybody["text"]) == ("stays", "mine")


def test_waiting_for_what_does_not_come_ends_with_what_came(robot: Robot, person: int) -> None:
    robot.say(person, "something else")

    with pytest.raises(WaitTimeout, match="something else"):
        robot.sandbox.wait_for_message(person, lambda m: m["text"] == "never", timeout=0.1, bot=robot.name)


def test_bodies_are_checked(emulator: Sandbox) -> None:
    with pytest.raises(SandboxError, match="the body does not fit"):
        emulator.post("/people", {"id": "many"})


NO_NUMBERS: list[object] = ["x", None, 1.5, True, []]


@pytest.mark.parametrize(
    ("path", "body"),
    [
        *(("/updates", {"update_id": number, "message": {}}) for number in NO_NUMBERS),
        *(("/faults", {"action": "429"} | {name: "x"}) for name in ("times", "chat", "rate", "retry_after", "after")),
        ("/faults", {"action": "slow", "seconds": "x"}),
        ("/faults", {"action": "500", "method": 5}),
        ("/webhook-faults", {"action": "hold", "times": []}),
    ],
)
def test_nonsense_is_refused_with_a_sentence(emulator: Sandbox, path: str, body: dict[str, object]) -> None:
    """A refusal, never the 500 of a crash; a fault that does not fit would crash the calls that it strikes."""
    answer = urllib3.request("POST", f"{emulator.url}/sandbox{path}", json=body)

    assert (answer.status, list(answer.json())) == (400, ["error"])


def test_a_wait_of_no_number_is_refused(emulator: Sandbox) -> None:
    assert urllib3.request("GET", f"{emulator.url}/sandbox/changes?timeout=soon").status == 400


def test_an_update_of_any_shape_is_queued(emulator: Sandbox, robot: Robot) -> None:
    number = emulator.inject_update({"message": {"message": 1}}, bot=robot.name)

    assert robot.updates() == [{"update_id": number, "message": {"message": 1}}]


def test_changes_wake_a_waiting_client(emulator: Sandbox, newcomer: Callable[[], int]) -> None:
    revision = emulator.get("/changes")["revision"]
    newcomer()

    assert emulator.get("/changes", after=revision, timeout=5)["revision"] > revision


def test_the_stream_tells_of_messages(robot: Robot, person: int) -> None:
    stream = urllib3.request("GET", f"{robot.sandbox.url}/sandbox/events", preload_content=False, retries=False)
    lines = iter(stream.stream(16))
    next(lines)
    robot.say(person, "over the stream")
    heard = b""
    while b"over the stream" not in heard:
        heard += next(lines)
    stream.release_conn()
    stream.close()

    events = [json.loads(line[6:]) for line in heard.split(b"\n") if line.startswith(b"data: ") and line.endswith(b"}")]
    assert all("type" in event for event in events)
