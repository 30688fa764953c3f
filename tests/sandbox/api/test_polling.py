"""getUpdates. Sources: docs, getUpdates; Client.cpp do_get_updates, process_get_updates_query, abort_long_poll."""

from __future__ import annotations

import time
from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor

import pytest

from tests.sandbox.receiver import Receiver
from tests.sandbox.robot import Answer, Robot

OTHER = "Conflict: terminated by other getUpdates request; make sure that only one bot instance is running"
ACTIVE = "Conflict: can't use getUpdates method while webhook is active; use deleteWebhook to delete the webhook first"


@pytest.fixture
def beside() -> Iterator[ThreadPoolExecutor]:
    with ThreadPoolExecutor(4) as pool:
        yield pool


def texts(robot: Robot, **parameters: int) -> list[str]:
    return [update["message"]["text"] for update in robot.updates(**parameters)]


def write(robot: Robot, person: int, *lines: str) -> list[int]:
    return [robot.people.send_text(person, line)["update_id"] for line in lines]


def poll_soon(robot: Robot, beside: ThreadPoolExecutor) -> Future[Answer]:
    """A long poll in another thread, once the emulator has it."""
    before = len(robot.sandbox.journal(method="getUpdates"))
    polling = beside.submit(robot.call, "getUpdates", timeout=50)
    robot.sandbox.wait_until(lambda: len(robot.sandbox.journal(method="getUpdates")) > before)
    return polling


def test_updates_come_until_confirmed(robot: Robot, person: int) -> None:
    """docs, getUpdates.offset."""
    first, second = write(robot, person, "one", "two")

    assert texts(robot) == texts(robot) == ["one", "two"]
    assert texts(robot, offset=second) == ["two"]
    assert texts(robot) == ["two"]
    assert first + 1 == second


def test_a_negative_offset_keeps_that_many_from_the_end(robot: Robot, person: int) -> None:
    """docs, getUpdates.offset; Client.cpp:16326-16329."""
    write(robot, person, "one", "two", "three")

    assert texts(robot, offset=-2) == ["two", "three"]
    assert texts(robot) == ["two", "three"]


def test_an_offset_in_the_future_confirms_nothing(robot: Robot, person: int) -> None:
    """Client.cpp:16354-16358."""
    (number,) = write(robot, person, "one")

    assert texts(robot, offset=number + 1000) == ["one"]


def test_limit_is_kept(robot: Robot, person: int) -> None:
    """docs, getUpdates.limit."""
    write(robot, person, "one", "two", "three")

    assert texts(robot, limit=2) == ["one", "two"]


def test_a_long_poll_ends_with_the_first_update(robot: Robot, person: int, beside: ThreadPoolExecutor) -> None:
    """docs, getUpdates.timeout; Client.cpp:16997 long_poll_wakeup."""
    polling = poll_soon(robot, beside)
    write(robot, person, "here")

    assert polling.result(5).result[0]["message"]["text"] == "here"


def test_a_long_poll_without_news_ends_empty(robot: Robot) -> None:
    """docs, getUpdates.timeout."""
    begun = time.monotonic()

    assert robot.updates(timeout=3) == []
    assert time.monotonic() - begun >= 0.25  # three of the emulator's seconds, ten times shorter


def test_the_elder_of_two_pollers_is_turned_out(robot: Robot, person: int, beside: ThreadPoolExecutor) -> None:
    """Client.cpp:16231-16233."""
    elder = poll_soon(robot, beside)
    younger = poll_soon(robot, beside)

    assert elder.result(5).error == (409, OTHER)
    write(robot, person, "mine")
    assert younger.result(5).result


def test_a_second_conflict_comes_three_seconds_late(robot: Robot, receiver: Receiver) -> None:
    """Client.cpp:16238-16250, 15702."""
    robot.ok("setWebhook", url=receiver.url)
    assert robot.call("getUpdates").error == (409, ACTIVE)
    begun = time.monotonic()

    assert robot.call("getUpdates").error == (409, ACTIVE)
    assert time.monotonic() - begun >= 0.25


def test_a_hasty_poller_is_slowed_down(strict_robot: Robot) -> None:
    """Client.cpp:15713-15719: the same offset within half a second brings one update, within three seconds it waits."""
    strict_robot.sandbox.add_person(63_001, "Noa", "he")
    for text in ("one", "two", "three"):
        strict_robot.people.send_text(63_001, text)
    first, second = strict_robot.updates(offset=-3), strict_robot.updates(offset=-3)
    begun = time.monotonic()
    strict_robot.updates(offset=second[0]["update_id"] + 3)
    strict_robot.updates(offset=second[0]["update_id"] + 3)

    assert (len(first), len(second)) == (3, 1)
    assert time.monotonic() - begun >= 2.9


def test_limits_of_a_poll_are_clamped(robot: Robot, person: int) -> None:
    """Client.cpp:12360, 15709: limit 1 to 100, a timeout that is no number counts as 0."""
    write(robot, person, "one", "two")

    assert texts(robot, limit=0) == ["one"]
    assert len(robot.updates(limit=1000, timeout="soon")) == 2


def test_a_webhook_ends_the_long_poll(robot: Robot, receiver: Receiver, beside: ThreadPoolExecutor) -> None:
    """Client.cpp:16228-16229."""
    polling = poll_soon(robot, beside)
    robot.ok("setWebhook", url=receiver.url)

    assert polling.result(5).error == (409, "Conflict: terminated by setWebhook request")


def test_unwanted_kinds_are_left_out(robot: Robot, person: int) -> None:
    """docs, getUpdates.allowed_updates; an empty list means the default."""
    robot.updates(allowed_updates=["callback_query"])
    unseen = robot.people.send_text(person, "unseen")
    robot.updates(allowed_updates=[])
    write(robot, person, "seen")

    assert "update_id" not in unseen
    assert texts(robot) == ["seen"]


def test_blocking_and_unblocking_are_told(robot: Robot, person: int) -> None:
    """docs, Update.my_chat_member: in private chats only for this."""
    robot.people.block(person)
    robot.people.unblock(person)
    changes = [update["my_chat_member"] for update in robot.updates()]

    assert [change["new_chat_member"]["status"] for change in changes] == ["kicked", "member"]
    assert [change["old_chat_member"]["status"] for change in changes] == ["member", "kicked"]


def test_start_carries_the_payload_of_a_link(robot: Robot, person: int) -> None:
    """docs, "Deep linking"."""
    robot.people.start(person, "join_42")
    (update,) = robot.updates()

    assert update["message"]["text"] == "/start join_42"
    assert update["message"]["entities"] == [{"type": "bot_command", "offset": 0, "length": 6}]


def test_an_edited_message_is_told(robot: Robot, person: int) -> None:
    """docs, Update.edited_message."""
    message = robot.people.send_text(person, "one")["message"]
    robot.sandbox.edit_text(person, message["message_id"], "two /x", bot=robot.name)
    edited = robot.updates()[-1]["edited_message"]

    assert (edited["message_id"], edited["text"], len(edited["entities"])) == (message["message_id"], "two /x", 1)
    assert edited["edit_date"] >= message["date"]


def test_an_old_update_can_come_again(robot: Robot, person: int) -> None:
    """Ours: a duplicate on purpose."""
    (number,) = write(robot, person, "once")
    robot.updates(offset=number + 1)
    robot.sandbox.redeliver(number, bot=robot.name)

    assert [update["update_id"] for update in robot.updates()] == [number]
    assert robot.updates() == []


def test_deliver_twice_is_twice_for_a_poller_too(robot: Robot, person: int) -> None:
    """Ours: an update that the bot has confirmed comes once more, under its old number."""
    robot.sandbox.webhook_faults.add(action="duplicate", method="*", times=None)
    first, second = (robot.people.send_text(person, text)["update_id"] for text in "ab")
    seen = [[update["update_id"] for update in robot.updates(offset=offset)] for offset in (0, 0, second + 1, 0)]

    assert seen == [[first, second], [first, second], [first, second], []]


def test_any_update_can_be_injected(robot: Robot) -> None:
    """Ours: a kind that the emulator does not make itself."""
    number = robot.sandbox.inject_update({"poll_answer": {"poll_id": "1", "option_ids": [0]}}, bot=robot.name)

    assert robot.updates() == [{"update_id": number, "poll_answer": {"poll_id": "1", "option_ids": [0]}}]
