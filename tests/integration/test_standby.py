"""Two daemons on one database, updates by the web app: one works, the other takes over, nothing is sent twice."""

from __future__ import annotations

import json
import time
from itertools import count

from sqlalchemy import select, text
from sqlalchemy.exc import DBAPIError

from common.database.engine import Database
from common.database.models import Lease, OutboxRow
from common.messaging import leases
from tests.acceptance.desk import Desk
from tests.acceptance.fixtures import OpenStation, RecordProperty
from tests.acceptance.mechanic import Mechanic
from tests.faults import checks
from tests.integration.crowd import hire_many, mark_ready, orders_in_work
from tests.stations.station import METRICS_TOKEN, Process, Station, free_port
from tests.support.cast import DIMA, PASSWORD, RINA, hire
from tests.support.waiting import eventually

SCALE = 0.2
LEASE, SEND = 10.0 * SCALE, 15.0 * SCALE
TRUSTED = {"Authorization": f"Bearer {METRICS_TOKEN}"}
FAST = {"SEND_RATE": "300"}
ON_THE_WAY = 10  # sends, when the leader freezes
_more = count(60_001)


def two_daemons(open_station: OpenStation, database_url: str) -> tuple[Station, Process, Process]:
    """A station open by way of the web app; its leader and the one that stands by."""
    here = open_station(database_url, ingress="web", time_scale=SCALE, extra=FAST)
    _web, first = here.open()
    second = here.start_daemon(port=free_port(), DOORBELL_LISTEN=f"127.0.0.1:{free_port()}")
    assert (phase(first), phase(second)) == ("leading", "standing by")
    return here, first, second


def phase(daemon: Process) -> str:
    return str(json.loads(daemon.get("/health/ready")[1] or b"{}").get("phase", ""))


def metric(daemon: Process, name: str) -> float:
    """The sum over all labels of one metric."""
    lines = daemon.get("/metrics", TRUSTED)[1].decode().splitlines()
    return sum(float(line.rpartition(" ")[2]) for line in lines if line.startswith(name))


def leads(daemon: Process) -> bool:
    return phase(daemon) == "leading"


def marked(here: Station) -> list[OutboxRow]:
    with here.database.read() as session:
        return list(session.scalars(select(OutboxRow).where(OutboxRow.ambiguous > 0)))


def test_while_both_are_well_one_works_and_nothing_is_sent_twice(
    open_station: OpenStation, any_database_url: str
) -> None:
    here, first, second = two_daemons(open_station, any_database_url)
    desk = signed_in(here)
    hire(here.database, DIMA)
    dima = Mechanic(here.sandbox, DIMA)
    dima.order("gizmo")
    eventually(lambda: desk.column("new"), 10, "the order")
    mark_ready(desk, orders_in_work(here, hire_many(here, 40)))
    here.wait_settled()

    assert checks.possible_duplicates_are_marked(here) == 0
    assert not marked(here)
    assert metric(first, "felix_sends_total") > 80
    assert metric(second, "felix_sends_total") == 0
    assert "no longer ours" not in first.said() + second.said()


def signed_in(here: Station) -> Desk:
    hire(here.database, RINA, password=PASSWORD)
    desk = Desk(here.web_port)
    desk.sign_in()
    return desk


def test_when_the_leader_is_killed_the_other_takes_over_and_the_bell_follows(
    open_station: OpenStation, any_database_url: str, record_property: RecordProperty
) -> None:
    here, first, second = two_daemons(open_station, any_database_url)
    desk = signed_in(here)
    hire(here.database, DIMA)
    dima = Mechanic(here.sandbox, DIMA)
    numbers = orders_in_work(here, hire_many(here, 20))
    dima.write("gizmo")

    began = time.monotonic()
    first.kill()
    eventually(lambda: leads(second), LEASE * 5, "the other leads")
    took = time.monotonic() - began
    dima.write("mirror")
    dima.reads("gizmo", "mirror")
    mark_ready(desk, numbers)
    eventually(lambda: rung(second, desk, here), 20, "the bell is heard by the new leader")
    here.wait_settled()

    record_property("measured", f"the leader killed: {took:.2f} s until the other led, of a lease of {LEASE:.0f} s")
    assert took < LEASE * 5
    checks.possible_duplicates_are_marked(here)
    checks.streams_kept_their_order(here)
    checks.every_message_is_accounted_for(here)


def rung(daemon: Process, desk: Desk, here: Station) -> bool:
    """Whether the desk's bell was heard; each try is another change at the desk."""
    (number,) = orders_in_work(here, hire_many(here, 1, first=next(_more)))
    mark_ready(desk, [number])
    return metric(daemon, 'felix_doorbell_rings_total{verdict="rung"}') > 0


def test_a_lease_of_another_machine_is_waited_for(open_station: OpenStation, database_url: str) -> None:
    """Whether a process of another machine lives nobody can see: only the end of its lease says so."""
    here = open_station(database_url, time_scale=SCALE)
    with here.database.write() as session:
        assert leases.acquire(session, leases.Identity("elsewhere", "another machine", 1, "1"), LEASE) == 1
        until = session.get_one(Lease, leases.LEADER).expires_at
    daemon = here.start_daemon()
    eventually(lambda: leads(daemon), LEASE * 5, "it leads")
    with here.database.read() as session:
        lease = session.get_one(Lease, leases.LEADER)
        assert (lease.epoch, lease.expires_at > until) == (2, True)


def test_a_leader_frozen_in_mid_send_doubles_at_most_what_was_on_its_way(
    open_station: OpenStation, any_database_url: str, record_property: RecordProperty
) -> None:
    here, first, second = two_daemons(open_station, any_database_url)
    here.sandbox.faults.add(method="sendMessage", action="hang", effect=True, times=None)
    orders_in_work(here, hire_many(here, ON_THE_WAY))
    eventually(lambda: on_their_way(here) == ON_THE_WAY, 10, "all are on their way")
    freeze(first, here.database)
    here.sandbox.faults.clear()

    eventually(lambda: leads(second), LEASE * 5, "the other leads")
    here.wait_settled()
    first.thaw()
    eventually(lambda: phase(first) == "standing by", LEASE * 5, "the frozen one stands by")
    orders_in_work(here, hire_many(here, 5, first=61_001))
    here.wait_settled()

    twice = checks.possible_duplicates_are_marked(here)
    record_property(
        "measured", f"the leader frozen with {ON_THE_WAY} sends on their way: {twice} arrived twice, all marked"
    )
    assert twice <= ON_THE_WAY
    assert len(marked(here)) <= ON_THE_WAY
    checks.every_message_is_accounted_for(here)
    checks.streams_kept_their_order(here)


def on_their_way(here: Station) -> int:
    """Messages that have arrived and that the bot does not know of yet."""
    return len([e for e in here.sandbox.journal(kind="call", method="sendMessage") if e["effect"]])


def freeze(daemon: Process, database: Database) -> None:
    """Freeze it outside its transactions: in one it would hold the database's lock, which nobody can take from it."""

    def frozen() -> bool:
        daemon.freeze()
        if is_free(database):
            return True
        daemon.thaw()
        return False

    eventually(frozen, 10, "it is frozen outside a transaction")


def is_free(database: Database) -> bool:
    """Whether the lease can be locked at once."""
    try:
        with database.engine.execution_options(sqlite_begin="IMMEDIATE").begin() as connection:
            if not database.is_sqlite:
                connection.execute(text("SET LOCAL lock_timeout = '300ms'"))
                connection.execute(text("SELECT 1 FROM lease FOR UPDATE"))
                connection.execute(text("SELECT 1 FROM outbox FOR UPDATE"))
    except DBAPIError:
        return False
    return True
