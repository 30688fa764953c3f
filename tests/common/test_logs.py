"""A log line is one line: it holds no token, no data of an exception, and nothing that a terminal would obey."""

from __future__ import annotations

import io
import logging
import operator
import subprocess
import sys
import unicodedata
from collections.abc import Callable
from pathlib import Path

import pytest

from common.errors import StaleVersion
from common.logs import MASK, SafeFormatter, error_trace, error_words, escape, mask

TOKEN = "700100200:AAfelixTestTokenOfThirtyFiveCharact"
TYPED = "фильтр for 12-345-67"
FAILING = f"""
import logging
from common import logs
logs.configure("INFO")
logging.getLogger("x").warning("asked %s", "https://api.telegram.org/bot{TOKEN}/getMe")
try:
    raise OSError("POST /bot{TOKEN}/sendMessage")
except OSError:
    logging.getLogger("x").exception("failed")
logging.getLogger("httpx").info("quiet please")
def die():
    raise RuntimeError("bot{TOKEN}")
import threading
thread = threading.Thread(target=die)
thread.start()
thread.join()
class Broken:
    def __del__(self):
        int("{TYPED}")
Broken()
logging.getLogger("gunicorn.error").error("a head \\x1b[2J")
die()
"""


def logged(message: object, *arguments: object, error: BaseException | None = None) -> str:
    """What a process writes for one record."""
    written = io.StringIO()
    handler = logging.StreamHandler(written)
    handler.setFormatter(SafeFormatter("%(levelname)s: %(message)s"))
    handler.handle(logging.LogRecord("x", logging.ERROR, "x.py", 1, message, arguments, _info(error)))
    return written.getvalue()


def _info(error: BaseException | None) -> tuple[type[BaseException], BaseException, None] | None:
    return None if error is None else (type(error), error, None)


def caught(failing: Callable[[], object]) -> BaseException:
    try:
        failing()
    except BaseException as error:
        return error
    raise AssertionError("it did not fail")


def test_what_looks_like_a_token_is_masked_wherever_it_stands() -> None:
    assert mask(f"/bot{TOKEN}/getMe") == f"/bot{MASK}/getMe"
    assert mask("order 12:30, chat 1001") == "order 12:30, chat 1001"


def test_a_process_writes_no_token_and_no_data_not_even_when_it_dies_of_an_error() -> None:
    died = subprocess.run([sys.executable, "-c", FAILING], capture_output=True, text=True, timeout=60)
    assert died.returncode == 1
    assert TOKEN not in died.stderr
    assert died.stderr.count(MASK) == 4  # the line, the logged error, the thread's and the last one
    assert "quiet please" not in died.stderr
    assert f"'{TYPED}'" not in died.stderr
    assert r"a head \x1b[2J" in died.stderr


@pytest.mark.parametrize(
    "data",
    [
        "x\n2026-01-01 CRITICAL x: made up",
        "x\r\n",
        "\x1b[2J",
        "\u202egnp",
        "a\u2028b",
        "\x85",
        "\x9b31m",
        "\u200f",
        "\t",
    ],
)
def test_data_cannot_make_up_a_line_or_turn_one_around(data: str) -> None:
    line = logged("asked for %s", data)
    assert line.count("\n") == 1
    assert not [sign for sign in line[:-1] if unicodedata.category(sign) in ("Cc", "Cf", "Zl", "Zp")]


def test_whatever_changes_how_a_line_reads_is_escaped_and_letters_of_all_languages_are_not() -> None:
    risky = [chr(code) for code in range(sys.maxunicode) if unicodedata.category(chr(code)) in ("Cc", "Cf", "Zl", "Zp")]
    assert [hex(ord(sign)) for sign in risky if sign in escape(sign)] == []
    assert escape("фильтр מסנן filter № 1 – €") == "фильтр מסנן filter № 1 – €"


def test_a_traceback_keeps_its_lines_and_its_data_has_none() -> None:
    error = caught(lambda: Path("no\nsuch\x1b[2J file").stat())
    text = logged("failed", error=error)
    assert "Traceback (most recent call last):\n  File" in text
    assert r"No such file or directory: 'no\nsuch\x1b[2J file'" in text


@pytest.mark.parametrize(
    "failing",
    [
        lambda: int(TYPED),
        lambda: {"a": 1}[TYPED],
        lambda: float(f"it's {TYPED}"),
        lambda: TYPED.encode("ascii"),
        lambda: ["a"].index(TYPED),
        lambda: logging.Handler(TYPED),
    ],
)
def test_the_data_that_an_exception_quotes_is_left_out(failing: Callable[[], object]) -> None:
    error = caught(failing)
    for text in (error_words(error), error_trace(error).replace(f'"{__file__}"', ""), logged("failed: %s", error)):
        assert TYPED not in text
    assert type(error).__name__ in error_trace(error)


def test_what_is_ours_or_in_the_code_is_said() -> None:
    assert error_words(StaleVersion("order", 7, 2, 3)) == "The order 7 is at version 3, not 2: read it again"
    assert "'NoneType' object has no attribute 'x'" in error_words(caught(lambda: operator.attrgetter("x")(None)))


def nested() -> None:
    try:
        int(TYPED)
    except ValueError as error:
        raise KeyError(TYPED) from error


def test_causes_and_groups_are_told_without_their_data() -> None:
    group = caught(lambda: _raise(BaseExceptionGroup("two", [caught(nested), SystemExit(TYPED)])))
    told = error_trace(group)
    assert "ValueError: invalid literal for int() with base 10: '…'" in told
    assert "The direct cause of:" in told
    assert "KeyError: '…'" in told


def _raise(error: BaseException) -> None:
    raise error


def test_an_exception_that_is_its_own_cause_ends() -> None:
    first, second = ValueError("a"), ValueError("b")
    first.__cause__, second.__cause__ = second, first
    assert error_trace(first).count("Traceback") == 11
