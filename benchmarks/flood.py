"""What a flood costs everybody else: replies to other people and messages of the desk, beside a quiet system.

The daemon keeps its usual limits of sending. Each phase has the same probes, in the same run: another member writes
four times a second, and the desk two. The aim is a p95 at most 1.5 times that of the quiet system.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from dataclasses import dataclass

from benchmarks.setting.arrivals import arrived
from benchmarks.setting.generator import Body, Target, message_update, paced, percentile
from benchmarks.setting.subjects import FIRST, emulator, station_for_load
from common.database.engine import Database
from common.facts.messages import ChatWritten
from common.messaging import outbox
from common.messaging.doorbell import Doorbell
from common.messaging.kinds import MessageKind
from sandbox.client import Sandbox
from tests.stations.station import DOORBELL_SECRET, WEBHOOK_SECRET, Station

SECONDS = 10
PROBES, DESK = 4, 2  # a second
PHASES = 4
PERSONS = PHASES * SECONDS * (PROBES + DESK) + 1
STRANGER = 5_000_000
AIM = 1.5
Moments = list[float]


@dataclass(frozen=True)
class Flood:
    """So many updates at these moments, from these senders."""

    name: str
    moments: Moments
    sender: Callable[[int], int]


FLOODS = (
    Flood("one member, 1,000 updates at once", [0.0] * 1000, lambda n: FIRST),
    Flood(
        "80 strangers, each every 0.6 s",
        [n * 0.6 / 80 for n in range(int(SECONDS / 0.6 * 80))],
        lambda n: STRANGER + n % 80,
    ),
    Flood("1,000 new people at once", [0.0] * 1000, lambda n: STRANGER + 1000 + n),
)


def measure() -> list[str]:
    with emulator() as box, station_for_load(PERSONS, box, send_rate=29) as here:
        box.add_people(2000, first_id=STRANGER, started=True, language_code="en")
        here.start_daemon()
        probing = Probing(here, box)
        quiet = probing.phase(0, None)
        rows = [f"quiet: {quiet.described()}"]
        for number, flood in enumerate(FLOODS, 1):
            flooded = probing.phase(number, flood)
            rows.append(f"{flood.name}: {flooded.described()}; {flooded.beside(quiet)}")
        return rows


@dataclass(frozen=True)
class Delays:
    """Seconds until the message was at the Bot API."""

    replies: list[float]
    desk: list[float]

    def described(self) -> str:
        return "; ".join(
            f"{name} p50 {percentile(took, 0.5) * 1000:.0f} ms, p95 {percentile(took, 0.95) * 1000:.0f} ms"
            for name, took in (("other people's replies", self.replies), ("the desk's messages", self.desk))
        )

    def beside(self, quiet: Delays) -> str:
        ratios = [
            percentile(ours, 0.95) / percentile(theirs, 0.95)
            for ours, theirs in ((self.replies, quiet.replies), (self.desk, quiet.desk))
        ]
        said = "{:.2f} and {:.2f} times the quiet p95".format(*ratios)
        return said if max(ratios) <= AIM else f"{said} ABOVE THE AIM"


class Probing:
    """The same questions in each phase, by persons who have not written before."""

    def __init__(self, here: Station, box: Sandbox) -> None:
        self._database, self._box = Database(here.database_url), box
        self._target = Target(f"http://127.0.0.1:{here.daemon_port}/telegram/webhook", WEBHOOK_SECRET)
        self._bell = Doorbell(DOORBELL_SECRET, lambda: f"http://127.0.0.1:{here.doorbell_port}")

    def phase(self, number: int, flood: Flood | None) -> Delays:
        first = FIRST + 1 + number * SECONDS * (PROBES + DESK)
        flooding = threading.Thread(target=self._send, args=(flood,)) if flood else None
        if flooding is not None:
            flooding.start()
        written: dict[int, float] = {}
        desk = threading.Thread(target=self._write, args=(first + SECONDS * PROBES, written))
        desk.start()
        moments = [n / PROBES for n in range(SECONDS * PROBES)]
        load = paced(self._target, _text(lambda n: first + n), moments)
        desk.join()
        if flooding is not None:
            flooding.join()
        asked = {first + n: at for n, at in load.sent_at.items()}
        return Delays(arrived(self._box, asked), arrived(self._box, written))

    def _send(self, flood: Flood) -> None:
        paced(self._target, _text(flood.sender), flood.moments)

    def _write(self, first: int, written: dict[int, float]) -> None:
        """Messages of the desk, as its commits are: a row, then the bell."""
        for n in range(SECONDS * DESK):
            chat = first + n
            with self._database.write() as session:
                outbox.enqueue(
                    session,
                    key=f"bench:{chat}",
                    kind=MessageKind.CHAT,
                    chat_id=chat,
                    stream=outbox.order_stream(chat, chat),
                    arguments=ChatWritten(text="It is here.", author="Rina"),
                )
            written[chat] = time.time()
            self._bell.ring()
            time.sleep(1 / DESK)


def _text(sender: Callable[[int], int]) -> Body:
    return lambda n: message_update(sender(n), "brake hose")
