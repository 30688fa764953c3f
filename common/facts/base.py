"""How arguments are stored and read.

A struct is a storage format: rows wait in databases while a new version is deployed. A new field gets a default; no
field is renamed or given another meaning. Unknown fields that a later version wrote are ignored when read.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Self, cast

import msgspec


class Arguments(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """The arguments of one event or message. Fields with their default value are not stored."""

    def stored(self) -> dict[str, object]:
        """The arguments as stored in a JSON column."""
        return cast("dict[str, object]", msgspec.to_builtins(self))

    @classmethod
    def read(cls, stored: Mapping[str, object]) -> Self:
        """Raises: msgspec.ValidationError when the row does not fit the struct."""
        return msgspec.convert(stored, cls)


def stored_for(kind: str, wanted: type[Arguments], arguments: Arguments) -> dict[str, object]:
    """The arguments as the row of this kind stores them.

    Raises:
        TypeError: the kind holds another struct. A row with a wrong one could not be read when it is sent or shown.
    """
    if type(arguments) is not wanted:
        raise TypeError(f"{kind} holds {wanted.__name__}, not {type(arguments).__name__}")
    return arguments.stored()


class Nothing(Arguments, frozen=True):
    """No arguments: the kind says everything."""


NOTHING = Nothing()
