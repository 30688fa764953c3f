"""Telegram's limits as arithmetic: whatever is asked when, no window ever holds more than the limit allows."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from bot_daemon.outbound import limits
from bot_daemon.outbound.limits import (
    GROUP_BURST,
    GROUP_INTERVAL,
    PRIVATE_BURST,
    PRIVATE_INTERVAL,
    ChatRateLimits,
    RateLimit,
)

gaps = st.lists(st.floats(0, 5, allow_nan=False), min_size=1, max_size=80)
HAIR = 1e-6


def sent_at(limit: RateLimit, gaps: list[float], start: float = 1000.0) -> list[float]:
    """When messages leave that are asked for after these gaps, each at the first moment it may."""
    now, times = start, []
    for gap in gaps:
        now = max(now + gap, limit.ready_at(now + gap))
        limit.take(now)
        times.append(now)
    return times


def most_in(times: list[float], seconds: float) -> int:
    """The largest number of sends in any closed window of so many seconds."""
    return max(sum(1 for other in times if at <= other <= at + seconds) for at in times)


@given(gaps, st.floats(0.01, 5), st.integers(1, 5), st.floats(0.01, 20))
def test_no_window_holds_more_than_the_burst_and_the_rate(
    gaps: list[float], interval: float, burst: int, window: float
) -> None:
    times = sent_at(RateLimit(interval, burst), gaps)

    assert most_in(times, window) <= burst + window / interval + HAIR


@given(gaps.map(lambda gaps: [gap / 50 for gap in gaps]))
def test_at_29_a_second_no_second_holds_more_than_30(gaps: list[float]) -> None:
    assert most_in(sent_at(RateLimit(1 / 29), gaps), 1.0 - HAIR) <= 30


@given(gaps)
def test_a_group_gets_at_most_20_a_minute(gaps: list[float]) -> None:
    assert most_in(sent_at(RateLimit(GROUP_INTERVAL, GROUP_BURST), gaps), 60.0 - HAIR) <= 20


@given(gaps, st.integers(1, 5))
def test_nobody_waits_longer_than_one_interval_behind_the_one_before(gaps: list[float], burst: int) -> None:
    limit, now = RateLimit(1.0, burst), 1000.0
    for gap in gaps:
        now = max(now + gap, limit.ready_at(now + gap))
        limit.take(now)
        assert limit.ready_at(now) <= now + 1.0 + HAIR


def test_a_silent_chat_may_burst_and_is_then_paced() -> None:
    assert sent_at(RateLimit(PRIVATE_INTERVAL, PRIVATE_BURST), [0.0] * 6, start=100.0) == [100, 100, 100, 101, 102, 103]


def test_the_whole_bot_has_no_burst() -> None:
    assert sent_at(RateLimit(0.5), [0.0] * 3, start=100.0) == [100, 100.5, 101]


def test_a_rest_is_not_saved_up_beyond_the_burst() -> None:
    assert sent_at(RateLimit(1.0, 2), [3600.0, 0.0, 0.0], start=0.0) == [3600, 3600, 3601]


def test_groups_are_told_from_private_chats_by_the_sign_of_their_id() -> None:
    chats = ChatRateLimits()

    assert (chats.of(-100123).interval, chats.of(-100123).burst) == (GROUP_INTERVAL, GROUP_BURST)
    assert (chats.of(1001).interval, chats.of(1001).burst) == (PRIVATE_INTERVAL, PRIVATE_BURST)


def test_a_chat_keeps_its_pace() -> None:
    chats = ChatRateLimits()
    chats.of(1001).take(100.0)

    assert chats.of(1001).theoretical_arrival == 101.0
    assert chats.of(1002).theoretical_arrival == 0.0


def test_not_every_chat_is_remembered_for_ever() -> None:
    chats = ChatRateLimits()
    for chat_id in range(1, limits.MAX_REMEMBERED + 100):
        chats.of(chat_id)

    assert len(chats._limits) == limits.MAX_REMEMBERED
