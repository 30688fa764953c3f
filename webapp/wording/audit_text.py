"""Facts of the audit in the reader's language: one sentence each, and the fields of a change before and after."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from markupsafe import Markup, escape
from sqlalchemy.orm import Session

from common import audit
from common.catalogue import details
from common.database.models import AuditEntry
from common.i18n import N_, gettext
from common.languages import NAMES
from webapp.wording import words

KINDS: dict[str, str] = {
    "part.added": N_("%(who)s added the part %(name)s"),
    "part.changed": N_("%(who)s changed the part %(name)s"),
    "part.archived": N_("%(who)s took the part %(name)s out of the catalogue"),
    "part.restored": N_("%(who)s brought the part %(name)s back"),
    "part.placed": N_("%(who)s moved the part %(name)s to another place"),
    "part.merged": N_("%(who)s merged the part %(name)s into %(other)s"),
    "part.from_line": N_("%(who)s made “%(written)s”, written by hand, this part: %(name)s"),
    "category.added": N_("%(who)s added the category %(name)s"),
    "category.changed": N_("%(who)s changed the category %(name)s"),
    "category.archived": N_("%(who)s took the category %(name)s out of the catalogue"),
    "category.restored": N_("%(who)s brought the category %(name)s back"),
    "category.placed": N_("%(who)s moved the category %(name)s to another place"),
    "catalogue.imported": N_("%(who)s loaded %(name)s: %(added)s parts added, %(changed)s changed"),
    "person.changed": N_("%(who)s changed %(name)s"),
    "person.role": N_("%(who)s gave %(name)s another role"),
    "person.archived": N_("%(who)s closed the access of %(name)s"),
    "person.erased": N_("%(who)s had %(name)s erased"),
    "person.exported": N_("%(who)s handed out what is stored about %(name)s"),
    "person.restored": N_("%(who)s let %(name)s in again"),
    "person.unlinked": N_("%(who)s took the Telegram account off %(name)s"),
    "person.signed_out": N_("%(who)s signed %(name)s out everywhere"),
    "person.all_signed_out": N_("%(who)s ended the access of all browsers, links, invitations and tokens"),
    "person.password": N_("%(who)s chose a new password"),
    "person.link_used": N_("%(who)s signed in by a link in Telegram"),
    "person.password_given": N_("%(who)s gave %(name)s a new password"),
    "person.added": N_("%(who)s added %(name)s"),
    "person.let_in": N_("%(who)s let %(name)s in, who had asked to join"),
    "person.linked": N_("%(who)s linked a Telegram account, asked for in %(browser)s"),
    "person.joined": N_("%(name)s joined by an invitation"),
    "invitation.made": N_("%(who)s made an invitation for %(name)s"),
    "invitation.withdrawn": N_("%(who)s withdrew the invitation of %(name)s"),
    "token.made": N_("%(who)s made the token %(name)s"),
    "token.revoked": N_("%(who)s revoked the token %(name)s"),
    "reply.added": N_("%(who)s wrote the quick reply %(name)s"),
    "reply.changed": N_("%(who)s changed the quick reply %(name)s"),
    "reply.archived": N_("%(who)s put the quick reply %(name)s away"),
    "reply.restored": N_("%(who)s brought the quick reply %(name)s back"),
    "settings.changed": N_("%(who)s changed the settings: %(name)s"),
}
SUBJECTS: dict[str, str] = {
    "person": N_("People"),
    "invitation": N_("Invitations"),
    "part": N_("Parts"),
    "category": N_("Categories"),
    "catalogue": N_("Imports"),
    "token": N_("Tokens"),
    "reply": N_("Quick replies"),
    "settings": N_("Settings"),
}
FIELDS: dict[str, str] = {
    "names": N_("Names"),
    "name": N_("Name"),
    "synonyms": N_("Other words for it"),
    "flags": N_("Questions and marks"),
    "unit": N_("Unit of a number"),
    "positions": N_("Where it can be"),
    "attributes": N_("What is said with it"),
    "category_id": N_("Category"),
    "icon": N_("Sign"),
    "language": N_("Language"),
    "muted": N_("Notices switched off"),
    "role": N_("Role"),
    "shortcut": N_("Shortcut"),
}
BY_LANGUAGE: dict[str, str] = {
    "names": N_("Name (%(language)s)"),
    "texts": N_("Text (%(language)s)"),
    "button_names": N_("Short name for a button (%(language)s)"),
}
VALUES: dict[str, str] = {**details.FLAGS, **details.POSITIONS, **details.ATTRIBUTES, **words.NOTICES}


@dataclass(frozen=True)
class FieldChange:
    """One field of a change."""

    field: str
    before: str
    after: str


@dataclass(frozen=True)
class AuditText:
    id: int
    at: datetime
    via: str
    sentence: Markup
    changes: list[FieldChange]


def audit_texts(entries: Iterable[AuditEntry]) -> list[AuditText]:
    """The entries as text."""
    return [AuditText(e.id, e.at, words.word_of(words.SOURCES, e.via), _sentence(e), list(changes(e))) for e in entries]


def changes_since(session: Session, subject: str, subject_id: int, version: int | None) -> list[AuditText]:
    """The changes of a row since a version that its reader saw; none if no version is given."""
    return audit_texts(audit.since(session, subject, subject_id, version)) if version else []


def history(session: Session, subject: str, subject_id: int) -> list[AuditText]:
    """Who changed a row."""
    return audit_texts(audit.of(session, subject, subject_id))


def _sentence(entry: AuditEntry) -> Markup:
    facts = {key: _bdi(value) for key, value in entry.arguments.items() if not isinstance(value, (dict, list))}
    who = entry.actor.name if entry.actor else gettext("The system")
    text = words.word_of(KINDS, entry.kind)
    shown = {
        "browser": _bdi("?"),
        "other": _bdi("?"),
        "added": _bdi("?"),
        "changed": _bdi("?"),
        "written": _bdi("?"),
    } | facts
    return Markup(escape(text)) % {**shown, "who": _bdi(who), "name": _bdi(entry.name)}  # noqa: S704 escaped, as what it names


def _bdi(text: object) -> Markup:
    return Markup("<bdi>{}</bdi>").format(text)


def changes(entry: AuditEntry) -> Iterator[FieldChange]:
    """The changed fields; of names, the changed languages."""
    found: dict[str, Any] = entry.arguments.get("changes") or {}
    for field, (before, after) in found.items():
        if isinstance(before, dict) or isinstance(after, dict):
            yield from _by_language(field, before or {}, after or {})
        else:
            yield FieldChange(words.word_of(FIELDS, field), _value_text(field, before), _value_text(field, after))


def _by_language(field: str, before: dict[str, str], after: dict[str, str]) -> Iterator[FieldChange]:
    for code in dict.fromkeys((*before, *after)):
        if before.get(code, "") != after.get(code, ""):
            named = words.word_of(BY_LANGUAGE, field) % {"language": NAMES.get(code, code)}
            yield FieldChange(named, before.get(code, ""), after.get(code, ""))


def _value_text(field: str, value: Any) -> str:
    if isinstance(value, list):
        return ", ".join(words.word_of(VALUES, str(one)) for one in value)
    if field == "role":
        return words.word_of(words.ROLES, str(value))
    if field == "unit":
        return words.word_of(details.UNITS, str(value))
    return NAMES.get(str(value), str(value)) if field == "language" else str(value)
