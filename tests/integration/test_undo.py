"""Undo through real processes: in time nobody hears of the move; too late they hear that it was a mistake."""

from __future__ import annotations

from sqlalchemy import select

from common.database.models import OutboxRow, OutboxState
from common.messaging.kinds import MessageKind
from sandbox.client import Json
from tests.acceptance.desk import Desk
from tests.acceptance.fixtures import OpenStation
from tests.integration.crowd import hire_many, orders_in_work
from tests.stations.station import Station
from tests.support.cast import PASSWORD, RINA, hire
from tests.support.waiting import eventually

SCALE = 0.3  # the notice waits three seconds: long enough to undo in time on a busy machine


def test_a_move_that_is_undone_is_heard_of_only_where_its_notice_was_out(
    open_station: OpenStation, database_url: str
) -> None:
    here = open_station(database_url, time_scale=SCALE)
    here.open()
    hire(here.database, RINA, password=PASSWORD)
    desk = Desk(here.web_port)
    desk.sign_in()
    (mechanic,) = hire_many(here, 1)
    (number,) = orders_in_work(here, [mechanic])
    here.wait_settled()
    chat = mechanic.telegram_id or 0

    desk.move(number, "ready")
    eventually(lambda: said(here, chat, "Ready"), 10, "the card is ready at once")
    undo(desk, number)
    here.wait_settled()
    assert not said(here, chat, "Collect it at the desk")
    assert kept(here, MessageKind.NOTICE_READY) == [OutboxState.SUPERSEDED]

    desk.move(number, "ready")
    eventually(lambda: said(here, chat, "Collect it at the desk"), 15, "the notice is out")
    undo(desk, number)
    here.wait_settled()
    assert not said(here, chat, "Collect it at the desk"), "it is edited"
    (correction,) = said(here, chat, "The last message was a mistake")
    assert correction["message_id"] == max(message["message_id"] for message in here.sandbox.messages(chat))


def undo(desk: Desk, number: int) -> None:
    """As the page offers it, or a moment after it did."""
    version = desk.get(f"/orders/{number}").form(move="issue").fields["version"]
    assert desk.post(f"/orders/{number}/undo", {"version": version}).status == 303


def said(here: Station, chat: int, words: str) -> list[Json]:
    return [message for message in here.sandbox.messages(chat) if words in message.get("text", "")]


def kept(here: Station, kind: str) -> list[OutboxState]:
    with here.database.read() as session:
        return list(session.scalars(select(OutboxRow.state).where(OutboxRow.kind == kind)))
