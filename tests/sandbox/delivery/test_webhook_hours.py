"""Rules of hours, on a clock that jumps. Source: Client.cpp:17155-17158, 17959; WebhookActor.cpp."""

from __future__ import annotations

import threading
from collections.abc import Iterator

import pytest

from sandbox.client import Sandbox
from sandbox.testing import running
from tests.sandbox.delivery.arrivals import arrived, pending
from tests.sandbox.receiver import Plan, Receiver
from tests.sandbox.robot import Robot, keyboard


@pytest.fixture
def jumping() -> Iterator[Sandbox]:
    with running() as sandbox:
        yield sandbox


def test_a_press_is_dropped_after_150_seconds(jumping: Sandbox, receiver: Receiver) -> None:
    """Client.cpp:17158: timeout 150; a message stays 24 h."""
    robot = Robot(jumping, 701)
    robot.ok("setWebhook", url=receiver.url)
    robot.people.start(1001)
    jumping.wait_until(lambda: pending(robot) == 0)
    message = robot.say(1001, reply_markup=keyboard([("A", "a")]))
    receiver.always = Plan(503, headers={"Retry-After": "100"})
    press = robot.people.press(1001, message["message_id"], data="a")["update_id"]
    text = robot.people.send_text(1001, "x")["update_id"]
    arrived(robot, receiver, 3)
    jumping.advance(100)
    jumping.wait_until(lambda: pending(robot) == 1)
    receiver.always = Plan()
    jumping.advance(120)
    jumping.wait_until(lambda: pending(robot) == 0)

    assert receiver.ids()[-1] == text
    assert receiver.ids().count(press) <= 2
    robot.close()


def test_what_expires_while_nobody_listens_is_dropped(jumping: Sandbox) -> None:
    """Client.cpp:17158: 150 s for a press, whether the bot refuses or is not there."""
    robot = Robot(jumping, 708)
    robot.ok("getMe")
    robot.people.start(1001)
    robot.confirm_all()
    message = robot.say(1001, reply_markup=keyboard([("A", "a")]))
    with Receiver() as gone:
        url = gone.url
    robot.ok("setWebhook", url=url)
    robot.people.press(1001, message["message_id"], data="a")
    robot.people.send_text(1001, "x")
    jumping.wait_until(lambda: robot.ok("getWebhookInfo").get("last_error_message"))
    jumping.advance(151)

    jumping.wait_until(lambda: pending(robot) == 1)
    robot.close()


def test_a_message_is_dropped_after_a_day(jumping: Sandbox) -> None:
    """docs, "Getting updates": kept no longer than 24 hours."""
    robot = Robot(jumping, 702)
    robot.ok("getMe")
    robot.people.start(1001)
    jumping.advance(86_401)

    assert robot.updates() == []
    robot.close()


def test_410_for_23_hours_deletes_the_webhook(jumping: Sandbox, receiver: Receiver) -> None:
    """WebhookActor.cpp handle, WEBHOOK_DROP_TIMEOUT."""
    robot = Robot(jumping, 703)
    robot.ok("setWebhook", url=receiver.url)
    receiver.always = Plan(410)
    robot.people.start(1001)
    arrived(robot, receiver, 2)
    jumping.advance(23 * 3600 + 1)

    jumping.wait_until(lambda: robot.ok("getWebhookInfo")["url"] == "")
    robot.close()


def test_another_answer_than_410_starts_the_23_hours_anew(jumping: Sandbox, receiver: Receiver) -> None:
    """WebhookActor.cpp handle: first_error_410_time_ = 0."""
    robot = Robot(jumping, 707)
    robot.ok("setWebhook", url=receiver.url)
    receiver.plans.extend([Plan(410), Plan(500)])
    receiver.always = Plan(410)
    robot.people.start(1001)
    arrived(robot, receiver, 3)
    jumping.advance(22 * 3600)
    arrived(robot, receiver, 4)

    assert robot.ok("getWebhookInfo")["url"] == receiver.url
    robot.close()


def test_an_answer_is_awaited_60_seconds(receiver: Receiver) -> None:
    """WebhookActor.cpp create_connection: idle 60 s; tdlib/telegram-bot-api#211: "Read timeout expired"."""
    gate = threading.Event()
    receiver.plans.append(Plan(hold=gate))
    with running(time_scale=0.02) as fast:
        robot = Robot(fast, 705)
        robot.ok("setWebhook", url=receiver.url)
        robot.people.start(1001)
        arrived(robot, receiver, 2)

        assert robot.ok("getWebhookInfo")["last_error_message"] == "Read timeout expired"
        assert receiver.arrivals[1].at - receiver.arrivals[0].at >= 50 * 0.02  # the receiver looks at its clock late
        gate.set()
        robot.close()


def test_after_a_silent_week_numbers_start_at_random(jumping: Sandbox) -> None:
    """docs, Update.update_id."""
    robot = Robot(jumping, 704)
    robot.ok("getMe")
    first = robot.people.start(1001)["update_id"]
    jumping.advance(8 * 86_400)
    second = robot.people.start(1001)["update_id"]

    assert second != first + 1
    robot.close()
