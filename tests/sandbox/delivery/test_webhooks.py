"""The webhook engine, seen from the bot: order, connections, answers with a method. Source: WebhookActor.cpp."""

from __future__ import annotations

import threading
from collections.abc import Callable

import pytest

from tests.sandbox.delivery.arrivals import arrived, pending
from tests.sandbox.receiver import Plan, Receiver
from tests.sandbox.robot import Robot, keyboard


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
