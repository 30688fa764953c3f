"""A message whose rendering or sending ends the process: its attempts count, and at last it is given up."""

from __future__ import annotations

from datetime import timedelta

import pytest

from bot_daemon.bot_api.client import Ambiguous, NotSent
from bot_daemon.bot_api.verdicts import GiveUp, SendVerdict, Sent, Snooze, Unsent
from bot_daemon.outbound import claims
from common import clock
from common.database.engine import Database
from common.database.models import OutboxState, ReasonCode
from common.messaging import outbox
from tests.bot_daemon import rows
from tests.bot_daemon.outbound.sends import came_to
from tests.bot_daemon.rows import claim, claim_suspect, queued, row, sending, stamp

LATER = timedelta(seconds=rows.LEASE + 1)
LONG_AFTER = timedelta(hours=4)  # after any pause before another attempt


def next_process(of: Database, epoch: int) -> None:
    """The process before died; this one takes back what was left."""
    with clock.travel(LATER), of.write() as session:
        claims.rescue_rows(session, epoch)


def test_an_attempt_is_written_down_before_the_message_is_rendered(any_database: Database) -> None:
    (row_id,) = queued(any_database, "a")
    assert claim(any_database) == [row_id]
    assert row(any_database, row_id).suspicion == claims.IN_RENDERING


@pytest.mark.parametrize(
    "verdict", [Sent(5), NotSent("no route"), Unsent(), Snooze(3), GiveUp("no"), Ambiguous("cut off")]
)
def test_an_attempt_with_an_end_counts_no_more(any_database: Database, verdict: SendVerdict) -> None:
    assert came_to(any_database, verdict).suspicion == 0


@pytest.mark.parametrize(("stamped", "deaths"), [(False, 3), (True, 12)], ids=["rendered", "sent"])
def test_what_the_process_does_not_survive_is_given_up(any_database: Database, stamped: bool, deaths: int) -> None:
    """In rendering, which leaves the row leased; and in sending, which leaves it stamped (an edit: free to repeat)."""
    (row_id,) = queued(any_database, "a", kind=rows.TIDY)
    rows.put(any_database, row_id, OutboxState.PENDING, expires_at=clock.utcnow() + timedelta(days=30))
    for epoch in range(1, deaths + 1):
        assert row(any_database, row_id).state is OutboxState.PENDING
        with clock.travel(LONG_AFTER * epoch):
            assert (claim(any_database, epoch) or claim_suspect(any_database, epoch)) == [row_id]
            if stamped:
                stamp(any_database, [row_id], epoch)
            next_process(any_database, epoch + 1)

    dead = row(any_database, row_id)
    assert (dead.state, dead.reason_code, dead.suspicion) == (
        OutboxState.DEAD,
        ReasonCode.ENDS_PROCESS,
        claims.MOST_SUSPICION,
    )


def test_what_was_on_its_way_beside_it_is_tried_alone_and_first_what_is_less_suspected(any_database: Database) -> None:
    poison, *others = (queued(any_database, f"m{n}", chat_id=n)[0] for n in range(1, 5))
    assert len(claim(any_database, epoch=1)) == 4
    next_process(any_database, epoch=2)
    assert claim(any_database, epoch=2) == []
    assert claim_suspect(any_database, epoch=2) == [poison]
    next_process(any_database, epoch=3)

    with clock.travel(LATER):
        assert [claim_suspect(any_database, epoch=3) for _ in range(4)] == [*([one] for one in others), [poison]]


def test_a_process_that_lives_suspects_nothing(any_database: Database) -> None:
    """The database failed between claim and stamp, or took no result."""
    first, second = queued(any_database, "a", chat_id=1) + queued(any_database, "b", chat_id=2)
    claim(any_database, epoch=1)
    stamp(any_database, [second], epoch=1)
    next_process(any_database, epoch=1)

    assert (row(any_database, first).suspicion, row(any_database, second).suspicion) == (0, 0)


def test_what_may_have_arrived_is_held_for_a_person_and_not_given_up(any_database: Database) -> None:
    (row_id,) = queued(any_database, "a")
    rows.put(any_database, row_id, OutboxState.PENDING, suspicion=claims.MOST_SUSPICION - 1, ambiguous=2)
    sending(any_database, row_id)
    next_process(any_database, epoch=2)

    assert row(any_database, row_id).state is OutboxState.HELD


def test_whoever_sends_it_again_takes_the_suspicion_away(any_database: Database) -> None:
    (row_id,) = queued(any_database, "a")
    rows.put(
        any_database, row_id, OutboxState.DEAD, suspicion=claims.MOST_SUSPICION, reason_code=ReasonCode.ENDS_PROCESS
    )
    with any_database.write() as session:
        outbox.resend(session, row_id)

    assert claim(any_database) == [row_id]


def test_what_follows_in_its_stream_goes_out_when_it_is_given_up(any_database: Database) -> None:
    poison, follower = queued(any_database, "a", "b")
    rows.put(any_database, poison, OutboxState.LEASED, suspicion=claims.MOST_SUSPICION, lease_epoch=1)
    assert claim(any_database, epoch=2) == []
    next_process(any_database, epoch=2)

    with clock.travel(LATER):
        assert claim(any_database, epoch=2) == [follower]
