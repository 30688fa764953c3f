"""Reads an untrusted table in a process of its own, with little memory and time, one at a time."""

from __future__ import annotations

import logging
import os
import subprocess
import sys
from pathlib import Path

import msgspec

from common.bulkhead import Bulkhead
from common.errors import InvalidInput
from common.spreadsheets.table_reader import ENCODINGS, Table

log = logging.getLogger(__name__)

ROOT = Path(__file__).parents[2]
PASSED_VARIABLES = ("PATH", "LD_LIBRARY_PATH", "SYSTEMROOT", "LANG")  # the only variables of ours that the process gets
TIMEOUT = 20.0  # seconds
OPENED = Bulkhead(at_once=1, waiting=3, patience=20.0)


class TableOutcome(msgspec.Struct):
    """What the process says: a table, or why there is none."""

    table: Table = []
    code: str = ""
    arguments: dict[str, int] = {}


def read(content: bytes, encoding: str = "") -> Table:
    """The rows of a file, as `table_reader.read` reads them. It takes seconds at worst: call it outside transactions.

    Raises:
        Busy. InvalidInput: those of `table_reader.read`; `file_bomb`: it takes too much memory or time.
    """
    if encoding not in ENCODINGS:
        raise InvalidInput("encoding")
    with OPENED.enter():
        outcome = _read_elsewhere(content, encoding)
    if outcome.code:
        raise InvalidInput(outcome.code, **outcome.arguments)
    return outcome.table


def _read_elsewhere(content: bytes, encoding: str) -> TableOutcome:
    command = [sys.executable, "-s", "-B", "-m", "common.spreadsheets.table_process", encoding]
    try:
        done = subprocess.run(  # noqa: S603 our own program
            command, input=content, capture_output=True, cwd=ROOT, env=_environment(), timeout=TIMEOUT, check=True
        )
        return msgspec.msgpack.decode(done.stdout, type=TableOutcome)
    except (subprocess.SubprocessError, msgspec.DecodeError) as error:
        log.warning("A table could not be read: %s", type(error).__name__)
        raise InvalidInput("file_bomb") from None


def _environment() -> dict[str, str]:
    return {name: os.environ[name] for name in PASSED_VARIABLES if name in os.environ}
