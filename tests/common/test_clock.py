"""Time is aware, UTC, and movable."""

from __future__ import annotations

from datetime import UTC, timedelta

import pytest

from common import clock


def test_the_present_is_aware_and_utc() -> None:
    assert clock.utcnow().tzinfo is UTC


def test_travel_moves_the_clock_and_brings_it_back() -> None:
    before = clock.utcnow()
    with clock.travel(timedelta(days=1)):
        assert clock.utcnow() - before >= timedelta(days=1)
    assert clock.travelled() == timedelta(0)


def test_travel_ends_with_an_error_too() -> None:
    with pytest.raises(ZeroDivisionError), clock.travel(timedelta(days=1)):
        raise ZeroDivisionError
    assert clock.travelled() == timedelta(0)
