"""The time constants hang together."""

from __future__ import annotations

import pytest

from common.errors import SettingsError
from common.settings.timing import Timing


def test_the_constants_are_those_of_the_design() -> None:
    timing = Timing().check()
    assert (timing.send, timing.row_lease, timing.lease, timing.trust, timing.poll) == (15, 20, 10, 8, 1)


def test_ten_times_as_fast_is_the_same_machine() -> None:
    fast = Timing().scaled(0.1).check()
    assert fast.send == pytest.approx(1.5)
    assert fast.probe == pytest.approx(tuple(value / 10 for value in Timing().probe))


@pytest.mark.parametrize(
    "broken",
    [Timing(send=20.0), Timing(trust=10.0), Timing(renew=8.0), Timing(connect=15.0)],
    ids=["send", "trust", "renew", "connect"],
)
def test_constants_that_break_a_guarantee_are_refused(broken: Timing) -> None:
    with pytest.raises(SettingsError, match="do not fit together"):
        broken.check()
