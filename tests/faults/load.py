"""Traffic that goes on through every fault: mechanics who write orders, a storekeeper who serves them.

A mechanic acts as a person would: writes, looks whether it arrived, writes no second time. What is checked afterwards
is therefore ours to keep: each word once and in order, each order once, each message sent or accounted for.
"""

from __future__ import annotations

import http.client
import http.cookies
import threading
import time
import urllib.parse
from collections.abc import Callable
from dataclasses import dataclass, field

from sqlalchemy import select

from common.database.models import Draft, Order, OrderState, OutboxRow, OutboxState, Person, Role, Screen
from common.messaging.outbox import WAITING
from common.orders.moves import Move
from sandbox.client import Json, Sandbox
from tests.conftest import SOAK
from tests.stations.station import Station, request
from tests.support.cast import PASSWORD, RINA, Member, hire
from tests.support.waiting import eventually

WORDS = 4  # lines each mechanic writes
AGAIN = 150.0 * 0.05 + 1.0  # seconds after which the emulator, at its time scale, has dropped a press
# Seconds that a mechanic waits for one thing to happen: as long as all the kills take, while next to nothing is worked
# off. That nothing gets lost is what is tested here, not how soon it comes.
PATIENCE = 1800.0 if SOAK else 150.0
SETTLED = 600.0  # seconds in which everything is served and sent, once the kills are over
NEXT: dict[OrderState, Move] = {
    OrderState.NEW: Move.TAKE,
    OrderState.IN_WORK: Move.READY,
    OrderState.READY: Move.ISSUE,
}


def _in_letters(number: int) -> str:
    return "".join("бвгджзклмн"[int(digit)] for digit in str(number))


@dataclass
class Mechanic:
    station: Station
    telegram_id: int
    person_id: int

    def __post_init__(self) -> None:
        self.box = Sandbox(self.station.sandbox.url)  # a connection of its own: mechanics act at the same time

    @property
    def words(self) -> list[str]:
        """What no catalogue knows, without a digit: a number would be read as how many."""
        return [f"щъ{_in_letters(self.telegram_id)}щъ{_in_letters(n)}" for n in range(WORDS)]

    def order(self) -> None:
        try:
            self._order()
        finally:
            self.box.close()

    def _order(self) -> None:
        """One order from its first word to its confirmation, confirmed twice as a nervous thumb does."""
        box = self.box
        for word in self.words:
            box.send_text(self.telegram_id, word)
        draft = eventually(lambda: self._draft_with(lambda c: len(c.get("lines", [])) == WORDS), PATIENCE, "all words")
        self._press_until(f"d:{draft.key}:plate", self._asked_for_the_plate)
        box.send_text(self.telegram_id, f"{self.telegram_id:07d}")
        eventually(lambda: self._draft_with(lambda c: bool(c.get("plate"))), PATIENCE, "the plate")
        self._press(f"d:{draft.key}:send")
        self._press_until(f"d:{draft.key}:send", self.order_id)

    def _press_until(self, data: str, happened: Callable[[], object]) -> None:
        """Press, and again whenever nothing comes of it for long: Telegram keeps a press for 150 s only."""
        deadline = time.monotonic() + PATIENCE
        while True:
            self._press(data)
            try:
                eventually(happened, AGAIN, data)
            except AssertionError:
                if time.monotonic() > deadline:
                    raise
            else:
                return

    def _press(self, data: str) -> None:
        self.box.press(self.telegram_id, self._message()["message_id"], data=data, stale=True)

    def _message(self) -> Json:
        """A message to press on. While the daemon is killed again and again the answers queue up: they wait as long as
        one is on its way. One that was killed three times on its way is unknown, and they see nothing: they ask again.
        """
        deadline = time.monotonic() + PATIENCE
        while True:
            try:
                return eventually(lambda: self.box.last(self.telegram_id), AGAIN) or {}
            except AssertionError:
                rows = self._answers()
                assert time.monotonic() < deadline, f"nothing to press on, only {rows}"
            if not any(state in WAITING for _, state, _ in rows):
                self.box.send_text(self.telegram_id, "/orders")

    def _answers(self) -> list[tuple[str, OutboxState, int]]:
        """What the outbox holds for this person: kind, state, and how often nobody knew."""
        with self.station.database.read() as session:
            rows = session.scalars(
                select(OutboxRow).where(OutboxRow.chat_id == self.telegram_id).order_by(OutboxRow.id)
            )
            return [(row.kind, row.state, row.ambiguous) for row in rows]

    def _asked_for_the_plate(self) -> bool:
        with self.station.database.read() as session:
            screen = session.get(Screen, self.telegram_id)
            return screen is not None and screen.view == "plate"

    def _draft_with(self, fits: Callable[[Json], bool]) -> Draft | None:
        with self.station.database.read() as session:
            draft = session.get(Draft, self.person_id)
            return draft if draft is not None and fits(draft.content) else None

    def order_id(self) -> int | None:
        with self.station.database.read() as session:
            return session.scalar(select(Order.id).where(Order.person_id == self.person_id))


@dataclass
class Storekeeper:
    """Serves whatever stands on the board, through the web app's forms, until told to stop."""

    station: Station
    _cookie: str = ""
    _stop: threading.Event = field(default_factory=threading.Event)

    def serve(self) -> None:
        while not self._stop.is_set():
            for order_id, state, version in self._open():
                self.move(order_id, NEXT[state], version)
            self._stop.wait(0.05)

    def stop(self) -> None:
        self._stop.set()

    def _open(self) -> list[tuple[int, OrderState, int]]:
        with self.station.database.read() as session:
            rows = session.execute(
                select(Order.id, Order.state, Order.version).where(Order.state.in_(NEXT)).order_by(Order.id).limit(20)
            )
            return [(row[0], row[1], row[2]) for row in rows]

    def move(self, order_id: int, move: Move, version: int) -> int:
        """The status of the POST; 0 when nobody answers. Signs in again when needed."""
        if not self._cookie:
            self._sign_in()
        status, _ = self._post(f"/orders/{order_id}/moves", {"move": move.value, "version": str(version)})
        if status in (401, 403):
            self._cookie = ""
        return status

    def _sign_in(self) -> None:
        connection = http.client.HTTPConnection("127.0.0.1", self.station.web_port, timeout=10)
        try:
            form = urllib.parse.urlencode({"username": RINA.username, "password": PASSWORD})
            connection.request("POST", "/login", form, self._headers())
            answer = connection.getresponse()
            answer.read()
            jar = http.cookies.SimpleCookie(answer.headers.get("Set-Cookie", ""))
            self._cookie = "; ".join(f"{name}={morsel.value}" for name, morsel in jar.items())
        except OSError:
            return
        finally:
            connection.close()

    def _post(self, path: str, form: dict[str, str]) -> tuple[int, bytes]:
        body = urllib.parse.urlencode(form).encode()
        return request("POST", self.station.web_port, path, body, {**self._headers(), "Cookie": self._cookie})

    def _headers(self) -> dict[str, str]:
        origin = f"http://127.0.0.1:{self.station.web_port}"
        return {"Origin": origin, "Content-Type": "application/x-www-form-urlencoded"}


@dataclass
class Traffic:
    """Mechanics in threads of their own and one storekeeper; errors of any of them are raised at the end."""

    station: Station
    mechanics: list[Mechanic] = field(default_factory=list)
    _errors: list[BaseException] = field(default_factory=list)
    _threads: list[threading.Thread] = field(default_factory=list)
    _next_id: int = 50_001

    def __post_init__(self) -> None:
        hire(self.station.database, RINA, password=PASSWORD)
        self.storekeeper = Storekeeper(self.station)
        self._serving = threading.Thread(target=self._guard(self.storekeeper.serve), name="storekeeper")
        self._serving.start()

    def begin(self, count: int) -> None:
        """So many new mechanics start ordering now."""
        first, self._next_id = self._next_id, self._next_id + count
        self.station.sandbox.add_people(count, first_id=first, started=True, language_code="ru")
        for number in range(first, first + count):
            person: Person = hire(self.station.database, Member(f"Mechanic {number}", "ru", Role.MECHANIC, number))
            mechanic = Mechanic(self.station, number, person.id)
            self.mechanics.append(mechanic)
            thread = threading.Thread(target=self._guard(mechanic.order), name=f"mechanic {number}", daemon=True)
            self._threads.append(thread)
            thread.start()

    def _guard(self, work: Callable[[], None]) -> Callable[[], None]:
        def guarded() -> None:
            try:
                work()
            except BaseException as error:  # raised again at the end, in the test's own thread
                self._errors.append(error)

        return guarded

    def busy(self) -> bool:
        return any(thread.is_alive() for thread in self._threads)

    def finish(self) -> None:
        """Wait until every mechanic has ordered, everything is served, and nothing is left to send."""
        eventually(lambda: self._errors or not self.busy(), PATIENCE, "everybody has ordered")
        if not self._errors:
            eventually(lambda: not self.storekeeper._open(), SETTLED, "everything is served")
        self.close()
        if self._errors:
            raise self._errors[0]
        self.station.wait_settled(SETTLED)

    def close(self) -> None:
        self.storekeeper.stop()
        self._serving.join(30)
