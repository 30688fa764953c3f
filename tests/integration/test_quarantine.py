"""A step that raises or ends the process: nothing changed, one apology, what is known, and a way back.

The step is made to raise for real: a part's names in the database are not what the code expects. A process is ended as
the kernel would (SIGKILL within the step), or by the watchdog, which finds the database thread at a step for too long.
"""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest
from sqlalchemy import select

from common.database.models import Draft, InboxRow, InboxState, Part
from tests.acceptance.fixtures import OpenStation
from tests.acceptance.mechanic import Mechanic
from tests.integration import dump
from tests.stations.station import Station
from tests.support.cast import DIMA, NOA, Member, hire
from tests.support.waiting import eventually

APOLOGY = "Sorry, that went wrong on our side. Nothing was changed; just try again."
# What goes on beside any step: the update's own row, the apology, heartbeats, our pace in the chat.
BESIDE = frozenset({"inbox", "outbox", "delivery", "process", "lease", "chat", "bot"})


def felix_hub(here: Station, *arguments: str) -> str:
    """What the command prints; it must succeed."""
    command = [str(Path(sys.executable).with_name("felix-hub")), *arguments]
    done = subprocess.run(command, env=here.environment(), capture_output=True, text=True, timeout=60)
    assert done.returncode == 0, done.stderr
    return done.stdout


def set_names(here: Station, part_id: int, names: object) -> None:
    with here.database.write() as session:
        session.get_one(Part, part_id).names = names  # type: ignore[assignment]


def quarantined(here: Station) -> list[InboxRow]:
    with here.database.read() as session:
        return list(session.scalars(select(InboxRow).where(InboxRow.state == InboxState.QUARANTINED)))


def lines_in_the_draft(here: Station) -> list[dict[str, object]]:
    with here.database.read() as session:
        return list(session.scalars(select(Draft)).one().content.get("lines", []))


@pytest.mark.parametrize(
    ("any_database_url", "member"),
    [("sqlite", DIMA), pytest.param("postgresql", NOA, marks=pytest.mark.postgres)],
    indirect=["any_database_url"],
    ids=["sqlite-ru", "postgresql-he"],
)
def test_a_step_that_raises_changes_nothing_says_sorry_and_can_be_replayed(
    open_station: OpenStation, any_database_url: str, member: Member
) -> None:
    here = open_station(any_database_url)
    _web, daemon = here.open()
    hire(here.database, member)
    mechanic = Mechanic(here.sandbox, member)
    mechanic.open_link("")
    mechanic.press("New order")
    mechanic.press(_first_category(here, member))
    part_id, names = _first_part(here)
    mechanic.shown(lambda message: names[member.language] in str(message["keyboard"]), "the parts")
    here.wait_settled()

    set_names(here, part_id, ["no", "names"])
    before = dump.everything(here.database, without=BESIDE)
    press = mechanic.press_data(f":part:{part_id}")
    mechanic.sees(APOLOGY)
    assert dump.everything(here.database, without=BESIDE) == before
    (row,) = quarantined(here)
    assert (row.update_id, row.attempts) == (press["update_id"], 3)
    assert f"Update {press['update_id']} (inbox row {row.seq}) raised\nTraceback" in daemon.said()
    assert f"Update {press['update_id']} is in quarantine as inbox row {row.seq}" in daemon.said()

    mechanic.write("/help")
    mechanic.sees("How it works")
    assert len(quarantined(here)) == 1

    set_names(here, part_id, names)
    assert f"{row.seq}  " in felix_hub(here, "quarantine", "list")
    assert "Traceback" in felix_hub(here, "quarantine", "show", str(row.seq))
    assert felix_hub(here, "quarantine", "replay", str(row.seq)) == "Put back: 1.\n"
    (line,) = eventually(lambda: lines_in_the_draft(here), 10, "the replayed press takes effect")
    assert line["part_id"] == part_id
    assert not quarantined(here)
    here.wait_settled()
    assert len(mechanic.messages(APOLOGY)) == 1


def _first_category(here: Station, member: Member) -> str:
    with here.database.read() as session:
        part = session.scalars(select(Part).order_by(Part.position)).first()
        assert part is not None
        return str(part.category.names[member.language])


def _first_part(here: Station) -> tuple[int, dict[str, str]]:
    with here.database.read() as session:
        part = session.scalars(select(Part).order_by(Part.position)).first()
        assert part is not None
        return part.id, dict(part.names)


KILLED, HANGS = {"CRASH_AT": "step.before_commit"}, {"HANG_AT": "step.before_commit"}


@pytest.mark.parametrize(
    ("any_database_url", "ends"),
    [
        pytest.param("sqlite", (KILLED, KILLED, HANGS), id="sqlite-killed-and-stuck"),
        pytest.param("postgresql", (KILLED, KILLED, KILLED), marks=pytest.mark.postgres, id="postgresql-killed"),
    ],
    indirect=["any_database_url"],
)
def test_an_update_that_ends_the_process_three_times_is_in_quarantine_and_nobody_elses_is(
    open_station: OpenStation, any_database_url: str, ends: tuple[dict[str, str], ...]
) -> None:
    here = open_station(any_database_url, ingress="web")  # so that updates come in while no daemon runs
    _web, daemon = here.open()
    daemon.terminate()
    assert daemon.exit_code() == 0
    dima, noa = (hire(here.database, member).telegram_id for member in (DIMA, NOA))
    assert dima
    assert noa
    poisoned = here.sandbox.send_text(dima, "poison")
    eventually(lambda: len(here.unsettled()) == 1, 10, "it has come in before the others")
    here.sandbox.send_text(noa, "gizmo")
    here.sandbox.send_text(dima, "gadget")
    eventually(lambda: len(here.unsettled()) == 3, 10, "all have come in")

    for number, end in enumerate(ends, 1):
        daemon = here.start_daemon(wait=False, port=None, **end)
        assert daemon.exit_code() == (1 if end is HANGS else -9), daemon.said()[-3000:]
        assert attempts_of(here) == [number, 0, 0]
    daemon = here.start_daemon()
    here.wait_settled()

    (row,) = quarantined(here)
    assert (row.update_id, row.attempts) == (poisoned["update_id"], 3)
    assert words_in_drafts(here) == {"gizmo", "gadget"}
    Mechanic(here.sandbox, DIMA).sees(APOLOGY)
    listed = felix_hub(here, "quarantine", "list")
    assert "The process ended while attempt 3 at this update (message) was running." in listed
    assert "Attempt 1 began at " in felix_hub(here, "quarantine", "show", str(row.seq))
    assert felix_hub(here, "quarantine", "replay", str(row.seq)) == "Put back: 1.\n"
    eventually(lambda: words_in_drafts(here) == {"gizmo", "gadget", "poison"}, 10, "what is put back is run")


def attempts_of(here: Station) -> list[int]:
    with here.database.read() as session:
        return list(session.scalars(select(InboxRow.attempts).order_by(InboxRow.seq)))


def words_in_drafts(here: Station) -> set[str]:
    """What was typed, whether it is a line of its own or waits for what is meant."""
    with here.database.read() as session:
        drafts = session.scalars(select(Draft)).all()
        return {line["words"][""] for draft in drafts for line in draft.content.get("lines", [])}
