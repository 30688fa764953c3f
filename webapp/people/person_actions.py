"""The reader's permitted actions on a person, for every page that offers them."""

from __future__ import annotations

from dataclasses import dataclass

from common.database.models import Person
from common.people import rights
from common.permissions import Action
from webapp.web.context import reader


@dataclass(frozen=True)
class PersonActions:
    """`may_link`: a new link to the chat. `may_give_login`: a link to the desk, for a name and a password."""

    is_self: bool
    is_staff: bool
    may_change: bool
    may_link: bool
    may_give_login: bool
    may_archive: bool
    may_change_role: bool


def of_person(person: Person) -> PersonActions:
    who = reader()
    is_self, is_here = person.id == who.person_id, person.archived_at is None
    is_staff = rights.is_staff(person.role)
    return PersonActions(
        is_self=is_self,
        is_staff=is_staff,
        may_change=is_here and who.may(rights.changing(who.actor, person)),
        may_link=is_here and not is_self and rights.may_invite(who.actor, person.role),
        may_give_login=is_here and not is_self and is_staff and who.may(Action.PEOPLE_STAFF),
        may_archive=not is_self and person.erasing_since is None and who.may(Action.PEOPLE_ARCHIVE),
        may_change_role=is_here and who.may(Action.ROLE_CHANGE),
    )
