"""Taking a person's identity: the last transaction of erasing. The row stays, under a name that says the role."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

from sqlalchemy import String, cast, delete, or_, select, update
from sqlalchemy.orm import InstrumentedAttribute, Session

from common import clock
from common.database.engine import bump_revision
from common.database.models import (
    ApiRequest,
    ApiToken,
    AuditEntry,
    Base,
    Card,
    CatalogueImport,
    Chat,
    Delivery,
    Draft,
    Event,
    Favourite,
    Invitation,
    JoinRequest,
    Login,
    LoginAttempt,
    LoginLink,
    Order,
    OutboxRow,
    PageVisit,
    Person,
    Role,
    SavedView,
    Screen,
    StaffSession,
)
from common.i18n import N_, gettext, use_language
from common.personal import belonging
from common.personal.belonging import Subject

NAMES = {
    Role.MECHANIC: N_("Former mechanic %(number)d"),
    Role.STOREKEEPER: N_("Former storekeeper %(number)d"),
    Role.MANAGER: N_("Former manager %(number)d"),
}
# Whole rows that are nothing without the person; those that refer to others come first.
GOES = (
    PageVisit, Favourite, Draft, StaffSession, LoginLink, LoginAttempt, Login, JoinRequest, ApiRequest, ApiToken,
    CatalogueImport, SavedView, Card, Screen, Chat,
)  # fmt: skip
_NAMING = frozenset({"name", "username", "telegram_id", "language", "muted"})  # fields of an audited change


def neutral_name(person: Person, language: str) -> str:
    with use_language(language):
        return gettext(NAMES[person.role]) % {"number": person.id}


def take(session: Session, person: Person, who: Subject, language: str) -> None:
    """Take what remains of the person: the name in every row, the account, the language, the habits."""
    name = neutral_name(person, language)
    session.execute(delete(OutboxRow).where(who.in_chat(OutboxRow.__table__.c.chat_id)))
    for table in GOES:
        session.execute(delete(table).where(belonging.ROWS[table](who)))
    links = belonging.ROWS[Invitation](who)
    session.execute(update(Invitation).where(links).values(name=name, language=None))
    _rename_audit(session, who, name)
    _rename_elsewhere(session, who, name)
    person.name, person.telegram_id, person.language, person.language_chosen = name, None, language, False
    person.muted, person.quiet_from, person.quiet_until, person.single_keys = [], None, None, True
    person.erased_at = clock.utcnow()
    session.flush()
    bump_revision(session)


def _rename_audit(session: Session, who: Subject, name: str) -> None:
    for entry in session.scalars(select(AuditEntry).where(belonging.ROWS[AuditEntry](who))):
        entry.name = name
        entry.arguments = {key: _without_fields(value) for key, value in entry.arguments.items()}


def _without_fields(changes: Any) -> Any:
    """The changed fields of an entry, without those that say who somebody is."""
    if not isinstance(changes, dict):
        return changes
    return {field: pair for field, pair in changes.items() if field not in _NAMING}


def _rename_elsewhere(session: Session, who: Subject, name: str) -> None:
    """Rows of others that name the person: timelines, messages, what the counter wrote down, stored answers."""
    session.execute(update(Order).where(Order.issued_to == who.name).values(issued_to=name))
    for row, column in ((Event, Event.arguments), (OutboxRow, OutboxRow.arguments), (AuditEntry, AuditEntry.arguments)):
        _rename_json(session, row, column, who, name)
    session.execute(update(AuditEntry).where(AuditEntry.name == who.name).values(name=name))
    named = [Delivery.text.contains(text, autoescape=True) for text in _marks(who)]
    session.execute(update(Delivery).where(or_(*named)).values(text=None))
    answered = [ApiRequest.answer.contains(text, autoescape=True) for text in _marks(who)]
    session.execute(update(ApiRequest).where(or_(*answered)).values(answer=None))


def _marks(who: Subject) -> list[str]:
    return [text for text in (who.name, who.username) if text]


def _rename_json(
    session: Session, table: type[Base], column: InstrumentedAttribute[dict[str, Any]], who: Subject, name: str
) -> None:
    marks = dict.fromkeys(_marks(who), name)
    named = [cast(column, String).contains(json.dumps(text, ensure_ascii=False), autoescape=True) for text in marks]
    for row in session.scalars(select(table).where(or_(*named))):
        setattr(row, column.key, _replaced(column.__get__(row, table), marks.get))


def _replaced(value: Any, new: Callable[[Any], Any]) -> Any:
    """The value with each text that is exactly a name of the person replaced, at any depth."""
    if isinstance(value, dict):
        return {key: _replaced(one, new) for key, one in value.items()}
    if isinstance(value, list):
        return [_replaced(one, new) for one in value]
    return (new(value) or value) if isinstance(value, str) else value
