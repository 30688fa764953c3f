"""Times in the station's zone and the reader's language. The zone is in a ContextVar, as the language is."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import UTC, datetime, tzinfo

from babel.dates import format_skeleton, format_time

from common import clock, i18n
from common.i18n import left_to_right

_zone: ContextVar[tzinfo] = ContextVar("zone", default=UTC)


@contextmanager
def in_zone(zone: tzinfo) -> Iterator[None]:
    """Within the context, times are shown in this zone."""
    token = _zone.set(zone)
    try:
        yield
    finally:
        _zone.reset(token)


def minute_of_day(moment: datetime) -> int:
    there = moment.astimezone(_zone.get())
    return there.hour * 60 + there.minute


def hour_text(minute: int) -> str:
    """`07:00`, of a minute after midnight."""
    return left_to_right(f"{minute // 60:02}:{minute % 60:02}")


def time_text(when: datetime) -> str:
    """`14:32`, with the day if it is not today."""
    there = when.astimezone(_zone.get())
    hour = left_to_right(format_time(there, "HH:mm", locale=i18n.locale()))
    if there.date() == clock.utcnow().astimezone(_zone.get()).date():
        return hour
    return f"{format_skeleton('MMMd', there, locale=i18n.locale())}, {hour}"
