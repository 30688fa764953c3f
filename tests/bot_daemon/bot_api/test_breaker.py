"""The line to Telegram: what breaks it, what mends it, and that nothing leaves while it is down."""

from __future__ import annotations

from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule

from bot_daemon.bot_api.breaker import BreakerState, CircuitBreaker

PROBE = (0.5, 1.0, 2.0)
MOST = 30


def broken() -> CircuitBreaker:
    line = CircuitBreaker(PROBE)
    line.record_failure()
    return line


def test_a_new_line_is_up_and_lets_everything_leave() -> None:
    assert CircuitBreaker(PROBE).room(0, MOST) == MOST


def test_one_failure_takes_the_line_down_and_nothing_leaves() -> None:
    assert broken().room(0, MOST) == 0


def test_a_message_that_is_answered_late_does_not_open_a_broken_line() -> None:
    line = broken()
    line.answered()

    assert line.state is BreakerState.OPEN


def test_a_probe_that_is_answered_lets_one_message_out_on_trial() -> None:
    line = broken()
    line.record_probe(answered=True)

    assert (line.room(0, MOST), line.room(1, MOST)) == (1, 0)


def test_the_trial_that_is_answered_opens_the_line() -> None:
    line = broken()
    line.record_probe(answered=True)
    line.answered()

    assert line.room(0, MOST) == MOST


def test_the_trial_that_fails_takes_the_line_down_again() -> None:
    line = broken()
    line.record_probe(answered=True)
    line.record_failure()

    assert line.room(0, MOST) == 0


def test_the_first_probe_comes_at_once_and_the_next_ones_climb() -> None:
    line, pauses = broken(), []
    for _ in range(4):
        pauses.append(line.pause())
        line.record_probe(answered=False)

    assert pauses == [0.0, 0.5, 1.0, 2.0]


def test_thirty_messages_that_fail_together_are_one_failure() -> None:
    line = CircuitBreaker(PROBE)
    for _ in range(MOST):
        line.record_failure()

    assert line.pause() == 0.0


def test_a_mended_line_has_forgotten_its_failures() -> None:
    line = broken()
    for _ in range(5):
        line.record_probe(answered=False)
    line.record_probe(answered=True)
    line.answered()
    line.record_failure()

    assert line.pause() == 0.0


class LineMachine(RuleBasedStateMachine):
    """Whatever happens in whatever order: down means silence until a probe was answered, trial means one."""

    def __init__(self) -> None:
        super().__init__()
        self.line = CircuitBreaker(PROBE)
        self.in_flight = 0

    @rule()
    @precondition(lambda self: self.line.room(self.in_flight, MOST) > 0)
    def send(self) -> None:
        assert self.line.state is not BreakerState.OPEN
        self.in_flight += 1

    @rule(lost=st.booleans())
    @precondition(lambda self: self.in_flight > 0)
    def result(self, lost: bool) -> None:
        before = self.line.state
        self.in_flight -= 1
        if lost:
            self.line.record_failure()
            assert self.line.state is BreakerState.OPEN
        else:
            self.line.answered()
            assert self.line.state is (BreakerState.OPEN if before is BreakerState.OPEN else BreakerState.CLOSED)

    @rule(answered=st.booleans())
    @precondition(lambda self: self.line.state is BreakerState.OPEN)
    def probe(self, answered: bool) -> None:
        self.line.record_probe(answered)
        assert self.line.state is (BreakerState.HALF_OPEN if answered else BreakerState.OPEN)

    @invariant()
    def never_more_than_allowed(self) -> None:
        room = self.line.room(self.in_flight, MOST)
        assert room + self.in_flight <= max(MOST, self.in_flight)
        if self.line.state is BreakerState.HALF_OPEN:
            assert room <= 1
        assert 0 <= self.line.pause() <= PROBE[-1]


TestTheLineAsAStateMachine = LineMachine.TestCase
