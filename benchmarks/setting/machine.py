"""The machine and versions of a measurement: a figure has no meaning without them."""

from __future__ import annotations

import os
import platform
from importlib.metadata import version
from pathlib import Path

from common.database.engine import sqlite_module

LIBRARIES = ("aiohttp", "SQLAlchemy", "python-telegram-bot", "uvloop", "Flask", "gunicorn")


def described() -> str:
    """Processor, memory, versions, in one line."""
    versions = ", ".join(f"{name} {version(name)}" for name in LIBRARIES)
    return (
        f"{_processor()} × {os.cpu_count()}, {_memory():.0f} GiB, Linux {platform.release().split('-')[0]}, "
        f"CPython {platform.python_version()}, SQLite {sqlite_module().sqlite_version}, {versions}"
    )


def _processor() -> str:
    try:
        lines = Path("/proc/cpuinfo").read_text().splitlines()
    except OSError:
        return platform.machine()
    return next((line.partition(":")[2].strip() for line in lines if line.startswith("model name")), platform.machine())


def _memory() -> float:
    return os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30
