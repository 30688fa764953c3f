"""Rows of others that name a person: timelines, messages, receipts, the audit. They get the name that remains.

A name that somebody else has too stays where it is, because nobody could tell whom it means.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import ColumnElement, String, cast, false, or_, select, update
from sqlalchemy.orm import InstrumentedAttribute, Session

from common.database.models import ApiRequest, AuditEntry, Delivery, Event, Order, OutboxRow, Person
from common.personal.belonging import Subject

AT_ONCE = 200  # rows per transaction
SHORTEST = 3  # a shorter name would be found inside other words


@dataclass(frozen=True)
class Renaming:
    """What the person, and nobody else, is called; and the name that remains."""

    old: Sequence[str]
    new: str

    @classmethod
    def of(cls, session: Session, who: Subject, new: str) -> Renaming:
        others = select(Person.id).where(Person.name == who.name, Person.id != who.person_id).limit(1)
        is_shared = session.scalar(others) is not None
        called = ("" if is_shared else who.name, who.username or "")
        return cls([text for text in called if len(text) >= SHORTEST and text != new], new)

    def of_text(self, text: str) -> str:
        return self.new if text in self.old else text

    def of_value(self, value: object) -> object:
        """The value with each text that is exactly one of the names replaced, at any depth."""
        if isinstance(value, dict):
            return {key: self.of_value(one) for key, one in value.items()}
        if isinstance(value, list):
            return [self.of_value(one) for one in value]
        return self.of_text(value) if isinstance(value, str) else value

    def names_in(self, column: InstrumentedAttribute[dict[str, object]]) -> ColumnElement[bool]:
        """Whether the document holds one of the names as a whole text."""
        written = [json.dumps(text, ensure_ascii=False) for text in self.old]
        return or_(false(), *(cast(column, String).contains(text, autoescape=True) for text in written))

    def named_in(self, column: InstrumentedAttribute[str | None]) -> ColumnElement[bool]:
        return or_(false(), *(column.contains(text, autoescape=True) for text in self.old))


def rename_some(session: Session, renaming: Renaming) -> bool:
    """Rename the person in some rows of others. Returns whether any changed: then call it again."""
    events = select(Event).where(renaming.names_in(Event.arguments)).limit(AT_ONCE)
    messages = select(OutboxRow).where(renaming.names_in(OutboxRow.arguments)).limit(AT_ONCE)
    named = AuditEntry.name.in_(renaming.old) | renaming.names_in(AuditEntry.arguments)
    entries = select(AuditEntry).where(named).limit(AT_ONCE)
    for rows in (session.scalars(events), session.scalars(messages), session.scalars(entries)):
        if sum(_rename(row, renaming) for row in rows):
            return True
    return _empty_texts(session, renaming)


def _rename(row: Event | OutboxRow | AuditEntry, renaming: Renaming) -> bool:
    before = row.arguments
    row.arguments = {key: renaming.of_value(value) for key, value in before.items()}
    changed = row.arguments != before
    if isinstance(row, AuditEntry):
        changed = changed or row.name in renaming.old
        row.name = renaming.of_text(row.name)
    return changed


def _empty_texts(session: Session, renaming: Renaming) -> bool:
    """What was sent to others, and answered to programs, goes with its time anyway: here it goes at once."""
    sent = session.scalars(select(Delivery.id).where(renaming.named_in(Delivery.text)).limit(AT_ONCE)).all()
    session.execute(update(Delivery).where(Delivery.id.in_(sent)).values(text=None))
    session.execute(update(ApiRequest).where(renaming.named_in(ApiRequest.answer)).values(answer=None))
    session.execute(update(Order).where(Order.issued_to.in_(renaming.old)).values(issued_to=renaming.new))
    return bool(sent)
