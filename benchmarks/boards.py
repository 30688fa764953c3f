"""A hundred open boards and a new order every second: how soon all boards show it, and how long other pages take.

One gunicorn, boards as in browsers: each has a stream that says "revision N", then fetches the columns. The
generator and the desk share the machine.
"""

from __future__ import annotations

import asyncio
import re
import tempfile
import time
from collections.abc import AsyncIterator
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

import aiohttp
import psutil
from sqlalchemy import select

from benchmarks.setting.crowded_station import fill
from benchmarks.setting.generator import percentile
from common.database import schema
from common.database.engine import Database
from common.database.models import Person, Role, Via
from common.orders import placing
from common.orders.placing import WantedLine
from common.people import people
from common.permissions import Actor
from tests.webapp.desks import cookie_of, environment
from tests.webapp.live_server import serving

BOARDS, ORDERS, READERS = 100, 30, 20
HISTORY = 1_000  # orders at the start; a hundred of them are on the board
LATE = 20  # boards that lose their connection in the middle
CARD = re.compile(r'id="card-(\d+)"')
OTHERS = ("/", "/orders", "/orders?q=filter", f"/orders/{HISTORY // 2}")
PAUSE = 0.2


@dataclass
class Seen:
    """The times at which each order was committed, and at which each board showed it.

    They are matched only at the end: a board may show an order before its writer learns that it is committed.
    """

    placed: dict[int, float] = field(default_factory=dict)
    shown: list[tuple[int, float]] = field(default_factory=list)
    missed: int = 0  # shown by boards whose connection was broken
    caught_up: list[float] = field(default_factory=list)
    others: list[float] = field(default_factory=list)
    refused: int = 0

    def took(self) -> list[float]:
        """Seconds from commit to sight; orders that were on the boards before do not count."""
        return [max(0.0, at - self.placed[number]) for number, at in self.shown if number in self.placed]


def measure() -> list[str]:
    with tempfile.TemporaryDirectory(prefix="felix-boards-") as name:
        url = f"sqlite:///{name}/felix.sqlite3"
        database = Database(url)
        schema.migrate(database)
        fill(database, HISTORY)
        cookies = [cookie_of(database, person) for person in _staff(database)]
        with serving(environment(url, LOG_LEVEL="WARNING"), Path(name) / "web.log") as served:
            process = psutil.Process(served.popen.pid).children()[0]
            before = sum(process.cpu_times()[:2])
            began = time.perf_counter()
            seen = asyncio.run(_watch(served.url, cookies, database))
            busy = (sum(process.cpu_times()[:2]) - before) / (time.perf_counter() - began)
            memory, threads = process.memory_info().rss / 1e6, process.num_threads()
        database.dispose()
    return _told(seen, busy, memory, threads)


def _told(seen: Seen, busy: float, memory: float, threads: int) -> list[str]:
    wanted, took = BOARDS * ORDERS, seen.took()
    return [
        f"{len(took)} of {wanted} sights of a new order on {BOARDS} boards, {seen.missed} caught up with after a "
        f"broken connection ({seen.refused} streams refused): "
        f"p50 {percentile(took, 0.5) * 1000:.0f} ms, p95 {percentile(took, 0.95) * 1000:.0f} ms, "
        f"longest {max(took) * 1000:.0f} ms after the commit",
        f"other pages meanwhile: p50 {percentile(seen.others, 0.5) * 1000:.0f} ms, "
        f"p95 {percentile(seen.others, 0.95) * 1000:.0f} ms",
        f"a board whose connection broke shows what it missed {percentile(seen.caught_up, 0.5) * 1000:.0f} ms "
        f"(p95 {percentile(seen.caught_up, 0.95) * 1000:.0f} ms) after it is back",
        f"the desk takes {busy * 100:.0f} % of one core, {memory:.0f} MB, {threads} threads",
    ]


def _staff(database: Database) -> list[Person]:
    with database.write() as session:
        return [
            people.add_person(
                session,
                name=f"Reader {number}",
                role=(Role.STOREKEEPER, Role.MANAGER)[number % 2],
                language=("ru", "he", "en")[number % 3],
                chosen=True,
            )
            for number in range(READERS)
        ]


async def _watch(url: str, cookies: list[str], database: Database) -> Seen:
    seen = Seen()
    timeout = aiohttp.ClientTimeout(total=None, connect=10)
    async with aiohttp.ClientSession(url, connector=aiohttp.TCPConnector(limit=0), timeout=timeout) as client:
        boards = [
            asyncio.create_task(_board(client, cookies[number % len(cookies)], seen, breaks=number < LATE))
            for number in range(BOARDS)
        ]
        other = asyncio.create_task(_others(client, cookies[0], seen))
        await asyncio.sleep(3)
        with database.read() as session:
            dima = session.scalars(select(Person).where(Person.role == Role.MECHANIC).limit(1)).one()
        for number in range(ORDERS):
            began = time.perf_counter()
            order_id, at = await asyncio.to_thread(_place, database, dima, number)
            seen.placed[order_id] = at
            await asyncio.sleep(max(0.0, 1 - (time.perf_counter() - began)))
        await asyncio.sleep(3)
        for task in (other, *boards):
            task.cancel()
        for task in (other, *boards):
            with suppress(asyncio.CancelledError):
                await task
    return seen


def _place(database: Database, person: Person, number: int) -> tuple[int, float]:
    with database.write() as session:
        order, _ = placing.place_order(
            session,
            key=f"boards-{number}",
            person=session.get_one(Person, person.id),
            lines=[WantedLine({"": "brake hose"}, 2)],
            actor=Actor.of(person, Via.BOT),
        )
    return order.id, time.perf_counter()


async def _board(client: aiohttp.ClientSession, cookie: str, seen: Seen, *, breaks: bool) -> None:
    """One open board. `breaks`: in the middle it has no connection for two orders."""
    headers = {"Cookie": f"desk={cookie}"}
    known: set[int] = set()
    back_at: float | None = None
    while True:
        async for _revision in _stream(client, headers, seen):
            async with client.get("/board/columns", headers=headers) as answer:
                text = await answer.text()
            now = time.perf_counter()
            new = {int(number) for number in CARD.findall(text)} - known
            known |= new
            if back_at is not None:
                seen.caught_up.append(now - back_at)
                seen.missed += len(new)
                back_at = None
            else:
                seen.shown += [(number, now) for number in new]
            if breaks and len(seen.placed) == ORDERS // 2:
                breaks = False
                break
        await asyncio.sleep(2.5)
        back_at = time.perf_counter()


async def _stream(client: aiohttp.ClientSession, headers: dict[str, str], seen: Seen) -> AsyncIterator[int]:
    async with client.get("/events", headers=headers) as stream:
        if stream.status != 200:
            seen.refused += 1
            return
        async for line in stream.content:
            if line.startswith(b"data: "):
                yield int(line[6:])


async def _others(client: aiohttp.ClientSession, cookie: str, seen: Seen) -> None:
    """A reader who uses other pages meanwhile."""
    while True:
        for path in OTHERS:
            began = time.perf_counter()
            async with client.get(path, headers={"Cookie": f"desk={cookie}"}) as answer:
                await answer.read()
                assert answer.status == 200, f"{path}: {answer.status}"
            seen.others.append(time.perf_counter() - began)
            await asyncio.sleep(PAUSE)
