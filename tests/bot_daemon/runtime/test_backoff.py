"""Back-off is a table with a little chance in it."""

from __future__ import annotations

import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot_daemon.runtime.backoff import JITTER, STEPS, climb, delay


def test_the_first_repeat_comes_at_once() -> None:
    assert delay(1) == 0


@pytest.mark.parametrize(("attempt", "step"), list(enumerate(STEPS, start=1)))
def test_each_failure_waits_for_its_step_give_or_take_a_fifth(attempt: int, step: int) -> None:
    waits = [delay(attempt, random.Random(seed)) for seed in range(50)]

    assert all(step * (1 - JITTER) <= wait <= step * (1 + JITTER) for wait in waits)


def test_two_messages_that_failed_together_do_not_come_back_together() -> None:
    assert len({delay(4, random.Random(seed)) for seed in range(20)}) == 20


@given(st.integers(-5, 10_000))
def test_any_count_of_failures_has_a_bounded_delay(attempt: int) -> None:
    assert 0 <= delay(attempt) <= STEPS[-1] * (1 + JITTER)


def test_the_last_step_of_a_schedule_repeats() -> None:
    assert [climb((1.0, 2.0, 5.0), failures) for failures in (0, 1, 2, 3, 4, 99)] == [1, 1, 2, 5, 5, 5]
