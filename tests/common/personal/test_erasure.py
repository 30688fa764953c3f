"""A person who is erased is in no row and no file, and the station's numbers are what they were."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from sqlalchemy import func, select

from common.database.engine import Database
from common.database.models import ChatMessage, Event, Media, Order, OrderLine, OutboxRow, OutboxState, Person, Role
from common.errors import Forbidden, InvalidInput
from common.orders import owners, reading
from common.orders.moves import Move
from common.people import people
from common.permissions import Actor
from common.personal import aging, erasure
from common.talk import chat
from tests.common.database.migrations.stations import contents
from tests.common.personal.keeping import keeping
from tests.common.personal.marks import UNMARKED, rows_of, unmarked
from tests.common.personal.planted import MARK, MEMBER, TELEGRAM, planted
from tests.support.cast import AVI, DIMA, PASSWORD, RINA, Member, acts, hire
from tests.webapp.desks import line, move, place


def avi(database: Database) -> Actor:
    with database.read() as session:
        return acts(session.scalars(select(Person).where(Person.name == AVI.name)).one())


def erase(database: Database, person: Person) -> Person:
    with database.write() as session:
        erasure.begin(session, avi(database), person.id)
    while _goes_on(database):
        pass
    database.empty_log()
    with database.read() as session:
        return session.get_one(Person, person.id)


def _goes_on(database: Database) -> bool:
    with database.write() as session:
        return erasure.go_on(session, "en")


def numbers(database: Database) -> list[object]:
    """What a station counts by."""
    with database.read() as session:
        orders = session.execute(
            select(Order.id, Order.person_id, Order.state, Order.created_at).order_by(Order.id)
        ).all()
        lines = session.execute(select(OrderLine.id, OrderLine.quantity, OrderLine.state).order_by(OrderLine.id)).all()
        events = session.execute(select(Event.id, Event.kind, Event.at, Event.actor_id).order_by(Event.id)).all()
        return [orders, lines, events, session.scalar(select(func.count()).select_from(Person))]


def test_nothing_of_them_is_in_any_row_or_file(any_database: Database) -> None:
    dima = planted(any_database)
    assert all(rows_of(any_database, dima).values()), rows_of(any_database, dima)
    assert unmarked(any_database, dima) <= UNMARKED
    before = numbers(any_database)
    erased = erase(any_database, dima)
    assert (erased.name, erased.telegram_id, erased.erased_at is None) == (f"Former mechanic {dima.id}", None, False)
    assert traces(any_database, MARK, str(TELEGRAM)) == []
    assert numbers(any_database) == before
    if any_database.is_sqlite:
        _no_trace_in_files(Path(any_database.engine.url.database or ""))


def traces(database: Database, *marks: str) -> list[object]:
    found = [(table, row) for table, rows in contents(database).items() for row in rows]
    return [one for one in found if any(mark in " ".join(map(_text, one[1].values())).casefold() for mark in marks)]


def test_staff_leave_no_name_but_what_they_wrote_in_others_orders_stays(any_database: Database) -> None:
    rina = hire(
        any_database, Member(f"Rina {MARK}", "he", Role.STOREKEEPER, TELEGRAM, f"rina-{MARK}"), password=PASSWORD
    )
    dima, olga = hire(any_database, DIMA), hire(any_database, Member("Olga", "ru", Role.STOREKEEPER, 1009))
    hire(any_database, AVI)
    order = place(any_database, dima)
    for person in (olga, rina):
        with any_database.write() as session:
            owners.assign(
                session, acts(olga), order.id, person.id, expected_version=reading.get_order(session, order.id).version
            )
    with any_database.write() as session:
        chat.write(session, acts(rina), order.id, "Come and see", key="m")
    for what in (Move.TAKE, Move.READY, Move.ISSUE):
        move(any_database, order.id, what, rina)
    assert traces(any_database, MARK)
    before = numbers(any_database)
    assert erase(any_database, rina).name == f"Former storekeeper {rina.id}"
    assert traces(any_database, MARK, str(TELEGRAM)) == []
    assert numbers(any_database) == before
    with any_database.read() as session:
        assert session.scalars(select(ChatMessage.text)).all() == ["Come and see"]
        assert session.get_one(Order, order.id).owner_id == rina.id


def test_of_two_with_the_same_name_only_one_goes(any_database: Database) -> None:
    dima, other = planted(any_database), hire(any_database, replace(MEMBER, telegram_id=None, username=""))
    erase(any_database, dima)
    with any_database.read() as session:
        assert session.get_one(Person, other.id).name == MEMBER.name
        assert MEMBER.name in session.scalars(select(Order.issued_to)).all()


def _text(value: object) -> str:
    return value.decode("utf-8", "replace") if isinstance(value, bytes) else str(value)


def _no_trace_in_files(file: Path) -> None:
    for one in file.parent.glob(f"{file.name}*"):
        assert MARK.encode() not in one.read_bytes().lower(), one


def test_one_that_was_interrupted_is_ended_by_the_daemon(any_database: Database) -> None:
    dima = planted(any_database)
    with any_database.write() as session:
        erasure.begin(session, avi(any_database), dima.id)
    assert _goes_on(any_database)
    while True:
        with any_database.write() as session:
            if not aging.age(session, keeping(), "ru"):
                break
    with any_database.read() as session:
        assert session.get_one(Person, dima.id).name == f"Бывший механик {dima.id}"


def test_a_message_on_its_way_is_waited_for(any_database: Database) -> None:
    dima = planted(any_database)
    with any_database.write() as session:
        row = session.scalars(select(OutboxRow).where(OutboxRow.person_id == dima.id).limit(1)).one()
        row.state, number = OutboxState.SENDING, row.id
    assert erase(any_database, dima).erased_at is None
    with any_database.write() as session:
        session.get_one(OutboxRow, number).state = OutboxState.SENT
    while _goes_on(any_database):
        pass
    with any_database.read() as session:
        assert session.get_one(Person, dima.id).erased_at is not None


def test_an_order_that_came_in_meanwhile_is_waited_for_and_nobody_else_waits(any_database: Database) -> None:
    dima, noa = planted(any_database), hire(any_database, Member("Lev", "he", Role.MECHANIC))
    for person in (dima, noa):
        with any_database.write() as session:
            erasure.begin(session, avi(any_database), person.id)
    order = place(any_database, dima, line("still wanted"))
    while _goes_on(any_database):
        pass
    with any_database.read() as session:
        assert session.get_one(Order, order.id).lines[0].words == {"": "still wanted"}
        assert session.get_one(Person, dima.id).erased_at is None
        assert session.get_one(Person, noa.id).erased_at is not None


def test_what_cannot_be_is_refused_and_changes_nothing(any_database: Database) -> None:
    dima, rina, boss = hire(any_database, DIMA), hire(any_database, RINA), hire(any_database, AVI)
    order = place(any_database, dima)
    before = contents(any_database)
    for who, actor, why in ((dima, boss, "open_orders"), (boss, boss, "last_manager")):
        with pytest.raises(InvalidInput, match=why), any_database.write() as session:
            erasure.begin(session, acts(actor), who.id)
    with pytest.raises(Forbidden), any_database.write() as session:
        erasure.begin(session, acts(rina), dima.id)
    assert contents(any_database) == before
    assert order.id


def test_an_erased_person_is_not_let_in_again(any_database: Database) -> None:
    dima = planted(any_database)
    erase(any_database, dima)
    with pytest.raises(InvalidInput, match="erased"), any_database.write() as session:
        people.restore(session, avi(any_database), dima.id)


def test_a_photo_that_somebody_else_sent_too_stays_theirs(any_database: Database) -> None:
    dima = planted(any_database)
    with any_database.write() as session:
        own = session.scalars(select(Media).where(Media.person_id == dima.id)).one()
        noa = session.scalars(select(Person).where(Person.name == "Noa")).one()
        order = session.scalars(select(Order.id).where(Order.person_id == noa.id)).one()
        session.add(
            Media(
                order_id=order,
                person_id=noa.id,
                kind="photo",
                state=own.state,
                digest=own.digest,
                due_at=own.due_at,
                created_at=own.created_at,
            )
        )
    erase(any_database, dima)
    assert len(contents(any_database)["media_content"]) == 1
