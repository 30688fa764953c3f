"""The cast of the tests: Dima and Noa order, Rina serves, Avi manages, Charlie may see nothing."""

from __future__ import annotations

from dataclasses import dataclass

import pytest

from common.database.engine import Database
from common.database.models import Person, Role, Via
from common.people import logins, people
from common.permissions import Actor


@dataclass(frozen=True)
class Member:
    """A member of the cast; `telegram_id` is the sender and the private chat, `username` signs in at the desk."""

    name: str
    language: str
    role: Role
    telegram_id: int | None = None
    username: str = ""


DIMA = Member("Dima", "ru", Role.MECHANIC, telegram_id=1001)
NOA = Member("Noa", "he", Role.MECHANIC, telegram_id=1002)
CHARLIE = Member("Charlie", "en", Role.MECHANIC, telegram_id=1003)  # a stranger: never hire him
RINA = Member("Rina", "he", Role.STOREKEEPER, username="rina")
AVI = Member("Avi", "en", Role.MANAGER, username="avi")
PASSWORD = "seven grey pigeons"


def hire(database: Database, member: Member, *, password: str | None = None) -> Person:
    """The member as a known person who has chosen a language; with a password, a login at the desk too."""
    with database.write() as session:
        person = people.add_person(
            session,
            name=member.name,
            role=member.role,
            language=member.language,
            telegram_id=member.telegram_id,
            chosen=True,
        )
        if password:
            logins.set_password(session, person, member.username, password)
    return person


def acts(person: Person, via: Via | None = None) -> Actor:
    """The person as an actor: mechanics through the bot, staff at the desk."""
    return Actor.of(person, via or (Via.BOT if person.role is Role.MECHANIC else Via.DESK))


@pytest.fixture
def dima(database: Database) -> Person:
    return hire(database, DIMA)


@pytest.fixture
def noa(database: Database) -> Person:
    return hire(database, NOA)


@pytest.fixture
def rina(database: Database) -> Person:
    return hire(database, RINA)


@pytest.fixture
def avi(database: Database) -> Person:
    return hire(database, AVI)
