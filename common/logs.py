"""Logs are sentences with ids, one line each. They hold no secret, and nothing that a person wrote.

- Whatever looks like a bot token is masked, tracebacks included: a token can hide in an exception's URL.
- Control characters and marks of direction are escaped: data cannot make up a line, or change how one reads.
- Of an exception that is neither ours nor the database's, the quoted part of its text is left out: it may be data, as
  in `ValueError: invalid literal for int() with base 10: 'what a person typed'`.
"""

from __future__ import annotations

import copy
import logging
import re
import sys
import threading
import traceback
from collections.abc import Iterator
from types import TracebackType

# The shape of a bot token (Bot API, "Authorizing your bot"): digits, a colon, 35 characters.
# No word boundary before it: in a URL it follows "/bot" directly.
TOKEN = re.compile(r"(?<!\d)\d{5,}:[A-Za-z0-9_-]{25,}")
MASK = "<token>"
# Unicode's categories Cc, Cf, Zl, Zp and Cs, as far as a terminal or an editor obeys them.
_UNPRINTABLE = re.compile(
    "[\x00-\x1f\x7f-\x9f\xad\u0600-\u0605\u061c\u06dd\u070f\u0890\u0891\u08e2\u180e\u200b-\u200f\u2028-\u202e\u2060-\u206f"
    "\ud800-\udfff\ufeff\ufff0-\ufffb\U000110bd\U000110cd\U00013430-\U0001343f\U0001bca0-\U0001bca3"
    "\U0001d173-\U0001d17a\U000e0000-\U000e007f]"
)
_QUOTES = "'\"`«»“”„‘’"
MOST_WORDS = 500  # characters of an exception's text
MOST_CAUSES = 10
# Their texts name what is in the code, the database or on the disk.
_PLAIN = (AttributeError, NameError, ImportError, TypeError, OSError)
_PLAIN_PACKAGES = {"common", "bot_daemon", "webapp", "psycopg", "sqlite3", "pysqlite3"}


def mask(text: str) -> str:
    """The text without anything that looks like a bot token."""
    return TOKEN.sub(MASK, text)


def escape(text: str) -> str:
    r"""The text on one line: each control character and mark of direction as `\n`, `\x1b`, `\u202e`."""
    return _UNPRINTABLE.sub(lambda found: found[0].encode("unicode_escape").decode(), text)


def error_words(error: BaseException) -> str:
    """The text of an exception, on one line and without data."""
    text = str(error)[:MOST_WORDS]
    if not isinstance(error, _PLAIN) and type(error).__module__.partition(".")[0] not in _PLAIN_PACKAGES:
        text = _without_quotes(text)
    return escape(text)


def _without_quotes(text: str) -> str:
    """The text without what is between its first and its last quotation mark: data may hold such marks, too."""
    places = [place for place, sign in enumerate(text) if sign in _QUOTES]
    if not places:
        return text
    return f"{text[: places[0]]}'…'{text[places[-1] + 1 :] if len(places) > 1 else ''}"


def error_trace(error: BaseException) -> str:
    """The traceback with its causes; each exception's text as in `error_words`."""
    return "".join(_trace(error, MOST_CAUSES))


def _trace(error: BaseException, most: int) -> Iterator[str]:
    before = error.__cause__ or (None if error.__suppress_context__ else error.__context__)
    if before is not None and most:
        yield from _trace(before, most - 1)
        yield "\nThe direct cause of:\n\n" if error.__cause__ else "\nDuring its handling:\n\n"
    yield "Traceback (most recent call last):\n"
    yield from traceback.format_tb(error.__traceback__)
    words = error_words(error)
    yield f"{_name(type(error))}: {words}\n" if words else f"{_name(type(error))}\n"
    if isinstance(error, BaseExceptionGroup) and most:
        for inner in error.exceptions:
            yield f"\nOne of the group {error_words(error)}:\n\n"
            yield from _trace(inner, most - 1)


def _name(kind: type[BaseException]) -> str:
    return kind.__qualname__ if kind.__module__ == "builtins" else f"{kind.__module__}.{kind.__qualname__}"


class SafeFormatter(logging.Formatter):
    """Formats a record as this module's rules say. A traceback given as `extra={"trace": …}` follows the line."""

    def format(self, record: logging.LogRecord) -> str:
        plain = copy.copy(record)
        plain.exc_text = None  # another handler's formatter may have left its text there
        plain.args = _without_data(record.args)
        if isinstance(record.msg, BaseException):
            plain.msg, plain.args = "%s", (error_words(record.msg),)
        trace = getattr(record, "trace", "")
        return mask(super().format(plain) + (f"\n{trace}" if trace else ""))

    def formatMessage(self, record: logging.LogRecord) -> str:
        return escape(super().formatMessage(record))

    def formatException(
        self, ei: tuple[type[BaseException], BaseException, TracebackType | None] | tuple[None, None, None]
    ) -> str:
        return error_trace(ei[1]).rstrip("\n") if ei[1] is not None else ""


_Arguments = tuple[object, ...] | dict[str, object]


def _without_data(arguments: object) -> _Arguments | None:
    """The arguments of a record, with the words of an exception in its place."""
    if isinstance(arguments, tuple):
        return tuple(error_words(one) if isinstance(one, BaseException) else one for one in arguments)
    return {**arguments} if isinstance(arguments, dict) else None


def configure(level: str = "INFO") -> None:
    """Log to standard error. The HTTP libraries log URLs at INFO: their level is higher."""
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(SafeFormatter("%(asctime)s %(levelname)s %(name)s: %(message)s"))
    logging.basicConfig(level=level, handlers=[handler], force=True)
    for noisy in ("httpx", "httpcore", "aiohttp.access", "apscheduler", "telegram", "alembic"):
        logging.getLogger(noisy).setLevel(logging.WARNING)
    _adopt(logging.getLogger("gunicorn.error"))
    sys.excepthook = lambda _kind, error, _trace: _write(error)
    threading.excepthook = lambda died: _write(died.exc_value)
    sys.unraisablehook = lambda unraisable: _write(unraisable.exc_value)


def _adopt(logger: logging.Logger) -> None:
    """Let its records go to our handler instead of its own."""
    logger.handlers.clear()
    logger.propagate = True


def _write(error: BaseException | None) -> None:
    if error is not None:
        sys.stderr.write(mask(error_trace(error)))
