"""Asks for known holes in what is installed, as a part of `make check`: `python -m tests.audit`.

pip-audit asks the advisories of PyPI about every pinned version. Where they cannot be reached, one line says so.
"""

from __future__ import annotations

import subprocess
import sys
import tempfile
from pathlib import Path

import msgspec

ROOT = Path(__file__).parents[1]
LISTS = ("requirements.txt", "requirements-dev.txt")
OPTIONS = ("--no-deps", "--disable-pip", "--format", "json", "--progress-spinner", "off", "--timeout", "10")
WITHIN = 120.0  # seconds


class Hole(msgspec.Struct):
    """An advisory that names a version we install."""

    id: str
    fix_versions: list[str] = []


class Dependency(msgspec.Struct):
    """A pinned package; `skip_reason` says why nothing is known of it."""

    name: str
    version: str = ""
    vulns: list[Hole] = []
    skip_reason: str = ""


class Report(msgspec.Struct):
    dependencies: list[Dependency]


def pinned() -> str:
    """All pins, without the project itself."""
    lines = [line for name in LISTS for line in (ROOT / name).read_text().splitlines()]
    return "\n".join(line for line in lines if "==" in line)


def ask(requirements: str) -> str:
    """What pip-audit answers; empty if it reached nobody."""
    with tempfile.NamedTemporaryFile("w", suffix=".txt") as file:
        file.write(requirements)
        file.flush()
        command = [sys.executable, "-m", "pip_audit", "-r", file.name, *OPTIONS]
        try:
            return subprocess.run(command, capture_output=True, text=True, timeout=WITHIN).stdout
        except subprocess.TimeoutExpired:
            return ""


def judge(answer: str) -> tuple[bool, str]:
    """Whether the check passes, and what it says."""
    if not answer.strip():
        return True, "Dependencies are not audited: the advisories cannot be reached."
    dependencies = msgspec.json.decode(answer, type=Report).dependencies
    holes = [f"{d.name} {d.version}: {h.id}, mended in {h.fix_versions}" for d in dependencies for h in d.vulns]
    audited = [dependency for dependency in dependencies if not dependency.skip_reason]
    if not audited:
        return True, "Dependencies are not audited: the index here has no advisories."
    return not holes, "\n".join([*holes, f"Dependencies: {len(audited)} audited, {len(holes)} known holes."])


if __name__ == "__main__":
    passes, told = judge(ask(pinned()))
    sys.stdout.write(f"{told}\n")
    sys.exit(not passes)
