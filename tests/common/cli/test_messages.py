"""`felix-hub message`: what needs a person is listed, sent again or counted as arrived."""

from __future__ import annotations

import pytest

from common.database.engine import Database
from common.database.models import (
    OutboxRow,
    OutboxState,
    ReasonCode,
)
from common.messaging import outbox
from common.messaging.kinds import MessageKind
from tests.common.cli.shell import Command
from tests.support.examples import example


def message(database: Database, state: OutboxState, ambiguous: int = 0) -> int:
    with database.write() as session:
        row_id = (
            outbox.enqueue(
                session,
                key=f"{state}",
                kind=MessageKind.NOTICE_READY,
                arguments=example(MessageKind.NOTICE_READY),
                chat_id=1001,
                stream="s",
            )
            or 0
        )
        row = session.get_one(OutboxRow, row_id)
        row.state, row.ambiguous = state, ambiguous
        outbox.give_reason(row, ReasonCode.REFUSED, "Bad Request: no such button")
    return row_id


def test_messages_that_need_a_person_are_listed(felix_hub: Command, any_database: Database) -> None:
    assert felix_hub("message", "list") == (0, "Every message has arrived or is on its way.\n", "")
    message(any_database, OutboxState.SENT)
    held, failed = message(any_database, OutboxState.HELD, 1), message(any_database, OutboxState.FAILED, 1)
    _, out, _ = felix_hub("message", "list")
    first, second = out.splitlines()
    assert first.startswith(f"{held} ")
    assert "unknown  notice.ready  chat 1001" in first
    assert second.startswith(f"{failed} ")
    assert second.endswith("refused: Bad Request: no such button  may have arrived")


def test_a_message_is_sent_again_or_counts_as_arrived(felix_hub: Command, any_database: Database) -> None:
    failed, held = message(any_database, OutboxState.FAILED), message(any_database, OutboxState.HELD)
    assert felix_hub("message", "resend", str(failed)) == (0, f"Message {failed} will be sent again.\n", "")
    assert felix_hub("message", "arrived", str(held)) == (0, f"Message {held} counts as arrived.\n", "")
    with any_database.read() as session:
        assert session.get_one(OutboxRow, failed).state is OutboxState.PENDING
        assert session.get_one(OutboxRow, held).state is OutboxState.SENT


@pytest.mark.parametrize("action", ["resend", "arrived"])
def test_a_message_that_needs_nobody_is_left_alone(felix_hub: Command, any_database: Database, action: str) -> None:
    sent = message(any_database, OutboxState.SENT)
    for number in (sent, 404):
        code, out, error = felix_hub("message", action, str(number))
        assert (code, out) == (2, "")
        assert error.startswith("felix-hub: There is no ")
