"""Commands as a real shell runs them."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable

Command = Callable[..., tuple[int, str, str]]


def in_a_shell(database_url: str, *words: str) -> subprocess.CompletedProcess[str]:
    """As a real process, for what only a shell sees; with nothing in the environment but its database."""
    program = "import sys; from common.cli import main; sys.exit(main(sys.argv[1:]))"
    return subprocess.run(
        [sys.executable, "-c", program, *words],
        env={"DATABASE_URL": database_url} if database_url else {},
        capture_output=True,
        text=True,
        timeout=60,
    )
