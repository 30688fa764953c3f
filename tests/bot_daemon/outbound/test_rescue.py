"""Rows of a dead or superseded epoch: fencing, the leases that end, what an ambiguous attempt means."""

from __future__ import annotations

from datetime import timedelta

import pytest

from bot_daemon.bot_api.verdicts import Sent
from bot_daemon.outbound import claims, results
from common import clock
from common.database.engine import Database
from common.database.models import Delivery, OutboxRow, OutboxState, ReasonCode
from common.messaging.kinds import MessageKind
from tests.bot_daemon import rows
from tests.bot_daemon.rows import claim, queued, row, sending

# Fencing and rescue ---------------------------------------------------------------------------------------------------


def test_an_old_epoch_stamps_nothing(any_database: Database) -> None:
    (row_id,) = queued(any_database, "a")
    claim(any_database, epoch=2)

    assert rows.stamp(any_database, [row_id], epoch=1) == []
    assert row(any_database, row_id).state is OutboxState.LEASED


def test_a_result_of_an_old_epoch_changes_nothing(any_database: Database) -> None:
    (row_id,) = queued(any_database, "a")
    old = sending(any_database, row_id, epoch=1)
    rescue(any_database, epoch=2, later=rows.LEASE + 1)
    with clock.travel(timedelta(seconds=rows.LEASE + 60)):
        sending(any_database, row_id, epoch=2)
    with any_database.write() as session:
        recorded = results.record(session, [results.SendResult(old, Sent(5), 10)], epoch=1)

    assert recorded == [False]
    assert row(any_database, row_id).state is OutboxState.SENDING
    assert row(any_database, row_id).lease_epoch == 2


def rescue(of: Database, epoch: int, later: float = 0.0, in_flight: frozenset[int] = frozenset()) -> int:
    with clock.travel(timedelta(seconds=later)), of.write() as session:
        return claims.rescue_rows(session, epoch, in_flight)


def test_what_a_dead_epoch_had_leased_comes_back_at_once(any_database: Database) -> None:
    (row_id,) = queued(any_database, "a")
    claim(any_database, epoch=1)

    assert rescue(any_database, epoch=2) == 1
    rescued = row(any_database, row_id)
    assert (rescued.state, rescued.attempts, rescued.ambiguous) == (OutboxState.PENDING, 0, 0)


def test_what_a_dead_epoch_was_sending_waits_for_its_own_lease(any_database: Database) -> None:
    (row_id,) = queued(any_database, "a")
    sending(any_database, row_id, epoch=1)

    assert rescue(any_database, epoch=2) == 0
    assert row(any_database, row_id).state is OutboxState.SENDING
    assert rescue(any_database, epoch=2, later=rows.LEASE + 1) == 1
    rescued = row(any_database, row_id)
    assert (rescued.state, rescued.ambiguous) == (OutboxState.PENDING, 1)


def test_what_this_epoch_is_sending_is_left_alone(any_database: Database) -> None:
    (row_id,) = queued(any_database, "a")
    sending(any_database, row_id, epoch=1)

    assert rescue(any_database, epoch=1, later=rows.LEASE + 1, in_flight=frozenset({row_id})) == 0
    assert row(any_database, row_id).state is OutboxState.SENDING


def test_what_this_epoch_claimed_and_could_not_stamp_comes_back(any_database: Database) -> None:
    """The database failed between the two transactions: nobody holds the row, and its stream must not wait for ever."""
    (row_id,) = queued(any_database, "a")
    claim(any_database, epoch=1)

    assert rescue(any_database, epoch=1, later=rows.LEASE + 1) == 1
    assert row(any_database, row_id).state is OutboxState.PENDING


def test_what_this_epoch_sent_without_writing_the_result_comes_back_as_ambiguous(any_database: Database) -> None:
    (row_id,) = queued(any_database, "a")
    sending(any_database, row_id, epoch=1)

    assert rescue(any_database, epoch=1, later=rows.LEASE + 1) == 1
    rescued = row(any_database, row_id)
    assert (rescued.state, rescued.ambiguous) == (OutboxState.PENDING, 1)


# What an ambiguous attempt means, by kind -----------------------------------------------------------------------------


def ambiguous(of: Database, row_id: int, method: str, times: int) -> list[str]:
    """The row's state after each of so many ambiguous attempts."""
    seen = []
    for _ in range(times):
        with of.write() as session:
            session.add(Delivery(outbox_id=row_id, epoch=1, at=clock.utcnow(), method=method))
            session.flush()
            claims.record_ambiguous(session, session.get_one(OutboxRow, row_id), ReasonCode.NETWORK)
        seen.append(row(of, row_id).state.value)
    return seen


P, H = "pending", "held"


@pytest.mark.parametrize(
    ("kind", "wanted"),
    [
        (MessageKind.REPLY_HELP, [P, P, H]),
        (MessageKind.SCREEN, [P, P, H]),
        (MessageKind.CARD, [P, P, H]),
        (MessageKind.NOTICE_READY, [P, H]),
        (MessageKind.NOTICE_CANCELLED, [P, H]),
        (MessageKind.CHAT, [H]),
    ],
)
def test_a_new_message_is_repeated_as_often_as_its_kind_allows(
    any_database: Database, kind: str, wanted: list[str]
) -> None:
    (row_id,) = queued(any_database, "a", kind=kind)

    assert ambiguous(any_database, row_id, "sendMessage", len(wanted)) == wanted
    assert row(any_database, row_id).ambiguous == len(wanted)


@pytest.mark.parametrize(
    ("kind", "method"),
    [
        (MessageKind.CARD, "editMessageText"),
        (MessageKind.SCREEN, "editMessageText"),
        (MessageKind.SCREEN_REMOVED, "deleteMessage"),
    ],
)
def test_edits_and_deletions_repeat_freely_and_are_never_duplicates(
    any_database: Database, kind: str, method: str
) -> None:
    (row_id,) = queued(any_database, "a", kind=kind)

    assert ambiguous(any_database, row_id, method, 6) == [P] * 6
    assert row(any_database, row_id).ambiguous == 0


def test_every_kind_says_what_an_ambiguous_attempt_means() -> None:
    new_messages = [kind.spec for kind in MessageKind if kind.spec.family not in ("tidy", "amendment")]

    assert all(kind.repeats is not None and kind.repeats <= 2 for kind in new_messages)
    assert {kind.repeats for kind in new_messages if kind.family == "notice"} == {1}
    assert {kind.repeats for kind in new_messages if kind.family == "chat"} == {0}
