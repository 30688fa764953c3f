"""The program that `export_file` starts: a task on standard input, the table on standard output.

It makes way for everybody else: what it keeps busy is a core that nobody wants.
"""

from __future__ import annotations

import os
import sys

import msgspec

from common import logs
from common.database.engine import Database
from common.exports import exports
from common.exports.exports import Task

SECONDS = 300  # of processor time
NICENESS = 10


def main() -> None:
    logs.configure()
    _make_way()
    task = msgspec.msgpack.decode(sys.stdin.buffer.read(), type=Task)
    database = Database(task.database_url, pool_size=1)
    try:
        exports.write(database, task.export, sys.stdout.buffer)
    finally:
        database.dispose()


def _make_way() -> None:
    """Let others go first, and end after a while, where the system supports it (not on Windows)."""
    try:
        import resource
    except ImportError:
        return
    os.nice(NICENESS)
    resource.setrlimit(resource.RLIMIT_CPU, (SECONDS, SECONDS + 1))


if __name__ == "__main__":
    main()
