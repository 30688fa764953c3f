"""Exports as temporary files. Writing many rows takes seconds of processor time: another process does it."""

from __future__ import annotations

import logging
import subprocess
import sys
import tempfile
from contextlib import ExitStack
from pathlib import Path
from typing import IO

import msgspec

from common.database.engine import Database
from common.errors import Busy
from common.exports import exports
from common.exports.exports import Export, Task
from common.spreadsheets import table_writer

log = logging.getLogger(__name__)

ROOT = Path(__file__).parents[2]
FEW = 500  # rows that this process writes itself: 0.15 s
TIMEOUT = 120.0  # seconds


def make(database: Database, database_url: str, export: Export) -> IO[bytes]:
    """The written file, at its beginning; the caller closes it. Call it outside transactions.

    Raises:
        Busy: others' exports take too long, or this one did.
    """
    with ExitStack() as stack:
        kept = stack.enter_context(tempfile.TemporaryFile())
        with table_writer.WRITTEN.enter():
            if export.has_more(database, FEW):
                _write_elsewhere(Task(str(database_url), export), kept)
            else:
                exports.write(database, export, kept)
        kept.seek(0)
        stack.pop_all()
    return kept


def _write_elsewhere(task: Task, kept: IO[bytes]) -> None:
    """The process inherits our environment: it reads our own data, with our own code."""
    command = [sys.executable, "-s", "-B", "-m", "common.exports.export_process"]
    try:
        subprocess.run(  # noqa: S603 our own program
            command, input=msgspec.msgpack.encode(task), stdout=kept, cwd=ROOT, timeout=TIMEOUT, check=True
        )
    except subprocess.TimeoutExpired:
        log.warning("An export was not written within %.0f s", TIMEOUT)
        raise Busy from None
