"""Asking to join: one request a stranger, one decision a request, and no flood of notices."""

from __future__ import annotations

import threading
from collections.abc import Callable
from datetime import timedelta

import pytest
from sqlalchemy import select

from common import clock
from common.database.engine import Database
from common.database.models import JoinRequest, OutboxRow, Person, Role
from common.errors import Forbidden, InvalidInput, NotFound
from common.messaging.kinds import MessageKind
from common.operation import pruning
from common.people import invitations, join_requests, people
from common.people.join_requests import JoinOutcome, State
from tests.support.cast import AVI, DIMA, RINA, Member, acts, hire

LINKED = Member("Eve", "en", Role.MANAGER, telegram_id=1004)


def ask(database: Database, telegram_id: int = 1003, name: str = "Charlie") -> JoinOutcome:
    with database.write() as session:
        return join_requests.ask(session, telegram_id=telegram_id, name=name, language="en")


def decide(database: Database, who: Person, state: State, number: int = 1, name: str = "") -> tuple[JoinRequest, bool]:
    with database.write() as session:
        return join_requests.decide(session, acts(who), number, state, name=name)


def told(database: Database, chat_id: int) -> list[str]:
    with database.read() as session:
        return list(session.scalars(select(OutboxRow.kind).where(OutboxRow.chat_id == chat_id).order_by(OutboxRow.id)))


def here(database: Database, telegram_id: int = 1003) -> Person | None:
    with database.read() as session:
        return people.by_telegram(session, telegram_id)


def at_once(*works: Callable[[], object]) -> None:
    together = threading.Barrier(len(works))

    def run(work: Callable[[], object]) -> None:
        together.wait(10)
        work()

    threads = [threading.Thread(target=run, args=(work,)) for work in works]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(20)


def test_asking_makes_one_request_and_one_notice_for_each_linked_manager(any_database: Database) -> None:
    for member in (LINKED, RINA, DIMA):
        hire(any_database, member)
    assert [ask(any_database) for _ in range(3)] == [JoinOutcome.NEW, JoinOutcome.ALREADY, JoinOutcome.ALREADY]
    assert told(any_database, 1004) == [MessageKind.NOTICE_JOIN_REQUEST]
    assert told(any_database, 1001) == []


def test_whoever_is_let_in_is_a_mechanic_and_is_told(any_database: Database) -> None:
    avi = hire(any_database, AVI)
    ask(any_database)
    request, is_ours = decide(any_database, avi, State.APPROVED)
    assert (request.state, request.decided_by, is_ours) == (State.APPROVED, avi.id, True)
    person = here(any_database)
    assert person is not None
    assert (person.name, person.role, person.language_chosen) == ("Charlie", Role.MECHANIC, False)
    assert told(any_database, 1003) == [MessageKind.REPLY_LET_IN]


def test_a_manager_may_give_them_another_name(any_database: Database) -> None:
    avi = hire(any_database, AVI)
    ask(any_database, name="xX_CHARLIE_Xx")
    with pytest.raises(InvalidInput, match="name"):
        decide(any_database, avi, State.APPROVED, name="x" * 81)
    decide(any_database, avi, State.APPROVED, name=" Charlie ")
    person = here(any_database)
    assert person is not None
    assert person.name == "Charlie"


def test_whoever_is_refused_is_told_once_and_may_ask_again_after_a_day(any_database: Database) -> None:
    avi = hire(any_database, AVI)
    ask(any_database)
    decide(any_database, avi, State.REFUSED)
    assert told(any_database, 1003) == [MessageKind.REPLY_NOT_LET_IN]
    with clock.travel(timedelta(hours=23)):
        assert ask(any_database) is JoinOutcome.TOO_SOON
    with clock.travel(timedelta(hours=25)):
        assert ask(any_database) is JoinOutcome.NEW
    assert here(any_database) is None


def test_of_two_managers_who_decide_at_once_one_does(any_database: Database) -> None:
    avi, eve = hire(any_database, AVI), hire(any_database, LINKED)
    ask(any_database)
    ends: dict[int, tuple[JoinRequest, bool]] = {}

    def press(who: Person, state: State) -> Callable[[], None]:
        return lambda: ends.update({who.id: decide(any_database, who, state)})

    at_once(press(avi, State.APPROVED), press(eve, State.REFUSED))
    winner = next(number for number, (_, is_ours) in ends.items() if is_ours)
    assert [is_ours for _, is_ours in ends.values()].count(True) == 1
    assert {request.decided_by for request, _ in ends.values()} == {winner}
    assert len({request.state for request, _ in ends.values()}) == 1
    assert (here(any_database) is not None) == ends[avi.id][1]


def test_an_invitation_settles_the_request(any_database: Database) -> None:
    avi = hire(any_database, AVI)
    ask(any_database)
    with any_database.write() as session:
        code = invitations.invite(session, acts(avi), name="Charlie")[1]
        invitations.accept(session, code, telegram_id=1003, language="en")
    request, is_ours = decide(any_database, avi, State.REFUSED)
    assert (request.state, is_ours) == (State.APPROVED, False)
    assert here(any_database) is not None


def test_an_invitation_and_a_manager_at_once_make_one_person(any_database: Database) -> None:
    avi = hire(any_database, AVI)
    with any_database.write() as session:
        code = invitations.invite(session, acts(avi), name="Charlie")[1]
    ask(any_database)

    def open_link() -> None:
        with any_database.write() as session:
            invitations.accept(session, code, telegram_id=1003, language="en")

    at_once(open_link, lambda: decide(any_database, avi, State.APPROVED))
    with any_database.read() as session:
        assert len(session.scalars(select(Person).where(Person.telegram_id == 1003)).all()) == 1
        assert session.get_one(JoinRequest, 1).state is State.APPROVED


def test_a_flood_of_strangers_does_not_flood_the_managers(any_database: Database) -> None:
    hire(any_database, LINKED)
    for number in range(40):
        assert ask(any_database, 5000 + number) is JoinOutcome.NEW
    assert join_requests.NOTICED < len(told(any_database, 1004)) <= join_requests.NOTICED + 2, (
        "the hour may have turned"
    )


def test_so_many_requests_wait_and_no_more(database: Database) -> None:
    with database.write() as session:
        ends = [
            join_requests.ask(session, telegram_id=5000 + number, name="x", language="en")
            for number in range(join_requests.MOST_OPEN + 2)
        ]
    assert ends.count(JoinOutcome.NEW) == join_requests.MOST_OPEN
    assert ends[-2:] == [JoinOutcome.FULL] * 2


def test_a_manager_who_does_not_want_these_notices_gets_none(any_database: Database) -> None:
    eve = hire(any_database, LINKED)
    with any_database.write() as session:
        session.get_one(Person, eve.id).muted = [MessageKind.NOTICE_JOIN_REQUEST]
    ask(any_database)
    assert told(any_database, 1004) == []


@pytest.mark.parametrize("member", [DIMA, RINA])
def test_only_managers_decide(any_database: Database, member: Member) -> None:
    ask(any_database)
    with pytest.raises(Forbidden):
        decide(any_database, hire(any_database, member), State.APPROVED)
    with pytest.raises(NotFound):
        decide(any_database, hire(any_database, AVI), State.APPROVED, number=404)


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("  Charlie \n Brown ", "Charlie Brown"),
        ("\u202eevil\u2069 \u200f", "evil"),
        ("\u200b\u2060", "1003"),
        ("🧨" * 200, "🧨" * 80),
        ("<b>x</b>", "<b>x</b>"),
    ],
)
def test_a_name_is_shown_without_what_is_invisible(name: str, shown: str) -> None:
    assert join_requests.shown_name(name, 1003) == shown
    assert people.clean_name(shown) == shown


def test_old_requests_go(any_database: Database) -> None:
    ask(any_database)
    with clock.travel(timedelta(days=31)), any_database.write() as session:
        assert pruning.prune(session) >= 1
        assert session.scalars(select(JoinRequest)).all() == []
