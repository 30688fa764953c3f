"""A new link for somebody who has joined: another chat, staff's own Telegram, the first password."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from common import clock
from common.database.engine import Database
from common.database.models import Card, InvitationWay, OutboxRow, OutboxState, Role
from common.errors import Forbidden, NotFound
from common.messaging.kinds import MessageKind
from common.orders import moves
from common.orders.moves import Move
from common.people import invitations, people
from common.people.invitations import InvitationRefused, RefusalReason
from tests.common.people.invited import MANAGER, accept, again, chat_of, invited, placed, tried
from tests.support.cast import AVI, DIMA, NOA, RINA, acts, hire


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
