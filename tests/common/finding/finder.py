"""What a search for orders is asked, and in which zone."""

from __future__ import annotations

from collections.abc import Callable
from zoneinfo import ZoneInfo

ZONE = ZoneInfo("Asia/Jerusalem")
Find = Callable[..., list[int]]
