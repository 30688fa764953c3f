"""What ends the process, wherever it does so: after three times it is in quarantine, and nobody else is."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from common.database.engine import Database
from tests.bot_daemon.inbound.dying import POISON
from tests.bot_daemon.updates import came_in, inbox_row, inbox_states, message, press
from tests.stations.forkserver import Forked

OTHERS = 20
KILLED, EXITS, WATCHDOG, SURVIVES = -9, 3, 1, 0
ENDS = [("parse", "killed", KILLED), ("check", "exits", EXITS), ("step", "killed", KILLED)]
POSTGRES = ENDS[:1]


def run(database: Database, log: Path, where: str = "none", how: str = "none") -> int:
    """Let a process work until it ends; its exit code."""
    with log.open("ab") as output:
        url = database.engine.url.render_as_string(hide_password=False)
        child = Forked(["tests.bot_daemon.inbound.dying", url, where, how], {**os.environ}, output)
        return child.wait(30)


def others_are_done(database: Database) -> bool:
    """Nobody else was suspected, however often they ran beside the poison."""
    states = inbox_states(database)
    return {state for number, state in states.items() if number != 1} == {"done"}


@pytest.mark.parametrize(
    ("any_database_url", "where", "how", "code"),
    [
        *(pytest.param("sqlite", *end, id="-".join(end[:2])) for end in ENDS),
        *(
            pytest.param("postgresql", *end, id="-".join(("postgresql", *end[:2])), marks=pytest.mark.postgres)
            for end in POSTGRES
        ),
    ],
    indirect=["any_database_url"],
)
def test_what_ends_the_process_three_times_is_set_aside_wherever_it_was(
    any_database: Database, tmp_path: Path, where: str, how: str, code: int
) -> None:
    poison = message(1, POISON)
    came_in(any_database, poison, message(2, "x"), *(message(n, "x", 2000 + n) for n in range(3, OTHERS)))
    for number in range(1, 4):
        assert run(any_database, tmp_path / "log", where, how) == code, (tmp_path / "log").read_text()[-3000:]
        assert inbox_row(any_database, 1).attempts == number
        assert {inbox_row(any_database, n).attempts for n in range(2, OTHERS)} <= {0, 1}, "nobody else is suspected"
    assert run(any_database, tmp_path / "log", where, how) == SURVIVES, (tmp_path / "log").read_text()[-3000:]

    kept = inbox_row(any_database, 1)
    assert (kept.state.value, kept.attempts) == ("quarantined", 3)
    assert "The process ended while attempt 3 at this update (message) was running." in (kept.error or "")
    assert others_are_done(any_database)


@pytest.mark.parametrize(("where", "how"), [("parse", "computes"), ("check", "frozen")])
def test_what_never_ends_is_ended_and_counted(database: Database, tmp_path: Path, where: str, how: str) -> None:
    """Also where it holds the interpreter, so that no watchdog of ours runs."""
    came_in(database, message(1, POISON))
    assert run(database, tmp_path / "log", where, how) == WATCHDOG

    assert inbox_row(database, 1).attempts == 1
    assert ("Timeout (0:00:02)!" if how == "frozen" else "step of update 1") in (tmp_path / "log").read_text()


def test_what_is_refused_memory_is_counted_without_ending_the_process(any_database: Database, tmp_path: Path) -> None:
    came_in(any_database, message(1, POISON), message(2, "x"))
    assert run(any_database, tmp_path / "log", "parse", "memory") == SURVIVES, (tmp_path / "log").read_text()[-3000:]

    assert inbox_states(any_database) == {1: "quarantined", 2: "done"}
    assert "MemoryError" in (inbox_row(any_database, 1).error or "")


def test_a_death_before_the_commit_counts_and_one_after_it_does_not(
    any_database: Database, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    came_in(any_database, message(1, "x"), message(2, "x"))
    monkeypatch.setenv("CRASH_AT", "step.before_commit")
    assert run(any_database, tmp_path / "log") == KILLED
    assert (inbox_states(any_database)[1], inbox_row(any_database, 1).attempts) == ("received", 1)
    monkeypatch.setenv("CRASH_AT", "step.after_commit")
    assert run(any_database, tmp_path / "log") == KILLED
    assert inbox_states(any_database) == {1: "done", 2: "received"}
    monkeypatch.delenv("CRASH_AT")
    assert run(any_database, tmp_path / "log") == SURVIVES


def test_an_answer_to_a_press_that_ends_the_process_ends_it_once(any_database: Database, tmp_path: Path) -> None:
    came_in(any_database, press(1, POISON), message(2, "x"))
    assert run(any_database, tmp_path / "log", "answer", "exits") == EXITS
    assert inbox_states(any_database)[1] == "done"
    assert run(any_database, tmp_path / "log", "answer", "exits") == SURVIVES


@pytest.mark.parametrize(("text", "says"), [(POISON, "our own code has been computing"), ("sleeps", "does not answer")])
@pytest.mark.postgres
def test_the_watchdog_says_which_of_the_two_and_which_update(
    postgresql_url: str, tmp_path: Path, text: str, says: str
) -> None:
    database = Database(postgresql_url)
    came_in(database, message(7, text))
    assert run(database, tmp_path / "log", "step", "computes") == WATCHDOG
    database.dispose()

    said = (tmp_path / "log").read_text()
    assert says in said
    assert "step of update 7" in said
