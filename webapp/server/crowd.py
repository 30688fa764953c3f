"""All open connections. When there are too many, those that keep us waiting longest make room."""

from __future__ import annotations

from collections.abc import Iterator

from webapp.server.connection import ClientConnection, Doing
from webapp.server.limits import Limits


class Crowd:
    """Open connections, those without progress for longest first."""

    def __init__(self, limits: Limits) -> None:
        self._limits = limits
        self._members: dict[ClientConnection, None] = {}

    def __len__(self) -> int:
        return len(self._members)

    def __iter__(self) -> Iterator[ClientConnection]:
        return iter(list(self._members))

    def add(self, connection: ClientConnection) -> None:
        self._members[connection] = None

    def remove(self, connection: ClientConnection) -> bool:
        """Returns whether it was a member."""
        return connection in self._members and self._members.pop(connection) is None

    def renew(self, connection: ClientConnection) -> None:
        """It made progress: others make room before it."""
        if connection in self._members:
            self._members[connection] = self._members.pop(connection)

    def surplus(self, newest: ClientConnection) -> list[ClientConnection]:
        """Who has to go because the newest came: of its network, and of all."""
        leaving = []
        if newest.network is not None:
            same = [one for one in self._members if one.network == newest.network and one.is_unfinished]
            leaving += same[: max(0, len(same) - self._limits.unfinished)]
        if len(self._members) - len(leaving) > self._limits.connections:
            leaving += [one for one in self._members if one.doing is not Doing.RUNNING and one not in leaving][:1]
        return leaving

    def late(self, now: float) -> list[ClientConnection]:
        """Those whose client took longer than it may."""
        return [one for one in self._members if one.is_late(now)]
