"""The checkers find what is wrong, and nothing else."""

from __future__ import annotations

from typing import Any

from sandbox import checks
from sandbox.api.methods import METHODS
from tests.sandbox.receiver import Plan, Receiver
from tests.sandbox.robot import Robot


def call(seq: int, at: float, chat: int = 5, text: str = "", **more: Any) -> dict[str, Any]:
    base = {"seq": seq, "at": at, "kind": "call", "method": "sendMessage", "chat_id": chat, "status": 200}
    return base | {"effect": True, "parameters": {"text": text or str(seq)}, "error": None} | more


def test_a_message_that_arrived_twice_is_found() -> None:
    entries = [call(1, 0, text="a"), call(2, 1, text="b"), call(3, 2, text="a"), call(4, 3, chat=6, text="a")]

    assert checks.sent_twice(entries) == ["(5, 'a') was sent 2 times: entries [1, 3]"]


def test_a_call_without_effect_was_not_sent() -> None:
    assert checks.sent_twice([call(1, 0, text="a"), call(2, 1, text="a", effect=False, status=500)]) == []


def test_pictures_without_words_are_not_the_same() -> None:
    photo: dict[str, Any] = {"method": "sendPhoto", "parameters": {"photo": "file"}}

    assert checks.sent_twice([call(1, 0, **photo), call(2, 1, **photo)]) == []


def test_every_method_that_sends_or_edits_is_looked_at() -> None:
    """Whatever pays the emulator's own limit counts for the checker, too."""
    assert set(checks.LIMITED) == {
        name for name, _ in METHODS.values() if name.startswith(("send", "edit", "copy", "forward"))
    } - {"sendChatAction"}


def test_a_key_can_leave_messages_out() -> None:
    entries = [call(1, 0, text="menu"), call(2, 1, text="menu")]

    assert checks.sent_twice(entries, key=lambda entry: None) == []


def test_disorder_within_a_stream_is_found() -> None:
    entries = [call(1, 0, text="1"), call(2, 1, text="3"), call(3, 2, text="2"), call(4, 3, chat=6, text="1")]
    position = lambda entry: int(entry["parameters"]["text"])  # noqa: E731

    assert checks.out_of_order(entries, lambda e: e["chat_id"], position) == ["entry 3: 2 came after 3 in 5"]
    assert checks.out_of_order(entries[:2] * 2, lambda e: e["seq"], position) == []


def test_sends_within_the_limits_pass() -> None:
    steady = [call(n, n / 29, chat=n) for n in range(1, 200)]
    burst = [call(n, 0.0) for n in range(5)] + [call(5 + n, 1.0 + n) for n in range(20)]

    assert checks.over_the_limits(steady) == []
    assert checks.over_the_limits(burst) == []


def test_too_many_for_a_chat_a_group_and_all_are_found() -> None:
    chat = [call(n, 0.0) for n in range(7)]
    group = [call(n, float(n), chat=-5) for n in range(21)]
    everybody = [call(n, 0.0, chat=100 + n) for n in range(45)]

    assert checks.over_the_limits(chat) == ["entry 5: one too many for chat 5", "entry 6: one too many for chat 5"]
    assert checks.over_the_limits(group) == ["entry 20: more than 20 in a minute for group -5"]
    assert len(checks.over_the_limits(everybody)) == 8


def test_refusals_are_listed() -> None:
    assert checks.refused([call(1, 0), call(2, 1, status=429)], 429) == ["entry 2: sendMessage for 5"]


def test_an_update_that_was_never_acknowledged_is_found(robot: Robot, person: int, receiver: Receiver) -> None:
    robot.ok("setWebhook", url=receiver.url)
    receiver.plans.append(Plan(500))
    kept = robot.people.send_text(person, "kept")["update_id"]
    robot.sandbox.wait_until(lambda: len(receiver.arrivals) == 2)
    receiver.always = Plan(500)
    lost = robot.people.send_text(person, "lost")["update_id"]
    robot.sandbox.wait_until(lambda: len(receiver.arrivals) >= 4)
    entries = [e for e in robot.sandbox.journal(kind="delivery") if e["update_id"] in (kept, lost)]

    assert checks.lost(entries) == [f"update {lost} was never acknowledged"]


def test_the_journal_of_a_real_run_can_be_checked(robot: Robot, person: int) -> None:
    for number in range(3):
        robot.say(person, str(number))
    robot.say(person, "2")
    entries = [e for e in robot.sandbox.journal(kind="call") if e["chat_id"] == person]

    assert len(checks.sent_twice(entries)) == 1
    assert checks.out_of_order(entries, lambda e: e["chat_id"], lambda e: int(e["parameters"]["text"])) == []
