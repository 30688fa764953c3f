"""What the pages of people decide: which button leads, and what a link is for."""

from __future__ import annotations

import pytest

from common import clock
from common.database.models import Invitation, InvitationWay, Person, Role
from webapp.people.invitation_page import InvitationPage
from webapp.people.people_page import PersonRow
from webapp.people.person_actions import PersonActions

READER = 7


def row(role: Role = Role.MECHANIC, telegram_id: int | None = 5, unreachable: str = "") -> PersonRow:
    actions = PersonActions(
        is_self=False,
        is_staff=role is not Role.MECHANIC,
        may_change=True,
        may_link=True,
        may_give_login=False,
        may_archive=True,
        may_change_role=False,
    )
    return PersonRow(Person(name="Dima", role=role, telegram_id=telegram_id), unreachable, actions)


def invitation(person_id: int | None, way: InvitationWay = InvitationWay.CHAT) -> InvitationPage:
    made = Invitation(name="Dima", person_id=person_id, way=way, expires_at=clock.utcnow())
    return InvitationPage(made, "code", "https://t.me/felix_bot?start=code", "/people", READER)


@pytest.mark.parametrize(
    ("shown", "wanted"),
    [
        (row(), False),
        (row(unreachable="blocked"), True),
        (row(telegram_id=None), True),
        (row(Role.STOREKEEPER, telegram_id=None), False),
        (row(Role.STOREKEEPER, unreachable="blocked"), True),
    ],
)
def test_a_new_link_leads_for_mechanics_without_a_chat_and_for_whoever_the_bot_lost(
    shown: PersonRow, wanted: bool
) -> None:
    assert shown.needs_link is wanted


@pytest.mark.parametrize(
    ("person_id", "own", "known"), [(None, False, False), (READER, True, False), (READER + 1, False, True)]
)
def test_a_link_is_for_somebody_new_for_the_reader_or_for_somebody_who_is_known(
    person_id: int | None, own: bool, known: bool
) -> None:
    page = invitation(person_id)
    assert (page.is_own, page.is_for_known_person) == (own, known)


def test_a_link_to_the_desk_is_told_from_one_to_the_chat() -> None:
    assert invitation(None, InvitationWay.DESK).is_to_desk
    assert not invitation(None).is_to_desk
