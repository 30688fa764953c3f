"""Taking a person's identity: the last transaction of erasing. The row stays, under a name that says the role."""

from __future__ import annotations

from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session

from common import clock
from common.database.engine import bump_revision
from common.database.models import (
    ApiRequest,
    ApiToken,
    AuditEntry,
    Card,
    CatalogueImport,
    Chat,
    Draft,
    Favourite,
    Invitation,
    JoinRequest,
    KnownBrowser,
    Login,
    LoginAttempt,
    LoginLink,
    OutboxRow,
    PageVisit,
    Person,
    Role,
    SavedView,
    Screen,
    SignIn,
    StaffSession,
    ThrottleCount,
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
    PageVisit, Favourite, Draft, StaffSession, SignIn, KnownBrowser, LoginLink, LoginAttempt, ThrottleCount, Login,
    JoinRequest, ApiRequest, ApiToken, CatalogueImport, SavedView, Card, Screen, Chat,
)  # fmt: skip
_NAMING = frozenset({"name", "username", "telegram_id", "language", "muted"})  # fields of an audited change


def neutral_name(person: Person, language: str) -> str:
    with use_language(language):
        return gettext(NAMES[person.role]) % {"number": person.id}


def take(session: Session, person: Person, who: Subject, name: str, language: str) -> None:
    """Take what remains of the person: the account, the language, the habits, and last the name."""
    session.execute(delete(OutboxRow).where(who.in_chat(OutboxRow.__table__.c.chat_id)))
    for table in GOES:
        session.execute(delete(table).where(belonging.ROWS[table](who)))
    links = belonging.ROWS[Invitation](who)
    session.execute(update(Invitation).where(links).values(name=name, language=None, browser=""))
    _rename_audit(session, who, name)
    person.name, person.telegram_id, person.language, person.language_chosen = name, None, language, False
    person.muted, person.quiet_from, person.quiet_until, person.single_keys = [], None, None, True
    person.has_access_news = False
    person.erased_at = clock.utcnow()
    session.flush()
    bump_revision(session)


def _rename_audit(session: Session, who: Subject, name: str) -> None:
    for entry in session.scalars(select(AuditEntry).where(belonging.ROWS[AuditEntry](who))):
        entry.name = name
        entry.arguments = {key: _without_fields(value) for key, value in entry.arguments.items()}


def _without_fields(changes: object) -> object:
    """The changed fields of an entry, without those that say who somebody is."""
    if not isinstance(changes, dict):
        return changes
    return {field: pair for field, pair in changes.items() if field not in _NAMING}
