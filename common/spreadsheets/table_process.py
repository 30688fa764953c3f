"""The program that `table_opener` starts: a file on standard input, what `table_reader` makes of it on standard output.

It holds no secret, has little memory and time, and may crash.
"""

from __future__ import annotations

import sys

import msgspec

from common.errors import InvalidInput
from common.spreadsheets import table_reader
from common.spreadsheets.table_opener import TableOutcome

MEMORY, SECONDS = 384 << 20, 10  # address space in bytes, processor time


def main() -> None:
    _limit_resources()
    sys.stdout.buffer.write(msgspec.msgpack.encode(_outcome(sys.stdin.buffer.read(), sys.argv[1])))


def _outcome(content: bytes, encoding: str) -> TableOutcome:
    try:
        return TableOutcome(table_reader.read(content, encoding))
    except InvalidInput as error:
        return TableOutcome(code=error.code, arguments=msgspec.convert(error.arguments, dict[str, int]))


def _limit_resources() -> None:
    """Limit memory and time, where the system supports it (not on Windows)."""
    try:
        import resource
    except ImportError:
        return
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_CPU, (SECONDS, SECONDS + 1))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


if __name__ == "__main__":
    main()
