"""Preferences: the notices a person wants, and the hours without sound. The card still follows every event.

A notice that is switched off is not sent. A message written by staff is then still sent, but silently: words that a
person wrote are never kept back. Questions and corrections cannot be switched off. In quiet hours messages are sent at
once and silently (Telegram's `disable_notification`) rather than later, so a reader who looks finds them.
"""

from __future__ import annotations

from sqlalchemy.orm import Session

from common.database.engine import bump_revision
from common.database.models import Person
from common.errors import InvalidInput
from common.messaging.kinds import MessageKind
from common.messaging.message_spec import Muting
from common.permissions import may

DAY_MINUTES = 24 * 60


MUTABLE: dict[str, Muting] = {kind: kind.spec.muting for kind in MessageKind if kind.spec.muting is not None}
OFF_BY_DEFAULT = [kind.value for kind in MessageKind if kind.spec.muted_at_first]  # switched off for new people


def choices(person: Person) -> list[MessageKind]:
    """The kinds that this person receives and can switch off."""
    return [kind for kind in MessageKind if kind in MUTABLE and _concerns(person, kind)]


def _concerns(person: Person, kind: MessageKind) -> bool:
    return kind.spec.for_action is None or may(person.role, kind.spec.for_action)


def set_muted(session: Session, person: Person, kind: str, muted: bool) -> None:
    """Switch this kind off or on. Raises: InvalidInput `notice` when it cannot be switched off."""
    if kind not in MUTABLE:
        raise InvalidInput("notice")
    person.muted = sorted({*person.muted, kind} if muted else {*person.muted} - {kind})
    bump_revision(session)


def set_single_keys(session: Session, person: Person, on: bool) -> None:
    """Switch the desk's single-key shortcuts (without Ctrl or Alt) on or off for this person."""
    person.single_keys = on
    bump_revision(session)


def set_quiet(session: Session, person: Person, hours: tuple[int, int] | None) -> None:
    """Set the quiet hours, in minutes after midnight, station's time; None: no quiet hours.

    Raises:
        InvalidInput: `quiet_hours`.
    """
    if hours is not None and (hours[0] == hours[1] or not all(0 <= minute < DAY_MINUTES for minute in hours)):
        raise InvalidInput("quiet_hours")
    person.quiet_from, person.quiet_until = hours or (None, None)
    bump_revision(session)


def wants(person: Person, kind: str) -> bool:
    """Whether this kind is sent to the person at all."""
    return not (kind in person.muted and MUTABLE.get(kind) is Muting.NOT_SENT)


def is_silent(person: Person, kind: str, minute: int) -> bool:
    """Whether this kind is sent without a sound at this minute after midnight."""
    return (kind in person.muted and MUTABLE.get(kind) is Muting.SILENT) or is_quiet(person, minute)


def is_quiet(person: Person, minute: int) -> bool:
    """Whether this minute is in the person's quiet hours, which may span midnight."""
    start, end = person.quiet_from, person.quiet_until
    if start is None or end is None:
        return False
    return start <= minute < end if start < end else minute >= start or minute < end
