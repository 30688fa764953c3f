"""The order a person is writing, as it is stored."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from bot_daemon.chat.conversation import cars, drafts
from bot_daemon.chat.conversation.drafts import Draft
from bot_daemon.chat.conversation.state import WHOLE, Attached
from common import clock
from common.database import models
from common.database.models import Person, Vehicle
from common.media import attachments
from common.signing import fresh_code


@dataclass(frozen=True)
class Stored:
    key: str
    draft: Draft
    attached: tuple[Attached, ...]


def row_of(session: Session, person: Person) -> models.Draft:
    """The person's one draft; an empty one if there is none yet."""
    row = session.get(models.Draft, person.id)
    if row is None:
        row = models.Draft(person_id=person.id, key=fresh_code(), content={}, updated_at=clock.utcnow())
        session.add(row)
    return row


def stored(session: Session, person: Person) -> Stored:
    """What is known of the draft, without making one."""
    row = session.get(models.Draft, person.id)
    return Stored(row.key, drafts.read(row.content), attached(session, row.key)) if row else Stored("none", Draft(), ())


def attached(session: Session, key: str) -> tuple[Attached, ...]:
    """The photos and voice notes of a draft."""
    rows = attachments.of_draft(session, key)
    brought = ((row.message_id, row) for row in rows if row.message_id is not None)  # whatever a draft has came in one
    return tuple(Attached(number, row.kind, row.group_id, row.draft_line or WHOLE) for number, row in brought)


def vehicle_of(session: Session, draft: Draft) -> Vehicle | None:
    """The car of the draft, if anybody ordered for it before."""
    car = cars.known(draft.plate)
    if car is None:
        return None
    same = Vehicle.key == car.key if car.vin is None else or_(Vehicle.key == car.key, Vehicle.vin == car.vin)
    return session.scalar(select(Vehicle).where(same).order_by(Vehicle.id).limit(1))
