"""The limits. Source: docs, bots FAQ "My bot is hitting limits"; the form: Query.cpp:111, HttpConnection.cpp:69-71."""

from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sandbox import checks
from sandbox.client import Sandbox
from sandbox.telegram.flood import CHAT_BURST, GROUP_COUNT, OVERALL_BURST, OVERALL_RATE, FloodGate
from tests.sandbox.robot import Robot, keyboard

CHAT, GROUP = 5, -5


def admitted(gate: FloodGate, chat: int, times: int, at: float = 100.0) -> list[int]:
    return [gate.admit(chat, at) for _ in range(times)]


def test_a_private_chat_takes_a_short_burst_and_then_one_a_second() -> None:
    """docs, bots FAQ: "avoid sending more than one message per second", short bursts allowed."""
    gate = FloodGate()

    assert admitted(gate, CHAT, int(CHAT_BURST)) == [0] * int(CHAT_BURST)
    assert gate.admit(CHAT, 100.0) == 1
    assert [gate.admit(CHAT, 101.0 + second) for second in range(30)] == [0] * 30


def test_three_at_once_and_one_a_second_never_hit_the_chats_limit() -> None:
    """docs, bots FAQ: one a second."""
    gate = FloodGate()
    moments = [0.0, 0.0, 0.0, *(float(second) for second in range(1, 120))]

    assert [gate.admit(CHAT, 100 + moment) for moment in moments] == [0] * len(moments)


def test_a_group_takes_20_in_a_minute() -> None:
    """docs, bots FAQ: 20 messages per minute to the same group."""
    gate = FloodGate()

    assert [gate.admit(GROUP, 100.0 + second) for second in range(GROUP_COUNT)] == [0] * GROUP_COUNT
    assert gate.admit(GROUP, 120.0) == 40
    assert gate.admit(GROUP, 160.0) == 0


def test_all_chats_together_take_30_a_second() -> None:
    """docs, bots FAQ: about 30 messages per second."""
    gate = FloodGate()

    burst = [gate.admit(chat, 100.0) for chat in range(1, int(OVERALL_BURST) + 2)]
    assert burst == [0] * int(OVERALL_BURST) + [1]
    assert gate.admit(999, 101.0) == 0


def test_29_a_second_for_a_minute_are_never_refused() -> None:
    """docs, bots FAQ: about 30 messages per second."""
    gate = FloodGate()

    assert not any(gate.admit(number, 100 + number / 29) for number in range(1, 29 * 60))


def test_a_refusal_stands_until_its_time_whatever_else_happens() -> None:
    """docs, ResponseParameters.retry_after."""
    gate = FloodGate()
    admitted(gate, CHAT, int(CHAT_BURST))
    refused = gate.admit(CHAT, 100.0)

    assert refused == 1
    assert gate.admit(CHAT, 100.0 + refused - 0.01) == 1
    assert gate.admit(CHAT + 1, 100.5) == 0
    assert gate.admit(CHAT, 100.0 + refused) == 0


@pytest.mark.parametrize("number", [61_001])
def test_a_429_says_when_in_body_and_head(strict: Sandbox, strict_robot: Robot, number: int) -> None:
    """Query.cpp:105-112; HttpConnection.cpp:69-71; docs, ResponseParameters.retry_after."""
    strict.add_person(number, "Noa", "he")
    strict_robot.people.start(number)
    answers = [strict_robot.call("sendMessage", chat_id=number, text=str(n)) for n in range(int(CHAT_BURST) + 1)]

    assert [answer.status for answer in answers] == [200] * int(CHAT_BURST) + [429]
    assert answers[-1].error == (429, "Too Many Requests: retry after 1")
    assert answers[-1].body["parameters"] == {"retry_after": 1}
    assert answers[-1].retry_after == "1"


def test_edits_count_like_messages(strict: Sandbox, strict_robot: Robot) -> None:
    """seen: grammY, flood.md: edits are limited, too."""
    strict.add_person(61_002, "Noa", "he")
    strict_robot.people.start(61_002)
    message = strict_robot.say(61_002)
    where = {"chat_id": 61_002, "message_id": message["message_id"]}
    codes = [strict_robot.call("editMessageText", **where, text=str(n)).status for n in range(int(CHAT_BURST))]

    assert codes == [200] * int(CHAT_BURST - 1) + [429]


def test_a_refused_message_was_not_sent(strict: Sandbox, strict_robot: Robot) -> None:
    """docs, ResponseParameters.retry_after: the request may be repeated."""
    strict.add_person(61_003, "Noa", "he")
    strict_robot.people.start(61_003)
    for number in range(int(CHAT_BURST) + 3):
        strict_robot.call("sendMessage", chat_id=61_003, text=str(number))

    assert len([m for m in strict_robot.people.messages(61_003) if m["from_bot"]]) == int(CHAT_BURST)


def test_limits_can_be_switched_off(strict: Sandbox, strict_robot: Robot) -> None:
    """Ours: a benchmark wants no limits."""
    strict.add_person(61_004, "Noa", "he")
    strict_robot.people.start(61_004)
    strict.set_limits(False)
    codes = {strict_robot.call("sendMessage", chat_id=61_004, text=str(n)).status for n in range(40)}
    strict.set_limits(True)

    assert codes == {200}


# Exactly where they belong


class Expected:
    """The same limits, written another way: a horizon that each message moves on (virtual scheduling)."""

    def __init__(self) -> None:
        self.horizons: dict[str | int, float] = {}
        self.refused: dict[str | int, float] = {}
        self.group: dict[int, list[float]] = {}

    def admit(self, chat: int, now: float) -> int:
        waits: dict[str | int, float] = {
            chat: self._of_chat(chat, now),
            "all": self._ahead("all", now, 1 / OVERALL_RATE, OVERALL_BURST),
        }
        for name, wait in waits.items():
            standing = self.refused.get(name, 0.0) - now
            if standing > 0 or wait > 0:
                seconds = math.ceil(max(standing, wait))
                if standing <= 0:
                    self.refused[name] = now + seconds
                return seconds
        self._move("all", now, 1 / OVERALL_RATE)
        self._move(chat, now, 1.0)
        self.group.setdefault(chat, []).append(now)
        return 0

    def _of_chat(self, chat: int, now: float) -> float:
        if chat > 0:
            return self._ahead(chat, now, 1.0, CHAT_BURST)
        sent = self.group.get(chat, [])
        wait = sent[-GROUP_COUNT] + 60 - now if len(sent) >= GROUP_COUNT else 0.0
        return wait if wait > 0.5 else 0.0

    def _ahead(self, name: str | int, now: float, interval: float, burst: float) -> float:
        return max(self.horizons.get(name, 0.0), now) - now - (burst - 1) * interval - 1e-6

    def _move(self, name: str | int, now: float, interval: float) -> None:
        self.horizons[name] = max(self.horizons.get(name, 0.0), now) + interval


@given(
    st.lists(
        st.tuples(
            st.sampled_from([1, 2, 3, -4, *range(100, 140)]), st.sampled_from([0.0, 0.0, 0.03125, 0.5, 1.0, 7.0])
        ),
        max_size=150,
    )
)
def test_every_refusal_belongs_there_and_no_other_is_missing(calls: list[tuple[int, float]]) -> None:
    """docs, bots FAQ, all three limits at once, against the same rule written another way."""
    gate, expected, now = FloodGate(), Expected(), 1000.0
    for chat, pause in calls:
        now += pause
        assert (gate.admit(chat, now) > 0) == (expected.admit(chat, now) > 0), f"chat {chat} at {now}"


def test_a_flood_is_let_through_up_to_the_limits_and_no_further(strict: Sandbox, strict_robot: Robot) -> None:
    """docs, bots FAQ: 30 a second in all. Over HTTP, to many chats at once; what passed keeps the limits."""
    strict.add_people(80, first_id=62_000, bot=strict_robot.name)
    begun = strict.journal()[-1]["seq"]
    answers = [strict_robot.call("sendMessage", chat_id=62_000 + n, text=str(n)) for n in range(80)]
    calls = [e for e in strict.journal(after=begun, method="sendMessage") if 62_000 <= e["chat_id"] < 62_080]
    passed = [e for e in calls if e["effect"]]
    took = calls[-1]["at"] - calls[0]["at"]

    assert int(OVERALL_BURST) <= len(passed) <= OVERALL_BURST + OVERALL_RATE * took + 1
    assert checks.over_the_limits(passed, slack=0.05) == []
    assert {a.status for a in answers} == {200, 429}
    assert all(a.retry_after == str(a.body["parameters"]["retry_after"]) for a in answers if a.status == 429)


def test_files_and_copies_count_like_messages(strict: Sandbox, strict_robot: Robot) -> None:
    """docs, bots FAQ: messages, whatever is in them."""
    strict.add_person(61_005, "Noa", "he")
    strict_robot.people.start(61_005)
    message = strict_robot.say(61_005)["message_id"]
    copies = [
        strict_robot.call("copyMessage", chat_id=61_005, from_chat_id=61_005, message_id=message).status
        for _ in range(int(CHAT_BURST) - 1)
    ]
    document = strict_robot.multipart("sendDocument", chat_id=61_005, document=("x.txt", b"x", "text/plain"))

    assert (copies, document.status) == ([200] * int(CHAT_BURST - 1), 429)


def test_answers_to_presses_and_actions_do_not_count(strict: Sandbox, strict_robot: Robot) -> None:
    """docs, answerCallbackQuery: it has no chat, so no chat's limit; sendChatAction is no message."""
    strict.add_person(61_006, "Noa", "he")
    strict_robot.people.start(61_006)
    message = strict_robot.say(61_006, reply_markup=keyboard([("A", "a")]))["message_id"]
    for _ in range(10):
        press = strict_robot.people.press(61_006, message, data="a")
        strict_robot.ok("answerCallbackQuery", callback_query_id=press["callback_query_id"])
        strict_robot.ok("sendChatAction", chat_id=61_006, action="typing")

    assert strict_robot.call("sendMessage", chat_id=61_006, text="x").status == 200
