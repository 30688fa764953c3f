"""Leadership: one holder at a time, epochs that only rise, takeover as soon as the holder is gone."""

from __future__ import annotations

import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta

import pytest

from common import clock
from common.database.engine import Database
from common.database.models import Lease
from common.errors import LeaseLost
from common.messaging import leases
from common.messaging.leases import Identity

TTL = 10.0


def somebody(name: str) -> Identity:
    """A daemon on another machine, so that only its lease speaks for it."""
    return Identity(name, f"machine of {name}", 4711, "123")


A, B = somebody("a"), somebody("b")


def acquire(database: Database, me: Identity, ttl: float = TTL) -> int | None:
    with database.write() as session:
        return leases.acquire(session, me, ttl, f"http://127.0.0.1/{me.holder}")


def test_the_first_who_asks_leads_and_renews(any_database: Database) -> None:
    assert [acquire(any_database, A) for _ in range(3)] == [1, 1, 1]
    assert acquire(any_database, B) is None


def test_a_lease_that_ended_is_taken_with_a_higher_epoch(any_database: Database) -> None:
    assert acquire(any_database, A) == 1
    with clock.travel(timedelta(seconds=TTL - 1)):
        assert acquire(any_database, B) is None
    with clock.travel(timedelta(seconds=TTL + 1)):
        assert acquire(any_database, B) == 2
        assert acquire(any_database, A) is None


def test_a_holder_that_came_late_has_a_new_epoch_too(any_database: Database) -> None:
    assert acquire(any_database, A) == 1
    with clock.travel(timedelta(seconds=TTL + 1)):
        assert acquire(any_database, A) == 2


def test_a_lease_given_back_is_free_at_once_and_epochs_go_on(any_database: Database) -> None:
    acquire(any_database, A)
    with any_database.write() as session:
        leases.release(session, B)  # not theirs to give
        leases.release(session, A)
    assert acquire(any_database, B) == 2


def test_an_old_epoch_is_fenced(any_database: Database) -> None:
    acquire(any_database, A)
    with any_database.read() as session:
        leases.guard(session, 1)
    with clock.travel(timedelta(seconds=TTL + 1)):
        acquire(any_database, B)
    with any_database.read() as session, pytest.raises(LeaseLost):
        leases.guard(session, 1)


def test_the_leader_and_its_doorbell_are_known_while_the_lease_lasts(any_database: Database) -> None:
    with any_database.read() as session:
        assert leases.leader(session) is None
    acquire(any_database, A)
    with any_database.read() as session:
        leader = leases.leader(session)
        assert leader is not None
        assert leader.doorbell_url == "http://127.0.0.1/a"
    with clock.travel(timedelta(seconds=TTL + 1)), any_database.read() as session:
        assert leases.leader(session) is None


@contextmanager
def another_process() -> Iterator[tuple[subprocess.Popen[bytes], Identity]]:
    """A process of this machine that holds a lease."""
    process = subprocess.Popen([sys.executable, "-c", "input()"], stdin=subprocess.PIPE)
    try:
        yield process, Identity("c", leases.machine(), process.pid, leases.process_started(process.pid))
    finally:
        process.kill()
        process.communicate()


def test_a_holder_of_this_machine_that_is_gone_counts_as_expired_at_once(any_database: Database) -> None:
    with another_process() as (process, holder):
        assert acquire(any_database, holder) == 1
        assert acquire(any_database, B) is None
        process.kill()
        process.communicate()
        assert acquire(any_database, B) == 2


def test_a_zombie_is_gone_and_a_reused_number_is_not_mistaken_for_its_holder() -> None:
    with another_process() as (process, holder):
        lease = Lease(machine=holder.machine, pid=holder.pid, started=holder.started)
        assert not leases.is_gone(lease)
        assert leases.is_gone(Lease(machine=holder.machine, pid=holder.pid, started="1"))
        process.kill()  # killed and not yet waited for
        while leases.process_started(process.pid):
            pass
        assert leases.is_gone(lease)


def test_nothing_is_said_of_processes_elsewhere() -> None:
    assert not leases.is_gone(Lease(machine="elsewhere", pid=1, started="1"))
    assert not leases.is_gone(Lease(machine="", pid=1, started="1"))


def test_a_process_knows_itself() -> None:
    me = leases.identity("token")
    assert me.holder.endswith("-token")
    assert me.started == leases.process_started(me.pid) != ""
    assert me.machine == leases.machine() != ""


@pytest.mark.parametrize("attempt", range(3))
def test_of_two_who_come_first_to_a_new_database_one_leads(any_database: Database, attempt: int) -> None:
    ends: dict[str, int | None] = {}
    together = threading.Barrier(2)

    def contend(me: Identity) -> None:
        together.wait(10)
        ends[me.holder] = acquire(any_database, me)

    threads = [threading.Thread(target=contend, args=(me,)) for me in (A, B)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(20)
    assert sorted(ends.values(), key=str) == [1, None]


def test_two_contenders_never_hold_the_same_epoch_and_epochs_never_fall(any_database: Database) -> None:
    """Leases of 20 ms, so that both win again and again."""
    won: list[tuple[int, str]] = []

    def contend(me: Identity) -> None:
        for _ in range(60):
            epoch = acquire(any_database, me, ttl=0.02)
            if epoch is not None:
                won.append((epoch, me.holder))

    threads = [threading.Thread(target=contend, args=(me,)) for me in (A, B)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    holders = {epoch: {holder for e, holder in won if e == epoch} for epoch, _ in won}
    assert all(len(names) == 1 for names in holders.values())
    for name in ("a", "b"):
        own = [epoch for epoch, holder in won if holder == name]
        assert own == sorted(own)
