"""The `felix-hub` command, run in the test's process."""

from __future__ import annotations

import io
import logging
import sys
import threading
from collections.abc import Iterator

import pytest

from common.cli import main
from tests.common.cli.shell import Command


@pytest.fixture
def felix_hub(
    any_database_url: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> Iterator[Command]:
    """Runs a command as a shell does. Returns exit code, standard output, standard error."""
    before = logging.root.handlers[:], logging.root.level, sys.excepthook, threading.excepthook

    def run(*words: str, stdin: str = "") -> tuple[int, str, str]:
        monkeypatch.setenv("DATABASE_URL", any_database_url)
        monkeypatch.setattr("sys.stdin", io.StringIO(stdin))
        try:
            code = main(words)
        except SystemExit as exit:
            code = int(exit.code or 0)
        printed = capsys.readouterr()
        return code, printed.out, printed.err

    yield run
    monkeypatch.undo()
    logging.root.handlers[:], logging.root.level, sys.excepthook, threading.excepthook = before
