"""Invitations: one-time ways in, and one's own Telegram."""

from __future__ import annotations

import threading
from datetime import timedelta

import pytest
from sqlalchemy import select

from common import clock
from common.database.engine import Database
from common.database.models import Card, Invitation, InvitationWay, Order, OutboxRow, OutboxState, Person, Role, Via
from common.errors import Forbidden, NotFound
from common.messaging.kinds import MessageKind
from common.orders import moves, placing
from common.orders.moves import Move
from common.orders.placing import WantedLine
from common.people import invitations, logins, people
from common.people.invitations import InvitationRefused, RefusalReason
from common.permissions import Actor
from tests.support.cast import AVI, DIMA, NOA, PASSWORD, RINA, acts, hire

MANAGER = Actor(None, Role.MANAGER, Via.COMMAND)


def invited(database: Database, role: Role = Role.MECHANIC, language: str | None = None) -> str:
    with database.write() as session:
        return invitations.invite(session, MANAGER, name="Лев", role=role, language=language)[1]


def accept(database: Database, code: str, telegram_id: int = 2001) -> Person | None:
    """Who came in, None for nobody."""
    came = tried(database, code, telegram_id)
    return came if isinstance(came, Person) else None


def tried(database: Database, code: str, telegram_id: int = 2001) -> Person | InvitationRefused:
    with database.write() as session:
        return invitations.accept(session, code, telegram_id=telegram_id, language="ru")


def again(database: Database, person: Person, actor: Actor = MANAGER) -> str:
    with database.write() as session:
        return invitations.invite_again(session, actor, person.id)[1]


def chat_of(database: Database, person: Person) -> int | None:
    with database.read() as session:
        return session.get_one(Person, person.id).telegram_id


def test_an_invitation_lets_one_person_in(any_database: Database) -> None:
    person = accept(any_database, invited(any_database))
    assert person is not None
    assert (person.name, person.role, person.language, person.language_chosen) == ("Лев", Role.MECHANIC, "ru", False)


def test_an_invitation_may_name_the_language_so_that_nobody_asks(any_database: Database) -> None:
    person = accept(any_database, invited(any_database, language="he"))
    assert person is not None
    assert (person.language, person.language_chosen) == ("he", True)


def test_an_invitation_works_once_but_its_owner_is_always_welcome(any_database: Database) -> None:
    code = invited(any_database)
    first = accept(any_database, code)
    assert accept(any_database, code, telegram_id=2002) is None
    again = accept(any_database, code)
    assert first is not None
    assert again is not None
    assert again.id == first.id


def test_of_two_who_open_one_invitation_at_once_one_joins(any_database: Database) -> None:
    code, ends = invited(any_database), []
    together = threading.Barrier(2)

    def join(telegram_id: int) -> None:
        together.wait(10)
        ends.append(accept(any_database, code, telegram_id) is not None)

    threads = [threading.Thread(target=join, args=(number,)) for number in (2001, 2002)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(20)
    assert sorted(ends) == [False, True]


def test_an_invitation_ends_after_a_day(any_database: Database) -> None:
    code = invited(any_database)
    with clock.travel(invitations.LIFE):
        assert accept(any_database, code) is None
    with clock.travel(invitations.LIFE - timedelta(minutes=1)):
        assert accept(any_database, code) is not None


def test_a_revoked_invitation_lets_nobody_in(any_database: Database) -> None:
    code = invited(any_database)
    with any_database.write() as session:
        invitations.revoke(session, MANAGER, session.scalars(select(Invitation.id)).one())
    assert accept(any_database, code) is None


@pytest.mark.parametrize("code", ["", "x", "' OR 1=1 --", "я" * 100, "A" * 5000])
def test_a_code_that_does_not_exist_lets_nobody_in(any_database: Database, code: str) -> None:
    invited(any_database)
    assert accept(any_database, code) is None


def test_the_code_is_not_stored(any_database: Database) -> None:
    code = invited(any_database)
    with any_database.read() as session:
        row = session.scalars(select(Invitation)).one()
    assert code not in {str(value) for value in vars(row).values()}


def test_somebody_known_who_opens_another_invitation_stays_who_they_are(any_database: Database) -> None:
    dima = hire(any_database, DIMA)
    same = accept(any_database, invited(any_database, language="he"), telegram_id=1001)
    assert same is not None
    assert (same.id, same.name, same.language) == (dima.id, "Dima", "ru")


def test_somebody_archived_comes_back_by_a_new_invitation_only(any_database: Database) -> None:
    code = invited(any_database)
    person = accept(any_database, code)
    assert person is not None
    with any_database.write() as session:
        people.archive(session, MANAGER, person.id)
    assert accept(any_database, code) is None
    back = accept(any_database, invited(any_database))
    assert back is not None
    assert (back.id, back.archived_at) == (person.id, None)


def test_an_invitation_does_not_hand_an_old_role_back(any_database: Database) -> None:
    """A storekeeper may invite mechanics; that must not make an archived manager one again."""
    manager = accept(any_database, invited(any_database, role=Role.MANAGER))
    assert manager is not None
    with any_database.write() as session:
        people.add_person(session, name="Avi", role=Role.MANAGER, language="en")
        people.archive(session, MANAGER, manager.id)
    back = accept(any_database, invited(any_database))
    assert back is not None
    assert back.role is Role.MECHANIC


def test_whoever_holds_a_code_is_told_why_it_is_no_longer_good(any_database: Database) -> None:
    used, revoked, old = (invited(any_database) for _ in range(3))
    accept(any_database, used)
    with any_database.write() as session:
        invitations.revoke(session, MANAGER, 2)
    with clock.travel(invitations.LIFE):
        assert tried(any_database, old, 2002) == InvitationRefused(RefusalReason.EXPIRED)
        assert tried(any_database, used, 2002) == InvitationRefused(RefusalReason.USED)
    assert tried(any_database, revoked, 2002) == InvitationRefused(RefusalReason.REVOKED)
    assert tried(any_database, "x" * 22, 2002) == InvitationRefused(RefusalReason.UNKNOWN)


def test_a_member_who_opens_somebody_elses_invitation_leaves_it_for_them(any_database: Database) -> None:
    hire(any_database, DIMA)
    code = invited(any_database)
    accept(any_database, code, telegram_id=1001)
    newcomer = accept(any_database, code, telegram_id=2002)
    assert newcomer is not None
    assert newcomer.name == "Лев"


def test_a_new_link_moves_a_person_to_the_chat_that_opens_it_once(any_database: Database) -> None:
    dima = hire(any_database, DIMA)
    code = again(any_database, dima, acts(hire(any_database, RINA)))
    moved = accept(any_database, code, telegram_id=2001)
    assert moved is not None
    assert (moved.id, moved.name, moved.telegram_id) == (dima.id, "Dima", 2001)
    assert tried(any_database, code, telegram_id=2002) == InvitationRefused(RefusalReason.USED)
    assert accept(any_database, code, telegram_id=2001) is not None, "their own link again is harmless"
    assert tried(any_database, invited(any_database), telegram_id=1001) != moved, "the old phone is a stranger's"


def test_what_waited_for_the_old_chat_is_not_sent_there(any_database: Database) -> None:
    dima, rina = hire(any_database, DIMA), hire(any_database, RINA)
    order = placed(any_database, dima)
    accept(any_database, again(any_database, dima), telegram_id=2001)
    with any_database.read() as session:
        rows = session.scalars(select(OutboxRow).where(OutboxRow.chat_id == 1001).order_by(OutboxRow.id)).all()
        assert [(row.kind, row.state) for row in rows] == [
            ("card", OutboxState.SUPERSEDED),
            (MessageKind.REPLY_UNLINKED, OutboxState.PENDING),
        ]
        assert session.get(Card, (order.id, 1001)) is None
    with any_database.write() as session:
        moves.move_order(session, acts(rina), order.id, Move.TAKE, expected_version=1)
    with any_database.read() as session:
        newest = session.scalars(select(OutboxRow).order_by(OutboxRow.id.desc())).first()
        assert newest is not None
        assert newest.chat_id == 2001


def test_a_link_of_somebody_else_does_not_move_a_member(any_database: Database) -> None:
    dima, noa = hire(any_database, DIMA), hire(any_database, NOA)
    code = again(any_database, noa)
    assert tried(any_database, code, telegram_id=1001) == InvitationRefused(RefusalReason.TAKEN)
    assert (chat_of(any_database, dima), chat_of(any_database, noa)) == (1001, 1002)
    assert accept(any_database, code, telegram_id=2001) is not None, "it was left for her"


def test_the_account_of_somebody_removed_can_be_linked_to_another(any_database: Database) -> None:
    dima, rina = hire(any_database, DIMA), hire(any_database, RINA)
    with any_database.write() as session:
        people.archive(session, MANAGER, dima.id)
    assert accept(any_database, again(any_database, rina), telegram_id=1001) is not None
    assert (chat_of(any_database, dima), chat_of(any_database, rina)) == (None, 1001)


def test_whoever_takes_over_an_account_gets_nothing_that_was_for_the_one_before(any_database: Database) -> None:
    dima, noa = hire(any_database, DIMA), hire(any_database, NOA)
    order = placed(any_database, dima)
    with any_database.write() as session:
        people.archive(session, MANAGER, dima.id)
    assert accept(any_database, again(any_database, noa), telegram_id=1001) is not None
    with any_database.read() as session:
        waiting = select(OutboxRow).where(OutboxRow.chat_id == 1001, OutboxRow.state == OutboxState.PENDING)
        assert session.scalars(waiting).all() == []
        assert session.get(Card, (order.id, 1001)) is None


def test_the_newest_link_of_a_person_is_the_only_one(any_database: Database) -> None:
    dima = hire(any_database, DIMA)
    first, second = again(any_database, dima), again(any_database, dima)
    assert tried(any_database, first) == InvitationRefused(RefusalReason.REVOKED)
    assert accept(any_database, second) is not None


def test_somebody_removed_has_no_link_and_an_open_one_ends(any_database: Database) -> None:
    dima = hire(any_database, DIMA)
    code = again(any_database, dima)
    with any_database.write() as session:
        people.archive(session, MANAGER, dima.id)
    assert tried(any_database, code) == InvitationRefused(RefusalReason.REVOKED)
    with pytest.raises(NotFound):
        again(any_database, dima)


def test_staff_link_their_own_telegram_within_a_quarter_of_an_hour(any_database: Database) -> None:
    rina = hire(any_database, RINA)
    with any_database.write() as session:
        codes = [invitations.link_own(session, acts(rina))[1]]
        codes += [invitations.link_own(session, acts(rina))[1]]
    with clock.travel(invitations.OWN_LIFE):
        assert tried(any_database, codes[1]) == InvitationRefused(RefusalReason.EXPIRED)
    linked = accept(any_database, codes[1])
    assert linked is not None
    assert (linked.id, linked.role, linked.telegram_id) == (rina.id, Role.STOREKEEPER, 2001)


def test_a_storekeeper_gives_no_link_of_a_manager(any_database: Database) -> None:
    """Whoever opens it would be the manager in the chat."""
    avi, rina = hire(any_database, AVI), hire(any_database, RINA)
    with any_database.write() as session:
        for ask in (
            lambda: invitations.invite_again(session, acts(rina), avi.id),
            lambda: invitations.invite(session, acts(rina), name="X", role=Role.MANAGER),
            lambda: invitations.invite(session, acts(rina), name="X", role=Role.STOREKEEPER, way=InvitationWay.DESK),
            lambda: people.unlink(session, acts(rina), avi.id),
        ):
            with pytest.raises(Forbidden):
                ask()


def test_a_mechanic_links_nobody(any_database: Database) -> None:
    dima, noa = hire(any_database, DIMA), hire(any_database, NOA)
    with any_database.write() as session:
        with pytest.raises(Forbidden):
            invitations.link_own(session, acts(dima))
        with pytest.raises(Forbidden):
            invitations.invite_again(session, acts(dima), noa.id)


def test_a_new_member_of_staff_chooses_a_username_and_a_password_once(any_database: Database) -> None:
    code = for_staff(any_database)
    with any_database.write() as session:
        person = invitations.accept_at_desk(session, code, username="Mika", password=PASSWORD, language="he")
        assert isinstance(person, Person)
        assert (person.name, person.role, person.language) == ("Mika", Role.STOREKEEPER, "he")
    with any_database.write() as session:
        assert logins.password_matches(PASSWORD, logins.find(session, "mika")[1])
        second = invitations.accept_at_desk(session, code, username="b", password=PASSWORD, language="he")
        assert second == InvitationRefused(RefusalReason.USED)


def test_a_code_for_the_desk_opens_no_chat_and_a_chats_no_desk(any_database: Database) -> None:
    assert tried(any_database, for_staff(any_database)) == InvitationRefused(RefusalReason.UNKNOWN)
    code = again(any_database, hire(any_database, AVI))
    with any_database.write() as session:
        came = invitations.accept_at_desk(session, code, username="thief", password=PASSWORD, language="en")
        assert came == InvitationRefused(RefusalReason.UNKNOWN)


def for_staff(database: Database) -> str:
    with database.write() as session:
        return invitations.invite(session, MANAGER, name="Mika", role=Role.STOREKEEPER, way=InvitationWay.DESK)[1]


def placed(database: Database, person: Person) -> Order:
    with database.write() as session:
        return placing.place_order(
            session, key="k", person=person, lines=[WantedLine({"": "bolt"})], actor=acts(person)
        )[0]
