"""Today's date at a station that sets no zone: between 22:00 and midnight UTC it differs from the date in UTC."""

from __future__ import annotations

from datetime import date, timedelta
from zoneinfo import ZoneInfo

from common import clock

ZONE = ZoneInfo("Asia/Jerusalem")


def today() -> date:
    return clock.utcnow().astimezone(ZONE).date()


def tomorrow() -> date:
    return today() + timedelta(days=1)
