"""How long the station keeps what is about people; the daemon works it off."""

from __future__ import annotations

from dataclasses import dataclass

from common.settings import values
from common.settings.variables import setting

DAYS = "days from 0 to 36500; 0 keeps them for ever"


@dataclass(frozen=True)
class RetentionSettings:
    """Days; 0: for ever."""

    keep_words_days: int = setting(
        "KEEP_WORDS_DAYS",
        values.days,
        DAYS,
        "So long after an order was closed it keeps what people wrote in it, and its photos and voice notes.",
        1095,
    )
    keep_cars_days: int = setting(
        "KEEP_CARS_DAYS",
        values.days,
        DAYS,
        "So long after its last order was closed a car keeps its plate and VIN.",
        1825,
    )
    keep_unassigned_days: int = setting(
        "KEEP_UNASSIGNED_DAYS",
        values.days,
        DAYS,
        "So long a photo or voice note stays whose sender never said which order it belongs to.",
        7,
    )
    keep_audit_days: int = setting(
        "KEEP_AUDIT_DAYS", values.days, DAYS, "So long the audit knows who changed people, roles and catalogue.", 1825
    )
