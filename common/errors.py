"""Our exceptions: each carries the data its catcher needs, and tells the reader the remedy."""

from __future__ import annotations


class FelixError(Exception):
    """The base class: catching it catches all our exceptions and no others."""


class SettingsError(FelixError):
    """A setting is missing or invalid. The text names the variable, the value it got and the values it accepts."""


class SchemaError(FelixError):
    """The database's schema does not fit this code. The text names the command that helps."""


class DatabaseUnavailable(FelixError):
    """The database does not answer a starting process. The text names the failure and contains no password."""


class InvalidInput(FelixError):
    """The input is refused. `code` names the rule; the caller words it in the reader's language."""

    def __init__(self, code: str, **arguments: object) -> None:
        super().__init__(f"Input refused: {code}")
        self.code = code
        self.arguments = arguments


class Busy(InvalidInput):
    """Too many people want this kind of work at once. Nothing was changed; it can be asked again in a moment."""

    def __init__(self) -> None:
        super().__init__("busy")


class NotFound(FelixError):
    """The row does not exist, or this person may not see it: the two look the same on purpose."""

    def __init__(self, what: str, key: object) -> None:
        super().__init__(f"No {what} {key}")
        self.what = what
        self.key = key


class Forbidden(FelixError):
    """This person may not do this in any state: their role does not allow it, or the row is another person's."""

    def __init__(self, action: str, why: str) -> None:
        super().__init__(f"{action} is not allowed: {why}")
        self.action = action


class WrongState(FelixError):
    """The present state does not allow it. `what` (order, line, request) is in `state`, its stored code."""

    def __init__(self, what: str, state: str) -> None:
        super().__init__(f"It cannot be done now: the {what} is {state}")
        self.what = what
        self.state = state


class StaleVersion(FelixError):
    """A row changed since the caller read it. `since` is the version the caller saw, `version` the present one.

    `what` and `key` name the row. An order's timeline has the changes since then; for other rows the audit has them.
    """

    def __init__(self, what: str, key: int, since: int, version: int) -> None:
        super().__init__(f"The {what} {key} is at version {version}, not {since}: read it again")
        self.what = what
        self.key = key
        self.since = since
        self.version = version


class LeaseLost(FelixError):
    """Another daemon holds the lease now: the old holder's writes are refused."""
