"""The circuit breaker: what opens it, what closes it, and that nothing leaves while it is open."""

from __future__ import annotations

from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule

from bot_daemon.bot_api.breaker import BreakerState, CircuitBreaker

PROBE = (0.5, 1.0, 2.0)
MOST = 30


def broken() -> CircuitBreaker:
    breaker = CircuitBreaker(PROBE)
    breaker.record_failure()
    return breaker


def test_a_new_breaker_is_closed_and_lets_everything_leave() -> None:
    assert CircuitBreaker(PROBE).free_slots(0, MOST) == MOST


def test_one_failure_opens_the_breaker_and_nothing_leaves() -> None:
    assert broken().free_slots(0, MOST) == 0


def test_a_message_that_is_answered_late_does_not_close_an_open_breaker() -> None:
    breaker = broken()
    breaker.record_answer()

    assert breaker.state is BreakerState.OPEN


def test_a_probe_that_is_answered_lets_one_message_out_on_trial() -> None:
    breaker = broken()
    breaker.record_probe(answered=True)

    assert (breaker.free_slots(0, MOST), breaker.free_slots(1, MOST)) == (1, 0)


def test_the_trial_that_is_answered_closes_the_breaker() -> None:
    breaker = broken()
    breaker.record_probe(answered=True)
    breaker.record_answer()

    assert breaker.free_slots(0, MOST) == MOST


def test_the_trial_that_fails_opens_the_breaker_again() -> None:
    breaker = broken()
    breaker.record_probe(answered=True)
    breaker.record_failure()

    assert breaker.free_slots(0, MOST) == 0


def test_the_first_probe_comes_at_once_and_the_next_ones_climb() -> None:
    breaker, pauses = broken(), []
    for _ in range(4):
        pauses.append(breaker.probe_delay())
        breaker.record_probe(answered=False)

    assert pauses == [0.0, 0.5, 1.0, 2.0]


def test_thirty_messages_that_fail_together_are_one_failure() -> None:
    breaker = CircuitBreaker(PROBE)
    for _ in range(MOST):
        breaker.record_failure()

    assert breaker.probe_delay() == 0.0


def test_a_mended_line_has_forgotten_its_failures() -> None:
    breaker = broken()
    for _ in range(5):
        breaker.record_probe(answered=False)
    breaker.record_probe(answered=True)
    breaker.record_answer()
    breaker.record_failure()

    assert breaker.probe_delay() == 0.0


class LineMachine(RuleBasedStateMachine):
    """Whatever happens in whatever order: down means silence until a probe was answered, trial means one."""

    def __init__(self) -> None:
        super().__init__()
        self.breaker = CircuitBreaker(PROBE)
        self.in_flight = 0

    @rule()
    @precondition(lambda self: self.breaker.free_slots(self.in_flight, MOST) > 0)
    def send(self) -> None:
        assert self.breaker.state is not BreakerState.OPEN
        self.in_flight += 1

    @rule(lost=st.booleans())
    @precondition(lambda self: self.in_flight > 0)
    def result(self, lost: bool) -> None:
        before = self.breaker.state
        self.in_flight -= 1
        if lost:
            self.breaker.record_failure()
            assert self.breaker.state is BreakerState.OPEN
        else:
            self.breaker.record_answer()
            assert self.breaker.state is (BreakerState.OPEN if before is BreakerState.OPEN else BreakerState.CLOSED)

    @rule(answered=st.booleans())
    @precondition(lambda self: self.breaker.state is BreakerState.OPEN)
    def probe(self, answered: bool) -> None:
        self.breaker.record_probe(answered)
        assert self.breaker.state is (BreakerState.HALF_OPEN if answered else BreakerState.OPEN)

    @invariant()
    def never_more_than_allowed(self) -> None:
        room = self.breaker.free_slots(self.in_flight, MOST)
        assert room + self.in_flight <= max(MOST, self.in_flight)
        if self.breaker.state is BreakerState.HALF_OPEN:
            assert room <= 1
        assert 0 <= self.breaker.probe_delay() <= PROBE[-1]


TestTheLineAsAStateMachine = LineMachine.TestCase
