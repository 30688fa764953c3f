"""Telegram or the daemon is away: the desk does not notice, and afterwards everything arrives."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import pytest
from sqlalchemy import func, select

from bot_daemon.outbound.dispatcher import CONCURRENCY
from common.database.models import OutboxRow, OutboxState
from common.messaging.kinds import MessageKind
from tests.acceptance.desk import Desk
from tests.acceptance.fixtures import OpenStation, RecordProperty
from tests.faults import checks
from tests.integration.crowd import hire_many, mark_ready, orders_in_work
from tests.stations.station import Process, Station
from tests.support.cast import PASSWORD, RINA, hire
from tests.support.waiting import eventually

BEFORE, DURING = 12, 40  # changes at the desk while all is well, and while it is not
FAST = {"SEND_RATE": "300"}  # so that a test of many messages is short
MOST, NOISE = 5.0, 0.02  # times as long a change may take, and seconds; "within noise" is what the benchmark shows


@dataclass(frozen=True)
class Outage:
    """`marks`: whether what was on its way becomes ambiguous."""

    name: str
    begin: Callable[[Station, Process], object]
    end: Callable[[Station], object]
    marks: bool = False


def telegram(name: str, action: str, *, marks: bool = False, effect: bool = False, retry_after: int = 1) -> Outage:
    """`effect`: what the bot asks for happens, though no good answer comes."""
    return Outage(
        name,
        lambda here, _daemon: here.sandbox.faults.add(
            action=action, times=None, effect=effect, retry_after=retry_after
        ),
        lambda here: here.sandbox.faults.clear(),
        marks,
    )


OUTAGES = [
    Outage("daemon-stopped", lambda _here, daemon: daemon.terminate(), lambda here: here.start_daemon()),
    Outage(
        "telegram-stopped",
        lambda here, _daemon: here.sandbox.network(up=False),
        lambda here: here.sandbox.network(up=True),
    ),
    telegram("telegram-hangs", "hang", marks=True, effect=True),
    telegram("telegram-says-500", "500", marks=True, effect=True),
    telegram("telegram-says-429", "429"),
    telegram("a-proxy-says-502", "502html", marks=True, effect=True),
]


@pytest.mark.parametrize("outage", OUTAGES, ids=lambda outage: outage.name)
def test_the_desk_does_not_notice_and_afterwards_everything_arrives(
    open_station: OpenStation, database_url: str, outage: Outage, record_property: RecordProperty
) -> None:
    here = open_station(database_url, extra=FAST)
    _web, daemon = here.open()
    hire(here.database, RINA, password=PASSWORD)
    desk = Desk(here.web_port)
    desk.sign_in()
    crowd = hire_many(here, BEFORE + DURING)
    numbers = orders_in_work(here, crowd[:BEFORE])
    here.wait_settled()
    well = mark_ready(desk, numbers)
    here.wait_settled()

    outage.begin(here, daemon)
    ill = mark_ready(desk, orders_in_work(here, crowd[BEFORE:]))
    eventually(lambda: waiting(here) and (not outage.marks or marked(here)), 15, "the outage is felt")
    outage.end(here)
    here.wait_settled()

    assert ill < max(well, NOISE) * MOST
    assert all_notices_arrived(here) == BEFORE + DURING
    twice = checks.possible_duplicates_are_marked(here)
    assert twice <= marked(here) <= (CONCURRENCY if outage.marks else 0)
    record_property(
        "measured",
        f"{outage.name}: a change at the desk {well * 1000:.1f} ms before, {ill * 1000:.1f} ms during, "
        f"ratio {ill / well:.2f}; {twice} arrived twice, {marked(here)} marked",
    )


def waiting(here: Station) -> int:
    """How many messages are not sent yet."""
    return len(here.unsettled())


def marked(here: Station) -> int:
    """How many messages may have arrived twice."""
    statement = select(func.count()).where(OutboxRow.ambiguous > 0, OutboxRow.state != OutboxState.SUPERSEDED)
    with here.database.read() as session:
        return session.scalar(statement) or 0


def all_notices_arrived(here: Station) -> int:
    """How many notices are sent; nothing else is left of them."""
    with here.database.read() as session:
        states = session.scalars(select(OutboxRow.state).where(OutboxRow.kind == MessageKind.NOTICE_READY)).all()
    assert set(states) == {OutboxState.SENT}
    return len(states)
