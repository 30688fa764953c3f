"""The list of people: filtered by name, role and reachability, page by page."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from common.database.models import Chat, Person, Role

MOST_PEOPLE = 2000


@dataclass(frozen=True)
class PeopleSearch:
    """The filters. `unreachable`: only people whom the bot cannot reach; `after`: the last of the previous page."""

    text: str = ""
    role: Role | None = None
    unreachable: bool = False
    archived: bool = False
    after: int = 0


def find(session: Session, wanted: PeopleSearch, limit: int) -> list[tuple[Person, str]]:
    """People by id, each with the reason why the bot cannot reach them; empty if it can, or if they have no chat."""
    statement = (
        select(Person, Chat.unreachable)
        .outerjoin(Chat, Chat.chat_id == Person.telegram_id)
        .where(Person.archived_at.is_not(None) if wanted.archived else Person.archived_at.is_(None))
        .where(Person.id > wanted.after)
        .order_by(Person.id)
        .limit(limit)
    )
    if wanted.role is not None:
        statement = statement.where(Person.role == wanted.role)
    if wanted.unreachable:
        statement = statement.where(or_(Person.telegram_id.is_(None), Chat.unreachable != ""))
    if wanted.text:
        statement = statement.where(Person.id.in_(_ids_by_name(session, wanted.text)))
    return [(person, why or "") for person, why in session.execute(statement)]


def names(session: Session, person_ids: Collection[int]) -> dict[int, str]:
    if not person_ids:
        return {}
    found = session.execute(select(Person.id, Person.name).where(Person.id.in_(person_ids)))
    return {person.id: person.name for person in found}


def present_or_named(session: Session, person_ids: Collection[int], limit: int) -> list[Person]:
    """The people who are not archived, and those of these ids, by name."""
    wanted = select(Person).where(Person.archived_at.is_(None) | Person.id.in_(person_ids))
    return list(session.scalars(wanted.order_by(Person.name, Person.id).limit(limit)))


def _ids_by_name(session: Session, text: str) -> list[int]:
    """Folds case in Python, because SQLite's LIKE ignores case for ASCII only."""
    asked = text.casefold()
    rows = session.execute(select(Person.id, Person.name).limit(MOST_PEOPLE))
    return [person_id for person_id, name in rows if asked in name.casefold()]
