"""Times as text: in the station's zone and the reader's language."""

from __future__ import annotations

import math
from datetime import date, datetime, timedelta

from babel.dates import format_date, format_skeleton, format_time
from babel.units import format_unit

from common import clock, i18n
from webapp.web.context import desk

MINUTE, HOUR, DAY = 60, 3600, 86400


def local(moment: datetime) -> datetime:
    return moment.astimezone(desk().settings.station_timezone)


def today() -> date:
    """Today's date at the station."""
    return local(clock.utcnow()).date()


def hour(moment: datetime) -> str:
    """`14:32`."""
    return format_time(local(moment), "HH:mm", locale=i18n.locale())


def day(moment: datetime | date) -> str:
    """`today`, or `Mon 23 Nov`."""
    on = local(moment).date() if isinstance(moment, datetime) else moment
    today = local(clock.utcnow()).date()
    if on == today:
        return i18n.gettext("today")
    if on == today - timedelta(days=1):
        return i18n.gettext("yesterday")
    if on == today + timedelta(days=1):
        return i18n.gettext("tomorrow")
    skeleton = "MMMEd" if on.year == today.year else "yMMMd"
    return str(format_skeleton(skeleton, datetime(on.year, on.month, on.day), locale=i18n.locale()))  # noqa: DTZ001 a day has no zone


def written(moment: datetime | date) -> str:
    """`25 Nov 2026, 14:32`, or only the day: for paper, which is also read on other days."""
    if isinstance(moment, datetime):
        return f"{written(local(moment).date())}, {hour(moment)}"
    on = datetime(moment.year, moment.month, moment.day)  # noqa: DTZ001 a day has no zone
    return str(format_skeleton("yMMMd", on, locale=i18n.locale()))


def exact(moment: datetime) -> str:
    """`Mon 23 Nov, 14:32:05`, for tooltips and for disputes."""
    there = local(moment)
    return f"{format_date(there, 'full', locale=i18n.locale())} {there:%H:%M:%S}"


def age(moment: datetime) -> str:
    return lasted((clock.utcnow() - moment).total_seconds())


def lasted(seconds: float) -> str:
    """`12 min`, `3 hr`, `2 days`: one unit, as `Intl.NumberFormat` says it in webapp/static/scripts/ages.js too."""
    whole = max(0, int(seconds))
    if whole < 90 * MINUTE:
        value, unit = whole // MINUTE, "duration-minute"
    elif whole < 36 * HOUR:
        value, unit = whole // HOUR, "duration-hour"
    else:
        value, unit = whole // DAY, "duration-day"
    return format_unit(value, unit, length="short", locale=i18n.locale())


def pause(left: timedelta) -> str:
    """The sentence for somebody who has to wait after too many attempts."""
    minutes = math.ceil(left.total_seconds() / MINUTE)
    return i18n.ngettext(
        "Too many attempts. Try again in %(num)s minute.", "Too many attempts. Try again in %(num)s minutes.", minutes
    ) % {"num": minutes}
