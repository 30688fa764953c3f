"""A station that keeps everything for ever, but for what a test names."""

from __future__ import annotations

from dataclasses import fields

from common.settings.retention import RetentionSettings


def keeping(**days: int) -> RetentionSettings:
    return RetentionSettings(**{**dict.fromkeys((field.name for field in fields(RetentionSettings)), 0), **days})
