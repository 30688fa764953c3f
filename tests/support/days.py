"""The day at a station that names no zone: between ten in the evening and midnight UTC it is not that of UTC."""

from __future__ import annotations

from datetime import date, timedelta
from zoneinfo import ZoneInfo

from common import clock

ZONE = ZoneInfo("Asia/Jerusalem")


def today() -> date:
    return clock.utcnow().astimezone(ZONE).date()


def tomorrow() -> date:
    return today() + timedelta(days=1)
