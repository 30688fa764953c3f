"""Every environment variable, from `common.settings.variables.VARIABLES`; who reads it is found out by reading."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path
from zoneinfo import ZoneInfo

from common.settings.config import DaemonSettings, StationSettings, WebSettings
from common.settings.variables import REQUIRED, VARIABLES, Variable
from docs.tables.markdown import code, table

# Enough to be accepted: with these, each class reads all it ever reads.
GIVEN = {
    "DATABASE_URL": "sqlite:///felix.sqlite3",
    "TELEGRAM_BOT_TOKEN": "123456:" + "abcdefghij" * 3 + "12345",
    "SECRET_KEY": "a1b2c3d4e5f6g7h8i9j0k1l2",
}
READERS: dict[str, type[StationSettings]] = {
    "web app": WebSettings,
    "daemon": DaemonSettings,
    "`felix-hub`": StationSettings,
}


class Watched(Mapping[str, str]):
    """An environment that remembers what was asked for."""

    def __init__(self) -> None:
        self.asked: set[str] = set()

    def __getitem__(self, name: str) -> str:
        self.asked.add(name)
        return GIVEN[name]

    def __iter__(self) -> Iterator[str]:
        return iter(GIVEN)

    def __len__(self) -> int:
        return len(GIVEN)


@cache
def read_by() -> dict[str, list[str]]:
    """Who really reads each variable."""
    readers: dict[str, list[str]] = {name: [] for name in VARIABLES}
    for reader, settings in READERS.items():
        environment = Watched()
        settings.from_env(environment)
        for name in environment.asked:
            readers[name].append(reader)
    return readers


def default(variable: Variable[object]) -> str:
    """The default as one would write it in the environment."""
    value = variable.default
    if value is REQUIRED:
        return "none: it must be set"
    if value is None:
        return "empty"
    if isinstance(value, bool):
        return code(int(value))
    if isinstance(value, float):
        return code(f"{value:g}")
    return code(value.key if isinstance(value, ZoneInfo) else value.as_posix() if isinstance(value, Path) else value)


def overview() -> str:
    rows = (
        (f"[{code(name)}](#{name.lower()})", ", ".join(read_by()[name]), default(variable))
        for name, variable in VARIABLES.items()
    )
    return table(("Variable", "Read by", "Default"), rows)


def headings() -> str:
    return "\n\n".join(_heading(variable) for variable in VARIABLES.values())


def _heading(variable: Variable[object]) -> str:
    facts = [
        f"- **Wants:** {variable.wants}.",
        f"- **Default:** {default(variable)}.",
        f"- **Read by:** {', '.join(read_by()[variable.name])}.",
    ]
    if variable.secret:
        facts.append("- **Secret:** never printed; a refusal does not show what it got.")
    return "\n".join((f"### {variable.name}", "", variable.why, "", *facts))
