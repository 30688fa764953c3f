"""How often each kind of attempt may fail, and how long the pauses are after that."""

from __future__ import annotations

import enum
import math
from dataclasses import dataclass
from datetime import timedelta

from common.signing import digest

FORGET_AFTER = timedelta(days=1)  # a count with no attempt for so long is dropped
FORGIVES_EVERY = timedelta(hours=1)  # a count loses one in so long


@dataclass(frozen=True)
class Limit:
    """`free` attempts may fail without a pause; then each pause is twice as long as the one before."""

    free: int
    first: timedelta
    longest: timedelta

    def pause(self, count: float) -> timedelta:
        """The pause after so many attempts."""
        beyond = math.ceil(count) - self.free
        if beyond < 0:
            return timedelta(0)
        return min(self.longest, self.first * (1 << min(beyond, 32)))


class Kind(enum.StrEnum):
    """What is counted."""

    PASSWORD = "password"  # noqa: S105  a name from one network
    PASSWORD_NETWORK = "password_network"  # noqa: S105  one network, whatever the name
    PASSWORD_NAME = "password_name"  # noqa: S105  a name from all networks
    PASSWORD_BROWSER = "password_browser"  # noqa: S105  a browser that has signed in under this name before
    LINK_NETWORK = "link_network"
    LINK_BROWSER = "link_browser"


_SHORT, _LONG = timedelta(seconds=15), timedelta(minutes=15)

LIMITS = {
    Kind.PASSWORD: Limit(5, _SHORT, _LONG),
    Kind.PASSWORD_NETWORK: Limit(30, _SHORT, _LONG),
    # The pauses are short: somebody with many networks must not keep the owner's new browser out for long.
    Kind.PASSWORD_NAME: Limit(100, timedelta(seconds=1), timedelta(seconds=30)),
    Kind.PASSWORD_BROWSER: Limit(10, _SHORT, _LONG),
    Kind.LINK_NETWORK: Limit(10, _SHORT, _LONG),
    Kind.LINK_BROWSER: Limit(5, _SHORT, _LONG),
}


@dataclass(frozen=True, order=True)
class CountKey:
    """What is counted together. Stored is the digest only: no name, no address."""

    kind: Kind
    value: str

    @property
    def key(self) -> str:
        return digest(f"{self.kind}:{self.value}")

    @property
    def limit(self) -> Limit:
        return LIMITS[self.kind]
