"""What the webhook engine does when a delivery fails. Source: WebhookActor.cpp."""

from __future__ import annotations

import time

import pytest

from sandbox.delivery.webhooks import next_pause
from tests.sandbox.delivery.arrivals import SCALE, arrived, pending
from tests.sandbox.receiver import Plan, Receiver
from tests.sandbox.robot import Robot


@pytest.mark.parametrize("status", [500, 404, 302])
def test_anything_but_2xx_comes_again(hooked: Robot, person: int, receiver: Receiver, status: int) -> None:
    """WebhookActor.cpp handle; docs, webhooks: redirects are not followed."""
    receiver.plans.append(Plan(status))
    number = hooked.people.send_text(person, "x")["update_id"]

    assert arrived(hooked, receiver, 2) == [number, number]


def test_retries_wait_0_2_4_seconds_and_hold_the_chat(hooked: Robot, person: int, receiver: Receiver) -> None:
    """WebhookActor.cpp on_update_error; the head of the queue blocks what is behind it."""
    receiver.plans.extend([Plan(500)] * 3)
    first = hooked.people.send_text(person, "poison")["update_id"]
    second = hooked.people.send_text(person, "behind")["update_id"]
    ids = arrived(hooked, receiver, 5)
    pauses = [b.at - a.ended for a, b in zip(receiver.arrivals, receiver.arrivals[1:4], strict=False)]

    assert ids == [first, first, first, first, second]
    assert pauses[1] >= 2 * SCALE
    assert pauses[2] >= 4 * SCALE
    assert pauses[0] < 1.0  # at once, on a busy machine


def test_pauses_double_up_to_a_random_minute_or_two() -> None:
    """WebhookActor.cpp on_update_error: 0, 2, 4 ... s, at most a random 60 to 120 s."""
    delay, pauses = 1.0, []
    for fails in range(40):
        pause, delay = next_pause(0.0, fails, delay)
        pauses.append(pause)

    assert pauses[:6] == [0, 2, 4, 8, 16, 32]
    assert all(60 <= pause <= 120 for pause in pauses[6:])


def test_retry_after_is_an_hour_at_most_and_does_not_lengthen_the_pauses() -> None:
    """WebhookActor.cpp on_update_error, MAX_RETRY_AFTER; next_delay stays as it was."""
    assert next_pause(86_400.0, 3, 8.0) == (3600.0, 8.0)


def test_retry_after_is_honoured(hooked: Robot, person: int, receiver: Receiver) -> None:
    """WebhookActor.cpp on_update_error: 0 to 3600 s, also for the first failure."""
    receiver.plans.append(Plan(503, headers={"Retry-After": "5"}))
    hooked.people.send_text(person, "x")
    arrived(hooked, receiver, 2)

    assert receiver.arrivals[1].at - receiver.arrivals[0].ended >= 5 * SCALE


def test_a_failure_is_told_by_get_webhook_info(hooked: Robot, person: int, receiver: Receiver) -> None:
    """WebhookActor.cpp handle, "Wrong response from the webhook: ..."."""
    receiver.plans.append(Plan(500))
    hooked.people.send_text(person, "x")
    arrived(hooked, receiver, 2)
    info = hooked.ok("getWebhookInfo")

    assert info["last_error_message"] == "Wrong response from the webhook: 500 Internal Server Error"
    assert abs(info["last_error_date"] - time.time()) < 60


def test_setting_the_webhook_anew_forgets_the_error(hooked: Robot, person: int, receiver: Receiver) -> None:
    """Client.cpp finish_set_webhook."""
    receiver.plans.append(Plan(500))
    hooked.people.send_text(person, "x")
    arrived(hooked, receiver, 2)
    hooked.ok("setWebhook", url=receiver.url + "2")

    assert "last_error_message" not in hooked.ok("getWebhookInfo")


def test_nobody_listening_is_tried_again_without_using_up_the_schedule(robot: Robot, person: int) -> None:
    """WebhookActor.cpp create_new_connections: one try a second, and the update stays where it is."""
    with Receiver() as gone:
        url = gone.url
    robot.ok("setWebhook", url=url)
    robot.people.send_text(person, "x")
    robot.sandbox.wait_until(lambda: robot.ok("getWebhookInfo").get("last_error_message") == "Connection refused")

    assert pending(robot) == 1


def test_every_2xx_is_a_success(hooked: Robot, person: int, receiver: Receiver) -> None:
    """WebhookActor.cpp handle: 200 to 299."""
    receiver.plans.extend([Plan(201), Plan(204)])
    numbers = [hooked.people.send_text(person, text)["update_id"] for text in "ab"]
    hooked.sandbox.wait_until(lambda: len(receiver.arrivals) >= 2 and pending(hooked) == 0)

    assert receiver.ids() == numbers
