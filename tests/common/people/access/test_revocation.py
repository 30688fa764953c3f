"""What a change of access ends: every change × every credential, each one tried as its holder would."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from common import idempotency
from common.database.engine import Database
from common.database.models import ApiRequest, InvitationWay, OutboxRow, Person, Role
from common.errors import Forbidden
from common.people import invitations, known_browsers, login_links, logins, people, staff, tokens
from common.people.access.revocation import ENDS, AccessChange, Holder, count, of_role
from common.people.invitations import InvitationRefused
from common.people.login_links import Asking
from common.people.scopes import Scope
from common.signing import digest
from tests.support.cast import AVI, NOA, PASSWORD, RINA, Member, acts, hire

OLGA = Member("Olga", "ru", Role.MANAGER, telegram_id=5001, username="olga")
CHAT, DESK = InvitationWay.CHAT, InvitationWay.DESK
ASKING = Asking(cookie="asking", browser="Firefox, Linux", network="192.0.2.1", desk_url="https://desk.example")
Check = Callable[[Session], bool]
Held = Callable[[Session, Person, Person], Check]
Change = Callable[[Session, Person, Person], None]


def a_browser(session: Session, olga: Person, avi: Person) -> Check:
    cookie = logins.open_session(session, olga.id, "a browser")
    return lambda later: logins.live_session(later, digest(cookie)) is not None


def a_browser_by_link(session: Session, olga: Person, avi: Person) -> Check:
    cookie = logins.open_session(session, olga.id, "a browser", chat_id=olga.telegram_id)
    return lambda later: logins.live_session(later, digest(cookie)) is not None


def a_known_browser(session: Session, olga: Person, avi: Person) -> Check:
    browser = known_browsers.remember(session, olga.id, "")
    return lambda later: known_browsers.is_known(later, olga.id, browser)


def a_login_link(session: Session, olga: Person, avi: Person) -> Check:
    login_links.send_link(session, "olga", ASKING, is_known=False)
    session.flush()
    url = session.scalars(select(OutboxRow).where(OutboxRow.kind == "reply.login_link")).one().arguments["url"]
    return lambda later: login_links.find(later, url.rpartition("/")[2], "asking") is not None


def opens(code: str, way: InvitationWay) -> Check:
    return lambda later: not isinstance(invitations.look_up(later, code, way), InvitationRefused)


def a_link_to_my_chat(session: Session, olga: Person, avi: Person) -> Check:
    return opens(invitations.link_own(session, acts(olga))[1], CHAT)


def a_link_to_a_password(session: Session, olga: Person, avi: Person) -> Check:
    return opens(invitations.invite_to_desk(session, acts(avi), olga.id)[1], DESK)


def mine_for_a_mechanic(session: Session, olga: Person, avi: Person) -> Check:
    return opens(invitations.invite(session, acts(olga), name="Lev")[1], CHAT)


def mine_for_a_manager(session: Session, olga: Person, avi: Person) -> Check:
    return opens(invitations.invite(session, acts(olga), name="Lev", role=Role.MANAGER, way=DESK)[1], DESK)


def mine_for_a_colleague(session: Session, olga: Person, avi: Person) -> Check:
    return opens(invitations.invite_to_desk(session, acts(olga), avi.id)[1], DESK)


def a_token(session: Session, olga: Person, avi: Person) -> Check:
    value = tokens.create(session, acts(avi), person=olga, name="till", scopes={Scope.ORDERS_READ})[1]
    return lambda later: tokens.find(later, value) is not None


def an_answer(session: Session, olga: Person, avi: Person) -> Check:
    row, _value = tokens.create(session, acts(avi), person=olga, name="till", scopes={Scope.ORDERS_WRITE})
    asked, _new = idempotency.begin_request(session, row.id, "key", "POST /orders")
    idempotency.store_answer(asked, 201, "{}")
    return lambda later: later.scalars(select(ApiRequest.answer)).one() is not None


CREDENTIALS: list[Held] = [
    a_browser,
    a_browser_by_link,
    a_known_browser,
    a_login_link,
    a_link_to_my_chat,
    a_link_to_a_password,
    mine_for_a_mechanic,
    mine_for_a_manager,
    mine_for_a_colleague,
    a_token,
    an_answer,
]


def close(session: Session, olga: Person, avi: Person) -> None:
    people.archive(session, acts(avi), olga.id)


def close_and_restore(session: Session, olga: Person, avi: Person) -> None:
    close(session, olga, avi)
    people.restore(session, acts(avi), olga.id)


def return_by_an_invitation(session: Session, olga: Person, avi: Person) -> None:
    code = invitations.invite(session, acts(avi), name="Olga", role=Role.MANAGER)[1]
    close(session, olga, avi)
    invitations.accept(session, code, telegram_id=5001, language="ru")


def become(role: Role, session: Session, olga: Person, avi: Person) -> None:
    staff.change_role(session, acts(avi), olga.id, role, expected_version=olga.version)


def fall_and_rise(session: Session, olga: Person, avi: Person) -> None:
    become(Role.STOREKEEPER, session, olga, avi)
    become(Role.MANAGER, session, olga, avi)


def choose_a_password(session: Session, olga: Person, avi: Person) -> None:
    logins.set_password(session, olga, "olga", PASSWORD + "!")


def sign_out(session: Session, olga: Person, avi: Person) -> None:
    staff.sign_out(session, acts(olga), olga.id)


def be_signed_out(session: Session, olga: Person, avi: Person) -> None:
    staff.sign_out(session, acts(avi), olga.id)


def unlink(session: Session, olga: Person, avi: Person) -> None:
    people.unlink(session, acts(avi), olga.id)


def take_a_new_phone(session: Session, olga: Person, avi: Person) -> None:
    code = invitations.invite_again(session, acts(avi), olga.id)[1]
    assert isinstance(invitations.accept(session, code, telegram_id=5002, language="ru"), Person)


STAYS_IN_ROLE: set[Held] = {a_browser, a_browser_by_link, a_known_browser, mine_for_a_mechanic, a_token}
STAYS_AT_RECOVERY: set[Held] = {a_token, an_answer}
STAYS_IN_CHAT: set[Held] = STAYS_IN_ROLE - {a_browser_by_link} | {mine_for_a_manager, mine_for_a_colleague, an_answer}
LEFT: list[tuple[Change, set[Held]]] = [
    (close, set()),
    (close_and_restore, set()),
    (return_by_an_invitation, set()),
    (partial(become, Role.MECHANIC), set()),
    (partial(become, Role.STOREKEEPER), STAYS_IN_ROLE),
    (fall_and_rise, STAYS_IN_ROLE),
    (choose_a_password, STAYS_AT_RECOVERY),
    (sign_out, STAYS_AT_RECOVERY),
    (be_signed_out, STAYS_AT_RECOVERY),
    (unlink, STAYS_IN_CHAT),
    (take_a_new_phone, STAYS_IN_CHAT),
]


def hired(database: Database) -> tuple[Person, Person]:
    return hire(database, OLGA, password=PASSWORD), hire(database, AVI)


@pytest.mark.parametrize(("change", "left"), LEFT)
def test_a_change_of_access_ends_what_it_must_and_nothing_else(
    any_database: Database, change: Change, left: set[Held]
) -> None:
    pair = hired(any_database)
    with any_database.write() as session:
        olga, avi = (session.get_one(Person, person.id) for person in pair)
        held = {make: make(session, olga, avi) for make in CREDENTIALS}
        session.flush()
        assert all(check(session) for check in held.values())
        change(session, olga, avi)
    with any_database.read() as session:
        assert {make for make, check in held.items() if check(session)} == left


def test_what_a_change_would_end_is_counted_by_role(any_database: Database) -> None:
    pair = hired(any_database)
    with any_database.write() as session:
        olga, avi = (session.get_one(Person, person.id) for person in pair)
        for make in CREDENTIALS:
            make(session, olga, avi)
    with any_database.read() as session:
        counted = count(session, Holder(olga.id, Role.STOREKEEPER), AccessChange.ROLE)
        assert counted == {"login_links": 1, "links_for": 2, "links_beyond": 2, "answers": 1}
        counted = count(session, Holder(olga.id, Role.MECHANIC), of_role(Role.MECHANIC))
        assert counted == {"browsers": 2, "login_links": 1, "links_for": 2, "links_by": 3, "tokens": 2, "answers": 1}
        assert count(session, Holder(avi.id, Role.MECHANIC), of_role(Role.MECHANIC)) == {"links_for": 1, "links_by": 1}


def test_every_change_has_a_row() -> None:
    assert set(ENDS) == set(AccessChange)


# The variants ---------------------------------------------------------------------------------------------------------


def test_a_link_whose_maker_may_no_longer_make_it_is_refused_even_if_nobody_revoked_it(any_database: Database) -> None:
    """Made in the same moment as the demotion, and committed after it."""
    rina, noa = hire(any_database, RINA), hire(any_database, NOA)
    with any_database.write() as session:
        code = invitations.invite_again(session, acts(rina), noa.id)[1]
        assert opens(code, CHAT)(session)
        session.get_one(Person, rina.id).role = Role.MECHANIC
        assert not opens(code, CHAT)(session)


def test_a_link_that_a_storekeeper_made_of_a_mechanic_does_not_take_over_the_manager_they_became(
    any_database: Database,
) -> None:
    rina, noa, avi = (hire(any_database, member) for member in (RINA, NOA, AVI))
    with any_database.write() as session:
        code = invitations.invite_again(session, acts(rina), noa.id)[1]
        staff.change_role(session, acts(avi), noa.id, Role.MANAGER, expected_version=noa.version)
    with any_database.write() as session:
        assert isinstance(invitations.accept(session, code, telegram_id=666, language="en"), InvitationRefused)
        assert session.get_one(Person, noa.id).telegram_id == NOA.telegram_id


def test_nobody_makes_a_link_for_themselves_but_on_the_page_of_their_account(any_database: Database) -> None:
    avi = hire(any_database, AVI)
    for make in (invitations.invite_again, invitations.invite_to_desk):
        with any_database.write() as session, pytest.raises(Forbidden):
            make(session, acts(avi), avi.id)


def test_two_changes_at_once_end_what_both_of_them_end(any_database: Database) -> None:
    olga, avi = hired(any_database)
    with any_database.write() as session:
        held = a_browser(session, olga, avi), mine_for_a_mechanic(session, olga, avi)
        become(Role.STOREKEEPER, session, session.get_one(Person, olga.id), avi)
        choose_a_password(session, session.get_one(Person, olga.id), avi)
    with any_database.read() as session:
        assert not any(check(session) for check in held)
