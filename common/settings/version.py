"""The program's version: the release that people name, and a fingerprint of the files that run.

A release's number is changed by hand. The fingerprint changes with every change of the program, needs neither git nor a
build step, and is the same for equal copies: two processes with the same version run the same code.
"""

from __future__ import annotations

import hashlib
from functools import cache
from pathlib import Path

RELEASE = "0.2.0"
ROOT = Path(__file__).parents[2]
PACKAGES = ("common", "bot_daemon", "webapp")
KINDS = frozenset({".py", ".html", ".js", ".css", ".po", ".csv"})


@cache
def version() -> str:
    """The version of this process. Call it at start: files that change later are another program's."""
    return f"{RELEASE}+{fingerprint(ROOT)}"


def fingerprint(root: Path) -> str:
    """Eight digits that stand for the program's files below `root`, about 30 ms."""
    digest = hashlib.sha256()
    for path in sorted(path for package in PACKAGES for path in (root / package).rglob("*") if path.suffix in KINDS):
        body = path.read_bytes()
        digest.update(f"{path.relative_to(root).as_posix()} {len(body)}\n".encode() + body)
    return digest.hexdigest()[:8]
