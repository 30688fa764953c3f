"""One environment variable: how it is read, and the sentence that refuses a bad value."""

from __future__ import annotations

import enum
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Generic, Literal, TypeVar, overload

from common.errors import SettingsError
from common.logs import mask
from common.settings.values import ValueRefused

T = TypeVar("T")
T_co = TypeVar("T_co", covariant=True)
Environment = Mapping[str, str]


class Default(enum.Enum):
    REQUIRED = enum.auto()  # no default: the variable must be set


REQUIRED: Literal[Default.REQUIRED] = Default.REQUIRED


@dataclass(frozen=True)
class Variable(Generic[T_co]):
    """One environment variable: a refusal shows `wants`, the reference page shows `why`."""

    name: str
    parse: Callable[[str], T_co]
    wants: str
    why: str
    default: T_co | Literal[Default.REQUIRED] = REQUIRED
    secret: bool = False

    def read(self, environment: Environment) -> T_co:
        """The typed value.

        Raises:
            SettingsError: the variable is required and missing, or its value is invalid.
        """
        raw = environment.get(self.name, "").strip().strip("\"'").strip()
        if raw:
            return self._parse(raw)
        if self.default is Default.REQUIRED:
            raise SettingsError(f"{self.name} is not set: it wants {self.wants}.")
        return self.default

    def _parse(self, raw: str) -> T_co:
        try:
            return self.parse(raw)
        except ValueError as error:
            got = "a value not shown here" if self.secret else f"“{_without_secrets(raw)}”"
            why = f" ({error})" if isinstance(error, ValueRefused) else ""
            raise SettingsError(f"{self.name} is {got}{why}: it wants {self.wants}.") from None


def _without_secrets(raw: str) -> str:
    """The refused value without secrets: no password of a URL, no token."""
    return mask(re.sub(r"//[^/@]*@", "//…@", raw))[:80]


@overload
def setting(name: str, parse: Callable[[str], T], wants: str, why: str, *, secret: bool = False) -> T: ...
@overload
def setting(name: str, parse: Callable[[str], T], wants: str, why: str, default: T, *, secret: bool = False) -> T: ...
def setting(
    name: str,
    parse: Callable[[str], T],
    wants: str,
    why: str,
    default: T | Literal[Default.REQUIRED] = REQUIRED,
    *,
    secret: bool = False,
) -> T:
    """A dataclass field whose value comes from an environment variable."""
    made: T = field(metadata={"variable": Variable(name, parse, wants, why, default, secret)})
    return made
