"""What may leave when: slots, chats that wait, and the deadlines of 429, without a loop and without a wait."""

from __future__ import annotations

import pytest

from bot_daemon.outbound.pacing import FLOOD_CHATS, FLOOD_WINDOW, MARGIN, Pacing

NOW = 1000.0
DIMA, NOA = 1001, 1002


def pacing(send_rate: float = 8.0, horizon: float = 1.0) -> Pacing:
    return Pacing(send_rate, horizon)


def test_the_horizon_holds_as_many_slots_as_the_rate_allows() -> None:
    ours = pacing()
    assert ours.free_slots(NOW) == 9
    assert [ours.take_slot(NOW) for _ in range(3)] == [NOW, NOW + 0.125, NOW + 0.25]
    assert ours.free_slots(NOW) == 6


def test_a_full_horizon_has_no_slot_until_time_has_gone_by() -> None:
    ours = pacing(send_rate=1.0, horizon=0.5)
    ours.take_slot(NOW)
    assert ours.free_slots(NOW) == 0
    assert ours.free_slots(NOW + 1.0) == 1


def test_a_chat_has_a_burst_and_then_waits_while_another_does_not() -> None:
    ours = pacing()
    assert [ours.admit(DIMA, NOW) for _ in range(4)] == pytest.approx([0.0, 0.0, 0.0, 1.0])
    assert ours.admit(NOA, NOW) == 0.0


def test_the_next_look_is_when_the_first_chat_that_waits_is_ready() -> None:
    ours = pacing()
    assert ours.next_ready(NOW, at_most=5.0) == 5.0
    ours.expect(NOW + 3.0)
    ours.expect(NOW + 2.0)
    assert ours.next_ready(NOW, at_most=5.0) == pytest.approx(2.0 + MARGIN)
    assert ours.next_ready(NOW, at_most=1.0) == 1.0
    assert ours.next_ready(NOW + 2.5, at_most=5.0) == pytest.approx(0.5 + MARGIN)


def test_a_429_silences_its_chat_only() -> None:
    ours = pacing()
    assert not ours.record_flood(DIMA, 7.0, NOW)
    assert not ours.may_send(DIMA, NOW + 6.9)
    assert ours.may_send(DIMA, NOW + 7.0)
    assert ours.may_send(NOA, NOW)


def test_429_from_many_chats_at_once_silences_the_whole_bot() -> None:
    ours = pacing()
    told = [ours.record_flood(DIMA + n, 7.0, NOW) for n in range(FLOOD_CHATS + 1)]
    assert told == [*[False] * FLOOD_CHATS, True]
    assert ours.silence(NOW) == 7.0
    assert not ours.may_send(NOA + 100, NOW + 6.9)
    assert ours.may_send(NOA + 100, NOW + 7.0)


def test_429_from_many_chats_one_after_another_does_not() -> None:
    ours = pacing()
    assert not any(ours.record_flood(DIMA + n, 1.0, NOW + n * FLOOD_WINDOW) for n in range(FLOOD_CHATS * 2))
    assert ours.silence(NOW) == 0.0


def test_a_longer_silence_is_not_shortened() -> None:
    ours = pacing()
    assert not ours.knows_silence
    ours.be_silent(NOW + 9.0)
    ours.be_silent(NOW + 1.0)
    assert ours.knows_silence
    assert ours.silence(NOW) == 9.0
