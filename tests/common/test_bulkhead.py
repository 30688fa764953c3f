"""A few at a time, few wait, and whoever finds no room is told."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager

import pytest

from common.bulkhead import Bulkhead
from common.errors import Busy
from tests.support.waiting import eventually


@contextmanager
def occupied(bulkhead: Bulkhead) -> Iterator[None]:
    """Somebody is in it, in another thread."""
    inside, leave = threading.Event(), threading.Event()

    def work() -> None:
        with bulkhead.enter():
            inside.set()
            leave.wait(10)

    thread = threading.Thread(target=work)
    thread.start()
    eventually(inside.is_set, 5)
    yield
    leave.set()
    thread.join(10)


def test_one_more_than_may_wait_is_refused_at_once() -> None:
    bulkhead = Bulkhead(at_once=1, waiting=0, patience=10.0)
    with occupied(bulkhead), pytest.raises(Busy), bulkhead.enter():
        pytest.fail("it was let in")
    with bulkhead.enter():
        pass


def test_whoever_waits_too_long_is_refused_and_leaves_room() -> None:
    bulkhead = Bulkhead(at_once=1, waiting=1, patience=0.05)
    with occupied(bulkhead):
        for _ in range(3):
            with pytest.raises(Busy), bulkhead.enter():
                pytest.fail("it was let in")
    with bulkhead.enter():
        pass


def test_who_waits_comes_in_when_the_other_leaves() -> None:
    bulkhead = Bulkhead(at_once=1, waiting=1, patience=5.0)
    with ExitStack() as stack:
        stack.enter_context(occupied(bulkhead))
        done = threading.Event()

        def work() -> None:
            with bulkhead.enter():
                done.set()

        thread = threading.Thread(target=work)
        thread.start()
        stack.close()
        eventually(done.is_set, 5)
        thread.join(5)


def test_a_failure_inside_leaves_room() -> None:
    bulkhead = Bulkhead(at_once=1, waiting=0, patience=0.0)
    for _ in range(2):
        with pytest.raises(ZeroDivisionError), bulkhead.enter():
            raise ZeroDivisionError
