"""The limits. Source: docs, bots FAQ "My bot is hitting limits"; Query.cpp:111, HttpConnection.cpp:60 for the form."""

from __future__ import annotations

import pytest

from sandbox.client import Sandbox
from sandbox.flood import CHAT_BURST, GROUP_COUNT, OVERALL_BURST, FloodGate
from tests.sandbox.robot import Robot

CHAT, GROUP = 5, -5


def admitted(gate: FloodGate, chat: int, times: int, at: float = 100.0) -> list[int]:
    return [gate.admit(chat, at) for _ in range(times)]


def test_a_private_chat_takes_a_short_burst_and_then_one_a_second() -> None:
    gate = FloodGate()

    assert admitted(gate, CHAT, int(CHAT_BURST)) == [0] * int(CHAT_BURST)
    assert gate.admit(CHAT, 100.0) == 1
    assert [gate.admit(CHAT, 101.0 + second) for second in range(30)] == [0] * 30


def test_three_at_once_and_one_a_second_never_hit_the_chats_limit() -> None:
    gate = FloodGate()
    moments = [0.0, 0.0, 0.0, *(float(second) for second in range(1, 120))]

    assert [gate.admit(CHAT, 100 + moment) for moment in moments] == [0] * len(moments)


def test_a_group_takes_20_in_a_minute() -> None:
    gate = FloodGate()

    assert [gate.admit(GROUP, 100.0 + second) for second in range(GROUP_COUNT)] == [0] * GROUP_COUNT
    assert gate.admit(GROUP, 120.0) == 40
    assert gate.admit(GROUP, 160.0) == 0


def test_all_chats_together_take_30_a_second() -> None:
    gate = FloodGate()

    burst = [gate.admit(chat, 100.0) for chat in range(1, int(OVERALL_BURST) + 2)]
    assert burst == [0] * int(OVERALL_BURST) + [1]
    assert gate.admit(999, 101.0) == 0


def test_29_a_second_for_a_minute_are_never_refused() -> None:
    gate = FloodGate()

    assert not any(gate.admit(number, 100 + number / 29) for number in range(1, 29 * 60))


def test_a_refusal_stands_until_its_time_whatever_else_happens() -> None:
    gate = FloodGate()
    admitted(gate, CHAT, int(CHAT_BURST))
    refused = gate.admit(CHAT, 100.0)

    assert refused == 1
    assert gate.admit(CHAT, 100.0 + refused - 0.01) == 1
    assert gate.admit(CHAT + 1, 100.5) == 0
    assert gate.admit(CHAT, 100.0 + refused) == 0


@pytest.mark.parametrize("number", [61_001])
def test_a_429_says_when_in_body_and_head(strict: Sandbox, strict_robot: Robot, number: int) -> None:
    strict.add_person(number, "Noa", "he")
    strict_robot.people.start(number)
    answers = [strict_robot.call("sendMessage", chat_id=number, text=str(n)) for n in range(int(CHAT_BURST) + 1)]

    assert [answer.status for answer in answers] == [200] * int(CHAT_BURST) + [429]
    assert answers[-1].error == (429, "Too Many Requests: retry after 1")
    assert answers[-1].body["parameters"] == {"retry_after": 1}
    assert answers[-1].retry_after == "1"


def test_edits_count_like_messages(strict: Sandbox, strict_robot: Robot) -> None:
    """grammY, flood.md: edits are limited, too."""
    strict.add_person(61_002, "Noa", "he")
    strict_robot.people.start(61_002)
    message = strict_robot.say(61_002)
    where = {"chat_id": 61_002, "message_id": message["message_id"]}
    codes = [strict_robot.call("editMessageText", **where, text=str(n)).status for n in range(int(CHAT_BURST))]

    assert codes == [200] * int(CHAT_BURST - 1) + [429]


def test_a_refused_message_was_not_sent(strict: Sandbox, strict_robot: Robot) -> None:
    strict.add_person(61_003, "Noa", "he")
    strict_robot.people.start(61_003)
    for number in range(int(CHAT_BURST) + 3):
        strict_robot.call("sendMessage", chat_id=61_003, text=str(number))

    assert len([m for m in strict_robot.people.messages(61_003) if m["from_bot"]]) == int(CHAT_BURST)


def test_limits_can_be_switched_off(strict: Sandbox, strict_robot: Robot) -> None:
    strict.add_person(61_004, "Noa", "he")
    strict_robot.people.start(61_004)
    strict.set_limits(False)
    codes = {strict_robot.call("sendMessage", chat_id=61_004, text=str(n)).status for n in range(40)}
    strict.set_limits(True)

    assert codes == {200}
