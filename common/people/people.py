"""People: adding, linking to a chat, changing, archiving."""

from __future__ import annotations

from collections.abc import Collection

from sqlalchemy import bindparam, delete, select
from sqlalchemy.orm import Session

from common import audit, clock
from common.database import rows
from common.database.engine import bump_revision
from common.database.models import Card, Person, Role, Screen
from common.errors import InvalidInput
from common.facts.messages import Unlinked
from common.languages import LANGUAGES
from common.messaging import outbox
from common.messaging.kinds import MessageKind
from common.people import preferences, rights, staff
from common.people.access import revocation, sign_ins
from common.people.access.revocation import AccessChange
from common.permissions import Action, Actor, require, roles_that

MAX_NAME = 80
_BY_TELEGRAM = select(Person).where(Person.telegram_id == bindparam("telegram_id"))


def by_telegram(session: Session, telegram_id: int) -> Person | None:
    """The person with this Telegram account, archived or not; None for a stranger."""
    return session.scalar(_BY_TELEGRAM, {"telegram_id": telegram_id})


def clean_name(name: str) -> str:
    """Raises: InvalidInput `name`."""
    cleaned = " ".join(name.split())
    if not 1 <= len(cleaned) <= MAX_NAME or not cleaned.isprintable():
        raise InvalidInput("name", most=MAX_NAME)
    return cleaned


def clean_language(language: str) -> str:
    """Raises: InvalidInput `language`."""
    if language not in LANGUAGES:
        raise InvalidInput("language")
    return language


def add_person(
    session: Session, *, name: str, role: Role, language: str, telegram_id: int | None = None, chosen: bool = False
) -> Person:
    """Raises: InvalidInput `name`, `language`."""
    person = Person(
        name=clean_name(name),
        role=role,
        language=clean_language(language),
        language_chosen=chosen,
        telegram_id=telegram_id,
        muted=[*preferences.OFF_BY_DEFAULT],
        created_at=clock.utcnow(),
    )
    session.add(person)
    session.flush()
    bump_revision(session)
    return person


def linked_people(session: Session, action: Action) -> list[Person]:
    """The people who have linked Telegram and may do this."""
    wanted = (Person.role.in_(roles_that(action)), Person.telegram_id.is_not(None), Person.archived_at.is_(None))
    return list(session.scalars(select(Person).where(*wanted).order_by(Person.id)))


def link(session: Session, person: Person, telegram_id: int) -> None:
    """Make this the person's chat. `telegram_id` must not belong to another person."""
    if person.telegram_id == telegram_id:
        return
    if person.telegram_id is not None:
        _leave_chat(session, person, person.telegram_id)
    person.telegram_id = telegram_id
    revocation.end(session, person, AccessChange.CHAT)
    if rights.is_staff(person.role):
        sign_ins.note_news(session, person.id)
    bump_revision(session)


def unlink(session: Session, actor: Actor, person_id: int) -> Person:
    """Unlink a Telegram account: one's own, or with `people.staff` anyone's. Raises: NotFound, Forbidden."""
    if person_id != actor.person_id:
        require(actor, Action.PEOPLE_STAFF)
    person = staff.get(session, person_id)
    if person.telegram_id is not None:
        _leave_chat(session, person, person.telegram_id)
        staff.record(session, actor, "person.unlinked", person)
    return person


def _leave_chat(session: Session, person: Person, chat_id: int) -> None:
    """Tell the old chat that it was unlinked, since another person may have done it."""
    release_chat(session, person)
    outbox.enqueue(
        session,
        key=f"unlinked:{person.id}:{chat_id}:{clock.utcnow().timestamp():.0f}",
        kind=MessageKind.REPLY_UNLINKED,
        chat_id=chat_id,
        stream=outbox.chat_stream(chat_id),
        arguments=Unlinked(language=person.language, name=person.name),
    )


def release_chat(session: Session, person: Person) -> None:
    """Detach a person from their chat: none of their messages is sent or edited there, whoever owns it next."""
    chat_id, person.telegram_id = person.telegram_id, None
    revocation.end(session, person, AccessChange.CHAT)
    if chat_id is None:
        return
    outbox.withdraw(session, chat_id)
    session.execute(delete(Card).where(Card.chat_id == chat_id))
    session.execute(delete(Screen).where(Screen.chat_id == chat_id))
    bump_revision(session)


def choose_language(session: Session, person: Person, language: str) -> None:
    """Raises: InvalidInput `language`."""
    person.language, person.language_chosen = clean_language(language), True
    bump_revision(session)


def change(
    session: Session,
    actor: Actor,
    person_id: int,
    *,
    expected_version: int,
    name: str,
    language: str,
    muted: Collection[str],
) -> Person:
    """Change name, language and switched-off notices, if the person is at the version the caller saw.

    Raises:
        NotFound, Forbidden, StaleVersion. InvalidInput `name`, `language`, `notice`, `archived`.
    """
    person = staff.get(session, person_id, lock=True)
    require(actor, rights.changing(actor, person))
    rows.check_version(person, expected_version, "person")
    if person.archived_at is not None:
        raise InvalidInput("archived")
    choices = set(preferences.choices(person))
    if not set(muted) <= choices:
        raise InvalidInput("notice")
    wanted = {
        "name": clean_name(name),
        "language": clean_language(language),
        "muted": sorted({*person.muted} - choices | {*muted}),
    }
    changes = audit.differences(person, wanted)
    if changes:
        for field, value in wanted.items():
            setattr(person, field, value)
        person.language_chosen = person.language_chosen or "language" in changes
        session.flush()
        staff.record(session, actor, "person.changed", person, {"changes": changes})
    return person


def archive(session: Session, actor: Actor, person_id: int) -> Person:
    """Close a person's access: the chat refuses the next tap, and whatever they held ends.

    Raises: NotFound, Forbidden, InvalidInput `last_manager`.
    """
    require(actor, Action.PEOPLE_ARCHIVE)
    staff.keep_a_manager(session, person_id)
    person = staff.get(session, person_id, lock=True)
    if person.archived_at is not None:
        return person
    person.archived_at = clock.utcnow()
    revocation.end(session, person, AccessChange.CLOSED)
    staff.record(session, actor, "person.archived", person)
    return person


def restore(session: Session, actor: Actor, person_id: int) -> Person:
    """Raises: NotFound, Forbidden."""
    require(actor, Action.PEOPLE_ARCHIVE)
    person = staff.get(session, person_id, lock=True)
    if person.erasing_since is not None:
        raise InvalidInput("erased")
    if person.archived_at is not None:
        person.archived_at = None
        revocation.end(session, person, AccessChange.RETURNED)
        staff.record(session, actor, "person.restored", person)
    return person
