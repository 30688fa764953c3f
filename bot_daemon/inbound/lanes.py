"""The lanes in memory: a few updates of each, so that one person's thousand updates keep nobody else's out.

The lanes of members are all there. Strangers share a small number of places: whoever has an account at Telegram can
write to the bot, and their flood must cost members nothing. The rest waits in the table and is looked for again when a
lane ends, and at each poll.
"""

from __future__ import annotations

import time
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field

from sqlalchemy.orm import Session

from bot_daemon.runtime.database_thread import DatabaseThread
from common.messaging import waiting
from common.messaging.waiting import WaitingLane, WaitingUpdate

MOST_ARRIVED = 100  # rows for which one look asks
MOST_OF_LANE = 10  # rows of one lane in memory
LANES_A_LOOK = 100
STRANGERS = 50  # lanes of strangers in memory


@dataclass
class Lane:
    """The first updates of one person. `has_more`: others wait in the table."""

    name: str
    is_member: bool
    rows: deque[WaitingUpdate] = field(default_factory=deque)
    has_more: bool = False


@dataclass(frozen=True)
class _Look:
    """What one look at the table has found."""

    waiting: list[WaitingLane]
    members: frozenset[str] | None
    filled: dict[str, list[WaitingUpdate]]


class Lanes:
    """`start` is called with each lane that comes into memory; `end` takes it out."""

    def __init__(self, thread: DatabaseThread, poll: float, start: Callable[[Lane], None]) -> None:
        self._thread, self._poll, self._start = thread, poll, start
        self._lanes: dict[str, Lane] = {}
        self._outside: dict[str, None] = {}  # lanes whose rows are only in the table, the longest wait first
        self._members: frozenset[str] = frozenset()
        self._highest = 0
        self._next_sweep = 0.0

    def __len__(self) -> int:
        return len(self._lanes)

    async def load(self) -> bool:
        """Take waiting updates into memory. True: look again at once.

        Most looks read only rows after the highest seen. Each poll looks at all lanes, because another process may
        commit a lower number later.
        """
        now = time.monotonic()
        is_sweep = now >= self._next_sweep
        if is_sweep:
            self._next_sweep = now + self._poll
        known, outside, after = frozenset(self._lanes), tuple(self._outside), self._highest
        look = await self._thread.read(lambda session: self._look(session, is_sweep, known, outside, after))
        self._take_in(look, is_sweep)
        if not is_sweep and len(look.waiting) >= MOST_ARRIVED:
            return True
        return bool(self._chosen(self._outside, frozenset(self._lanes), self._members))

    def end(self, lane: Lane) -> bool:
        """The lane's rows in memory are done. True: look again, there are others."""
        del self._lanes[lane.name]
        if lane.has_more or lane.rows:
            self._outside[lane.name] = None
        return bool(self._outside)

    def _look(
        self, session: Session, is_sweep: bool, known: frozenset[str], outside: tuple[str, ...], after: int
    ) -> _Look:
        """One look, in the database thread."""
        found = waiting.lanes(session) if is_sweep else waiting.arrived(session, after, MOST_ARRIVED)
        members = waiting.lanes_of_members(session) if is_sweep else None
        names = dict.fromkeys(outside) | {lane.name: None for lane in found if lane.name not in known}
        chosen = self._chosen(names, known, self._members if members is None else members)
        return _Look(found, members, {name: waiting.of_lane(session, name, MOST_OF_LANE) for name in chosen})

    @staticmethod
    def _chosen(names: dict[str, None], known: frozenset[str], members: frozenset[str]) -> list[str]:
        """The lanes to take into memory: members first, then as many strangers as there are places for."""
        theirs = [name for name in names if name in members]
        places = max(STRANGERS - len(known - members), 0)
        strangers = [name for name in names if name not in members][:places]
        return [*theirs, *strangers][:LANES_A_LOOK]

    def _take_in(self, look: _Look, is_sweep: bool) -> None:
        if look.members is not None:
            self._members = look.members
        for found in look.waiting:
            self._highest = max(self._highest, found.last)
            self._note(found, is_sweep)
        for name, rows in look.filled.items():
            self._outside.pop(name, None)
            if rows and name not in self._lanes:
                self._begin(name, rows)

    def _note(self, found: WaitingLane, is_sweep: bool) -> None:
        """A row waits in this lane. A lane in memory reads its later rows when it has done those it holds."""
        lane = self._lanes.get(found.name)
        if lane is None:
            self._outside[found.name] = None
        elif not is_sweep or found.count > len(lane.rows):
            lane.has_more = True

    def _begin(self, name: str, rows: list[WaitingUpdate]) -> None:
        lane = Lane(name, name in self._members, deque(rows), has_more=len(rows) >= MOST_OF_LANE)
        self._lanes[name] = lane
        self._start(lane)
