"""The only source of wall time: aware UTC. Tests move it instead of sleeping."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta

_travelled = timedelta(0)


def utcnow() -> datetime:
    """The present time, aware, in UTC."""
    return datetime.now(UTC) + _travelled


def travelled() -> timedelta:
    """How far tests moved this process's clock; zero outside tests."""
    return _travelled


@contextmanager
def travel(by: timedelta) -> Iterator[None]:
    """Move this process's clock, for tests of expiry and age."""
    global _travelled
    _travelled += by
    try:
        yield
    finally:
        _travelled -= by
