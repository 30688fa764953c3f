"""The stored draft: the order a person is writing."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from bot_daemon.chat.conversation import cars, drafts
from bot_daemon.chat.conversation.drafts import Draft
from bot_daemon.chat.conversation.state import WHOLE, AttachedFile
from common import clock
from common.database import models
from common.database.models import Person, Vehicle
from common.media import attachments
from common.signing import fresh_code


@dataclass(frozen=True)
class StoredDraft:
    key: str
    draft: Draft
    attached: tuple[AttachedFile, ...]


def ensure_row(session: Session, person: Person) -> models.Draft:
    """The person's single draft; an empty one is created if there is none."""
    row = session.get(models.Draft, person.id)
    if row is None:
        row = models.Draft(person_id=person.id, key=fresh_code(), content={}, updated_at=clock.utcnow())
        session.add(row)
    return row


def load_draft(session: Session, person: Person) -> StoredDraft:
    """The stored draft and its facts, without creating a row."""
    row = session.get(models.Draft, person.id)
    return (
        StoredDraft(row.key, drafts.from_stored(row.content), attached_files(session, row.key))
        if row
        else StoredDraft("none", Draft(), ())
    )


def touched_at(session: Session, person: Person) -> datetime | None:
    """When the person's draft was changed last."""
    row = session.get(models.Draft, person.id)
    return row.updated_at if row else None


def order_of_message(session: Session, person: Person, message_id: int) -> int | None:
    """The order that was sent with what this message said."""
    row = session.get(models.Draft, person.id)
    sent = drafts.from_stored(row.content).sent if row else ()
    return next((one.order for one in sent if one.message == message_id), None)


def attached_files(session: Session, key: str) -> tuple[AttachedFile, ...]:
    """The photos and voice notes of a draft."""
    rows = attachments.of_draft(session, key)
    brought = (
        (row.message_id, row) for row in rows if row.message_id is not None
    )  # every file of a draft came in a message
    return tuple(AttachedFile(number, row.kind, row.group_id, row.draft_line or WHOLE) for number, row in brought)


def vehicle_of(session: Session, draft: Draft) -> Vehicle | None:
    """The draft's car, if it has been ordered for before."""
    car = cars.taken_car(draft.plate)
    if car is None:
        return None
    same = Vehicle.key == car.key if car.vin is None else or_(Vehicle.key == car.key, Vehicle.vin == car.vin)
    return session.scalar(select(Vehicle).where(same).order_by(Vehicle.id).limit(1))
