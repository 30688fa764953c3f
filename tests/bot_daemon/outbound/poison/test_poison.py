"""A message that ends the process while it is rendered: after three times it is given up, and all others are sent."""

from __future__ import annotations

import os
from pathlib import Path

from bot_daemon.outbound import claims
from common.database.engine import Database
from common.database.models import OutboxState, ReasonCode
from tests.bot_daemon import rows
from tests.bot_daemon.outbound.poison.dying import POISON
from tests.bot_daemon.rows import queued, row
from tests.stations.forkserver import Forked

KILLED = -9
OTHERS = 5


def run(database: Database, log: Path, epoch: int) -> int:
    """Let a process send until it ends; its exit code."""
    with log.open("ab") as output:
        url = database.engine.url.render_as_string(hide_password=False)
        return Forked(["tests.bot_daemon.outbound.poison.dying", url, str(epoch)], {**os.environ}, output).wait(60)


def test_a_message_that_ends_the_process_three_times_is_given_up_and_the_others_are_sent(
    database: Database, tmp_path: Path
) -> None:
    others = [queued(database, f"m{n}", chat_id=n)[0] for n in range(1, OTHERS)]
    poison, follower = queued(database, "poison", "next", chat_id=POISON)
    for epoch in (1, 2, 3):
        assert run(database, tmp_path / "log", epoch) == KILLED, (tmp_path / "log").read_text()[-3000:]
        assert row(database, poison).suspicion == claims.IN_RENDERING * epoch
    rows.put(database, follower, OutboxState.PENDING, chat_id=1)  # else it is poison too
    assert run(database, tmp_path / "log", 4) == 0, (tmp_path / "log").read_text()[-3000:]

    assert row(database, poison).state is OutboxState.DEAD
    assert row(database, poison).reason_code is ReasonCode.ENDS_PROCESS
    assert {row(database, one).state for one in (*others, follower)} == {OutboxState.SENT}
    assert "is given up: process after process ended during its attempts" in (tmp_path / "log").read_text()
