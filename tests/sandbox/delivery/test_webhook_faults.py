"""Faults of a delivery that a test asks for: duplicates, swaps, errors, delays; and the journal of them."""

from __future__ import annotations

from tests.sandbox.delivery.arrivals import arrived, pending
from tests.sandbox.receiver import Plan, Receiver
from tests.sandbox.robot import Robot, keyboard


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


def test_deliver_twice_is_twice_for_each_and_holds_nobody_up(hooked: Robot, person: int, receiver: Receiver) -> None:
    """Ours: the switch on the chat page stays on, and the chat goes on."""
    hooked.sandbox.webhook_faults.add(action="duplicate", method="*", times=None)
    message = hooked.say(person, reply_markup=keyboard([("A", "a")]))
    texts = [hooked.people.send_text(person, text)["update_id"] for text in "abc"]
    press = hooked.people.press(person, message["message_id"], data="a")["update_id"]
    arrived(hooked, receiver, 8)
    hooked.sandbox.wait_until(lambda: pending(hooked) == 0)

    assert [number for number in receiver.ids() if number != press] == [number for number in texts for _ in "12"]
    assert receiver.ids().count(press) == 2


def test_deliver_twice_goes_with_other_faults_and_with_a_bot_that_fails(
    hooked: Robot, person: int, receiver: Receiver
) -> None:
    """Ours: of its deliveries two succeed, whatever goes wrong between them."""
    hooked.sandbox.webhook_faults.add(action="duplicate", method="*", times=None)
    hooked.sandbox.webhook_faults.add(action="drop_answer", method="*")
    receiver.plans += [Plan(), Plan(500), Plan(), Plan(500), Plan()]
    number = hooked.people.send_text(person, "x")["update_id"]
    after = hooked.people.send_text(person, "y")["update_id"]
    arrived(hooked, receiver, 7)
    hooked.sandbox.wait_until(lambda: pending(hooked) == 0)

    assert receiver.ids() == [number] * 5 + [after] * 2


def test_an_update_that_was_doubled_is_not_doubled_again(hooked: Robot, person: int, receiver: Receiver) -> None:
    """Ours: what a test asks for besides comes as often as it asked."""
    hooked.sandbox.webhook_faults.add(action="duplicate", method="*", times=None)
    number = hooked.people.send_text(person, "x")["update_id"]
    arrived(hooked, receiver, 2)
    hooked.sandbox.redeliver(number, 1, bot=hooked.name)
    after = hooked.people.send_text(person, "y")["update_id"]

    assert arrived(hooked, receiver, 5) == [number, number, number, after, after]


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
