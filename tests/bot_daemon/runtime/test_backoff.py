"""Back-off is a table with a little chance in it."""

from __future__ import annotations

import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot_daemon.runtime.backoff import DELAYS, JITTER, retry_delay, scheduled_delay


def test_the_first_repeat_comes_at_once() -> None:
    assert retry_delay(1) == 0


@pytest.mark.parametrize(("attempt", "step"), list(enumerate(DELAYS, start=1)))
def test_each_failure_waits_for_its_step_give_or_take_a_fifth(attempt: int, step: int) -> None:
    waits = [retry_delay(attempt, random.Random(seed)) for seed in range(50)]

    assert all(step * (1 - JITTER) <= wait <= step * (1 + JITTER) for wait in waits)


def test_two_messages_that_failed_together_do_not_come_back_together() -> None:
    assert len({retry_delay(4, random.Random(seed)) for seed in range(20)}) == 20


@given(st.integers(-5, 10_000))
def test_any_count_of_failures_has_a_bounded_delay(attempt: int) -> None:
    assert 0 <= retry_delay(attempt) <= DELAYS[-1] * (1 + JITTER)


def test_the_last_step_of_a_schedule_repeats() -> None:
    assert [scheduled_delay((1.0, 2.0, 5.0), failures) for failures in (0, 1, 2, 3, 4, 99)] == [1, 1, 2, 5, 5, 5]
