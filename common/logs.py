"""Logs are sentences with ids. They never hold a token: the root handler masks anything that looks like one."""

from __future__ import annotations

import logging
import re
import sys
import threading
import traceback
from types import TracebackType

# The shape of a bot token (Bot API, "Authorizing your bot"): digits, a colon, 35 characters.
# No word boundary before it: in a URL it follows "/bot" directly.
TOKEN = re.compile(r"(?<!\d)\d{5,}:[A-Za-z0-9_-]{25,}")
MASK = "<token>"


def mask(text: str) -> str:
    """The text without anything that looks like a bot token."""
    return TOKEN.sub(MASK, text)


class MaskingFormatter(logging.Formatter):
    """Masks the whole formatted record, tracebacks included: a token can hide in an exception's URL."""

    def format(self, record: logging.LogRecord) -> str:
        return mask(super().format(record))


def configure(level: str = "INFO") -> None:
    """Log to standard error, one masked line per record. The HTTP libraries log URLs at INFO: their level is higher."""
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(MaskingFormatter("%(asctime)s %(levelname)s %(name)s: %(message)s"))
    logging.basicConfig(level=level, handlers=[handler], force=True)
    for noisy in ("httpx", "httpcore", "aiohttp.access", "apscheduler", "telegram", "alembic"):
        logging.getLogger(noisy).setLevel(logging.WARNING)
    sys.excepthook = _masked_excepthook
    threading.excepthook = lambda died: _masked_excepthook(died.exc_type, died.exc_value, died.exc_traceback)


def _masked_excepthook(kind: type[BaseException], error: BaseException | None, trace: TracebackType | None) -> None:
    sys.stderr.write(mask("".join(traceback.format_exception(kind, error, trace))))
