"""Our exceptions: each carries what its catcher needs, and says what the reader can do."""

from __future__ import annotations


class FelixError(Exception):
    """The root: catching it catches everything of ours and nothing else."""


class SettingsError(FelixError):
    """A setting is missing or unusable. The text names the variable, what it got and what it wants."""


class SchemaError(FelixError):
    """The database's schema does not fit this code. The text names the command that helps."""


class DatabaseUnavailable(FelixError):
    """The database does not answer a process that starts. The text says what it was that failed, and no password."""


class InvalidInput(FelixError):
    """Somebody's input cannot be taken. `code` names the rule; the caller says it in the reader's language."""

    def __init__(self, code: str, **arguments: object) -> None:
        super().__init__(f"Input refused: {code}")
        self.code = code
        self.arguments = arguments


class NotFound(FelixError):
    """There is no such row, or it is not for this person to see: the two look the same on purpose."""

    def __init__(self, what: str, key: object) -> None:
        super().__init__(f"No {what} {key}")
        self.what = what
        self.key = key


class Forbidden(FelixError):
    """This person may not do this, whatever the state: their role does not allow it, or it belongs to somebody else."""

    def __init__(self, action: str, why: str) -> None:
        super().__init__(f"{action} is not allowed: {why}")
        self.action = action


class WrongState(FelixError):
    """It cannot be done now. `what` (order, line, request) is in `state`, its stored code."""

    def __init__(self, what: str, state: str) -> None:
        super().__init__(f"It cannot be done now: the {what} is {state}")
        self.what = what
        self.state = state


class StaleVersion(FelixError):
    """A row changed since the caller read it. `since` is the version they saw, `version` the present one.

    `what` and `key` name the row. An order's timeline tells what happened since, of the others the audit.
    """

    def __init__(self, what: str, key: int, since: int, version: int) -> None:
        super().__init__(f"The {what} {key} is at version {version}, not {since}: read it again")
        self.what = what
        self.key = key
        self.since = since
        self.version = version


class LeaseLost(FelixError):
    """Another daemon holds the lease now: a write-back of the old holder is refused."""
