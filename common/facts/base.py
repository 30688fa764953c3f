"""How arguments are stored and read.

A struct is a format: rows wait in databases while a new version is deployed. A field is added with a default; none is
renamed or given another meaning. What a later version wrote beside the fields known here is left out when read.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Self, cast

import msgspec


class Arguments(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """The facts of one event or message. What has its default is not stored."""

    def stored(self) -> dict[str, object]:
        """As it is kept in a column of JSON."""
        return cast("dict[str, object]", msgspec.to_builtins(self))

    @classmethod
    def read(cls, stored: Mapping[str, object]) -> Self:
        """Raises: msgspec.ValidationError when a row holds something else."""
        return msgspec.convert(stored, cls)


class Nothing(Arguments, frozen=True):
    """The kind says it all."""
