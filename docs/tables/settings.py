"""Every environment variable, from the class that declares it; the class tells which process reads it."""

from __future__ import annotations

from pathlib import Path
from zoneinfo import ZoneInfo

from common.settings.config import VARIABLES, DaemonSettings, StationSettings, WebSettings, variables_of
from common.settings.variables import REQUIRED, Variable
from docs.markdown import code, table

# The least environment that each class accepts.
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


def readers(variable: Variable[object]) -> str:
    return ", ".join(reader for reader, settings in READERS.items() if variable in variables_of(settings).values())


def default(variable: Variable[object]) -> str:
    """The default, as it would be written in the environment."""
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
        (f"[{code(name)}](#{name.lower()})", readers(variable), default(variable))
        for name, variable in VARIABLES.items()
    )
    return table(("Variable", "Read by", "Default"), rows)


def headings() -> str:
    return "\n\n".join(_heading(variable) for variable in VARIABLES.values())


def _heading(variable: Variable[object]) -> str:
    facts = [
        f"- **Wants:** {variable.wants}.",
        f"- **Default:** {default(variable)}.",
        f"- **Read by:** {readers(variable)}.",
    ]
    if variable.secret:
        facts.append("- **Secret:** never printed; a refusal does not show what it got.")
    return "\n".join((f"### {variable.name}", "", variable.why, "", *facts))
