"""`felix-hub quarantine`: listed, shown, put back."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from common.database.engine import Database
from common.database.models import (
    InboxRow,
    InboxState,
)
from common.messaging import attempts, inbox
from common.messaging.attempts import Attempt
from common.messaging.inbox import read_envelope
from tests.common.cli.shell import Command


def quarantined(database: Database, count: int) -> list[int]:
    bodies = [b'{"update_id":%d,"message":{"text":"brakes"}}' % number for number in range(count)]
    with database.write() as session:
        inbox.record(session, 1, [read_envelope(body) for body in [*bodies, b"nonsense"]])
        rows = list(session.scalars(select(InboxRow.seq).order_by(InboxRow.seq).limit(count)))
        for seq in rows:
            attempts.raised(session, Attempt(seq, 1), "Traceback\n  line\nValueError: no such part", most=1)
    return rows


def test_quarantine_is_listed_shown_and_put_back(felix_hub: Command, any_database: Database) -> None:
    assert felix_hub("quarantine", "list") == (0, "Nothing is in quarantine.\n", "")
    (seq,) = quarantined(any_database, 1)
    _, listed, _ = felix_hub("quarantine", "list")
    assert "ValueError: no such part" in listed.splitlines()[0]
    _, shown, _ = felix_hub("quarantine", "show", str(seq))
    assert "brakes" in shown
    assert "Traceback" in shown
    assert felix_hub("quarantine", "replay", str(seq)) == (0, "Put back: 1.\n", "")
    with any_database.read() as session:
        assert session.get_one(InboxRow, seq).state is InboxState.RECEIVED


def test_all_of_quarantine_is_put_back_but_what_cannot_be_read(felix_hub: Command, any_database: Database) -> None:
    quarantined(any_database, 130)
    code, listed, _ = felix_hub("quarantine", "list")
    assert listed.splitlines()[-1].startswith("There may be more: felix-hub quarantine list --after ")
    assert felix_hub("quarantine", "replay", "--all") == (0, "Put back: 130.\n", "")
    _, left, _ = felix_hub("quarantine", "list")
    assert (code, len(left.splitlines())) == (0, 1)
    assert "unreadable" in left


@pytest.mark.parametrize(
    "words", [("show", "7"), ("replay", "7"), ("replay",), ("replay", "x"), ("replay", "7", "--all")]
)
def test_what_is_not_in_quarantine_is_refused(felix_hub: Command, words: tuple[str, ...]) -> None:
    code, out, error = felix_hub("quarantine", *words)
    assert (code, out) == (2, "")
    assert error
