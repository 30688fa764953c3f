"""Updates as the Bot API 10 sends them, and as later ones may: through inbox and consumer, none harmed, none harmful.

`updates.json` says of each whether a step answers for it. The objects follow the Bot API's documentation; names that
hold `future` are of no version yet.
"""

from __future__ import annotations

import json
from pathlib import Path

from sqlalchemy import select

from common.database.models import InboxRow, InboxState
from tests.acceptance.mechanic import Mechanic
from tests.stations.station import Station
from tests.support.cast import DIMA, hire
from tests.support.waiting import eventually

SAMPLES = json.loads((Path(__file__).parent / "updates.json").read_text(encoding="utf-8"))


def test_updates_of_this_and_of_later_versions_pass_unharmed(here: Station) -> None:
    here.start_daemon()
    hire(here.database, DIMA)
    dima = Mechanic(here.sandbox, DIMA)
    dima.open_link("")
    dima.sees("%(name)s, what does the car need?", name=DIMA.name)

    numbers = {here.sandbox.inject_update(sample["update"]): sample for sample in SAMPLES}
    eventually(lambda: len(finished(here)) >= len(SAMPLES) + 1, 20, "all are worked off")
    found = finished(here)
    wrong = {sample["about"]: found[n] for n, sample in numbers.items() if found[n] != ("done", sample["outcome"])}
    assert not wrong

    dima.write("gadget of the future")
    dima.reads("gizmos", "towbar", "gadget of the future")
    here.wait_settled()


def finished(here: Station) -> dict[int, tuple[str, str]]:
    """State and outcome, or the last line of the error, of each update that is not waiting."""
    with here.database.read() as session:
        rows = session.scalars(select(InboxRow).where(InboxRow.state != InboxState.RECEIVED)).all()
    return {row.update_id or 0: (row.state.value, row.outcome or str(row.error).strip()[-200:]) for row in rows}
