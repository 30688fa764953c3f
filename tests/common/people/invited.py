"""Invitations that are made and opened."""

from __future__ import annotations

from common.database.engine import Database
from common.database.models import InvitationWay, Order, Person, Role, Via
from common.orders import placing
from common.orders.placing import WantedLine
from common.people import invitations
from common.people.invitations import InvitationRefused
from common.permissions import Actor
from tests.support.cast import acts

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


def for_staff(database: Database) -> str:
    with database.write() as session:
        return invitations.invite(session, MANAGER, name="Mika", role=Role.STOREKEEPER, way=InvitationWay.DESK)[1]


def placed(database: Database, person: Person) -> Order:
    with database.write() as session:
        return placing.place_order(
            session, key="k", person=person, lines=[WantedLine({"": "bolt"})], actor=acts(person)
        )[0]
