"""The webhook engine, seen from the bot. Source: WebhookActor.cpp; the queues: Client.cpp:17155-17158, 17959."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator

import pytest

from sandbox.client import Sandbox
from sandbox.delivery.webhooks import next_pause
from sandbox.testing import running
from tests.sandbox.receiver import Plan, Receiver
from tests.sandbox.robot import Robot, keyboard

SCALE = 0.1


@pytest.fixture
def hooked(robot: Robot, receiver: Receiver, person: int) -> Robot:
    """The webhook is set once the person has started and nothing waits."""
    robot.ok("setWebhook", url=receiver.url, secret_token="s3cret")
    return robot


def arrived(robot: Robot, receiver: Receiver, count: int) -> list[int]:
    robot.sandbox.wait_until(lambda: len(receiver.arrivals) >= count)
    return receiver.ids()


def pending(robot: Robot) -> int:
    return int(robot.ok("getWebhookInfo")["pending_update_count"])


def test_an_update_is_posted_as_json_with_the_secret(hooked: Robot, person: int, receiver: Receiver) -> None:
    """docs, setWebhook.secret_token; WebhookActor.cpp send_update."""
    sent = hooked.people.send_text(person, "привет")
    arrived(hooked, receiver, 1)
    (arrival,) = receiver.arrivals

    assert arrival.update == sent
    assert arrival.headers["X-Telegram-Bot-Api-Secret-Token"] == "s3cret"
    assert arrival.headers["Content-Type"] == "application/json"
    assert arrival.headers["Accept-Encoding"] == "gzip, deflate"


def test_what_waited_comes_when_the_webhook_is_set(robot: Robot, person: int, receiver: Receiver) -> None:
    """docs, setWebhook: pending updates are delivered; WebhookActor.cpp load_updates."""
    numbers = [robot.people.send_text(person, text)["update_id"] for text in "ab"]
    robot.ok("setWebhook", url=receiver.url)

    assert arrived(robot, receiver, 2) == numbers
    robot.sandbox.wait_until(lambda: pending(robot) == 0)


def test_one_chats_messages_come_one_after_another(hooked: Robot, person: int, receiver: Receiver) -> None:
    """Client.cpp:17959: the queue of a message is the chat."""
    gate = threading.Event()
    receiver.plans.append(Plan(hold=gate))
    numbers = [hooked.people.send_text(person, text)["update_id"] for text in "abc"]
    arrived(hooked, receiver, 1)
    gate.set()

    assert arrived(hooked, receiver, 3) == numbers
    assert receiver.most_at_once == 1


def test_a_press_does_not_wait_for_a_message(hooked: Robot, person: int, receiver: Receiver) -> None:
    """Client.cpp:17155: the queue of a press is the user + 3 << 33, so it can overtake."""
    message = hooked.say(person, reply_markup=keyboard([("A", "a")]))
    gate = threading.Event()
    receiver.plans.append(Plan(hold=gate))
    text = hooked.people.send_text(person, "slow")["update_id"]
    arrived(hooked, receiver, 1)
    press = hooked.people.press(person, message["message_id"], data="a")["update_id"]

    assert arrived(hooked, receiver, 2) == [text, press]
    assert receiver.most_at_once == 2
    gate.set()


def test_different_chats_do_not_wait_for_each_other(
    hooked: Robot, person: int, newcomer: Callable[[], int], receiver: Receiver
) -> None:
    """WebhookActor.cpp send_update: one queue for each queue_id."""
    gate = threading.Event()
    receiver.plans.append(Plan(hold=gate))
    hooked.people.send_text(person, "slow")
    arrived(hooked, receiver, 1)
    hooked.people.start(newcomer())

    arrived(hooked, receiver, 2)
    gate.set()


def test_max_connections_is_kept(robot: Robot, newcomer: Callable[[], int], receiver: Receiver) -> None:
    """docs, setWebhook.max_connections."""
    gate = threading.Event()
    receiver.always = Plan(hold=gate)
    robot.ok("setWebhook", url=receiver.url, max_connections=2)
    for _ in range(4):
        robot.people.start(newcomer())
    arrived(robot, receiver, 2)
    gate.set()

    arrived(robot, receiver, 4)
    assert receiver.most_at_once == 2


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


def test_the_method_in_an_answer_is_called(hooked: Robot, person: int, receiver: Receiver) -> None:
    """docs, "Making requests when getting updates"; WebhookActor.cpp handle."""
    body = f'{{"method":"sendMessage","chat_id":{person},"text":"from the answer"}}'.encode()
    receiver.plans.append(Plan(200, body, {"Content-Type": "application/json"}))
    hooked.people.send_text(person, "x")

    hooked.sandbox.wait_for_message(person, lambda m: m["text"] == "from the answer", bot=hooked.name)


def test_a_form_in_an_answer_is_called_too(hooked: Robot, person: int, receiver: Receiver) -> None:
    """docs, "Making requests when getting updates": JSON, urlencoded or multipart."""
    body = f"method=sendMessage&chat_id={person}&text=from+a+form".encode()
    receiver.plans.append(Plan(200, body, {"Content-Type": "application/x-www-form-urlencoded"}))
    hooked.people.send_text(person, "x")

    hooked.sandbox.wait_for_message(person, lambda m: m["text"] == "from a form", bot=hooked.name)


@pytest.mark.parametrize("method", ["getMe", "setWebhook", "deleteWebhook", "logOut", "close"])
def test_some_methods_in_an_answer_are_not_called(hooked: Robot, person: int, receiver: Receiver, method: str) -> None:
    """WebhookActor.cpp handle: neither these nor get*."""
    receiver.plans.append(Plan(200, f'{{"method":"{method}"}}'.encode(), {"Content-Type": "application/json"}))
    hooked.people.send_text(person, "x")
    hooked.sandbox.wait_until(lambda: receiver.arrivals and pending(hooked) == 0)

    assert [e for e in hooked.sandbox.journal(kind="reply") if e["bot"].startswith(f"sandbox_{hooked.name}")] == []


def test_what_is_refused_in_an_answer_nobody_learns(hooked: Robot, person: int, receiver: Receiver) -> None:
    """docs, "Making requests when getting updates": no way to know the result. The update counts as delivered."""
    body = b'{"method":"sendMessage","chat_id":1,"text":"x"}'
    receiver.plans.append(Plan(200, body, {"Content-Type": "application/json"}))
    hooked.people.send_text(person, "x")
    hooked.sandbox.wait_until(lambda: receiver.arrivals and pending(hooked) == 0)
    refused = [e for e in hooked.sandbox.journal(kind="reply") if e["bot"].startswith(f"sandbox_{hooked.name}")]

    assert [(e["status"], e["error"]) for e in refused] == [(400, "Bad Request: chat not found")]
    assert len(receiver.arrivals) == 1


def test_every_2xx_is_a_success(hooked: Robot, person: int, receiver: Receiver) -> None:
    """WebhookActor.cpp handle: 200 to 299."""
    receiver.plans.extend([Plan(201), Plan(204)])
    numbers = [hooked.people.send_text(person, text)["update_id"] for text in "ab"]
    hooked.sandbox.wait_until(lambda: len(receiver.arrivals) >= 2 and pending(hooked) == 0)

    assert receiver.ids() == numbers


def test_a_name_and_password_in_the_address_are_sent(robot: Robot, person: int, receiver: Receiver) -> None:
    """WebhookActor.cpp send_update: Authorization: Basic."""
    robot.ok("setWebhook", url=receiver.url.replace("http://", "http://dima:bay3@"))
    robot.people.send_text(person, "x")
    arrived(robot, receiver, 1)

    assert receiver.arrivals[0].headers["Authorization"] == "Basic ZGltYTpiYXkz"


def test_a_changed_webhook_sends_again_what_was_on_its_way(hooked: Robot, person: int, receiver: Receiver) -> None:
    """Client.cpp:15783-15795: the old one is closed, a new one begins at the head of the queue."""
    gate = threading.Event()
    receiver.plans.append(Plan(hold=gate))
    number = hooked.people.send_text(person, "x")["update_id"]
    arrived(hooked, receiver, 1)
    hooked.ok("setWebhook", url=receiver.url, secret_token="n3w")

    assert arrived(hooked, receiver, 2) == [number, number]
    assert [a.headers["X-Telegram-Bot-Api-Secret-Token"] for a in receiver.arrivals] == ["s3cret", "n3w"]
    gate.set()


def test_a_duplicate_can_be_asked_for(hooked: Robot, person: int, receiver: Receiver) -> None:
    """Ours: a duplicate on purpose."""
    number = hooked.people.send_text(person, "x")["update_id"]
    arrived(hooked, receiver, 1)
    hooked.sandbox.redeliver(number, 2, bot=hooked.name)

    assert arrived(hooked, receiver, 3) == [number] * 3


def test_the_next_two_can_be_swapped(hooked: Robot, person: int, receiver: Receiver) -> None:
    """Ours: two updates in the wrong order."""
    hooked.sandbox.swap_next()
    first, second = (hooked.people.send_text(person, text)["update_id"] for text in "ab")

    assert arrived(hooked, receiver, 2) == [second, first]


def test_a_scripted_duplicate(hooked: Robot, person: int, receiver: Receiver) -> None:
    """Ours: a fault script."""
    hooked.sandbox.webhook_faults.add(action="duplicate", method="message", chat=person)
    number = hooked.people.send_text(person, "x")["update_id"]

    assert arrived(hooked, receiver, 2) == [number, number]


def test_a_dropped_answer_makes_a_duplicate(hooked: Robot, person: int, receiver: Receiver) -> None:
    """WebhookActor.cpp handle: a connection that breaks after the request counts as a failure."""
    hooked.sandbox.webhook_faults.add(action="drop_answer")
    number = hooked.people.send_text(person, "x")["update_id"]

    assert arrived(hooked, receiver, 2) == [number, number]
    assert hooked.ok("getWebhookInfo")["last_error_message"] == "Webhook connection closed"


def test_a_scripted_error_makes_a_duplicate_whatever_the_bot_said(
    hooked: Robot, person: int, receiver: Receiver
) -> None:
    """Ours: a fault script."""
    hooked.sandbox.webhook_faults.add(action="error", times=2)
    number = hooked.people.send_text(person, "x")["update_id"]

    assert arrived(hooked, receiver, 3) == [number] * 3


def test_a_scripted_delay_lets_others_pass(hooked: Robot, person: int, receiver: Receiver) -> None:
    """Ours: a fault script."""
    message = hooked.say(person, reply_markup=keyboard([("A", "a")]))
    hooked.sandbox.webhook_faults.add(action="delay", method="message", chat=person, seconds=0.5)
    text = hooked.people.send_text(person, "slow")["update_id"]
    press = hooked.people.press(person, message["message_id"], data="a")["update_id"]

    assert arrived(hooked, receiver, 2) == [press, text]


def test_a_held_delivery_waits_until_it_is_let_go(hooked: Robot, person: int, receiver: Receiver) -> None:
    """Ours: a fault script."""
    fault = hooked.sandbox.webhook_faults.add(action="hold", method="message")
    hooked.people.send_text(person, "x")
    hooked.sandbox.wait_until(lambda: not hooked.sandbox.webhook_faults.list())
    assert receiver.arrivals == []
    hooked.sandbox.webhook_faults.remove(fault)

    arrived(hooked, receiver, 1)


def test_deliveries_are_in_the_journal(hooked: Robot, person: int, receiver: Receiver) -> None:
    """Ours: the journal."""
    receiver.plans.append(Plan(500))
    number = hooked.people.send_text(person, "x")["update_id"]
    arrived(hooked, receiver, 2)
    hooked.sandbox.wait_until(lambda: pending(hooked) == 0)
    entries = [e for e in hooked.sandbox.journal(kind="delivery") if e["update_id"] == number]

    assert [(e["attempt"], e["status"], e["method"]) for e in entries] == [(1, 500, "message"), (2, 200, "message")]


# Rules of hours, on a clock that jumps


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
