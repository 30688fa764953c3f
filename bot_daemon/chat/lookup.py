"""The facts that an action needs: the only place where the conversation queries the database."""

from __future__ import annotations

import math
import time
from collections.abc import Iterable, Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session

from bot_daemon.chat import draft_store
from bot_daemon.chat.conversation.actions import LivePart, PastLine
from bot_daemon.chat.conversation.drafts import Draft
from common import i18n
from common.catalogue import catalogue, search
from common.database.models import Category, Order, OrderLine, Person, Vehicle
from common.database.models import Part as CataloguePart
from common.languages import LANGUAGES

SEARCHING = 1.0
ADDITIVE = "additive"  # the flag of a part in the catalogue


def part(session: Session, part_id: int) -> LivePart | None:
    """The part, if it is in the catalogue now; else None."""
    found = catalogue.live_part(session, part_id)
    return _as_live_part(found) if found else None


def _as_live_part(found: CataloguePart, exact: bool = False) -> LivePart:
    return LivePart(found.id, found.names, ADDITIVE in found.flags, exact)


def category(session: Session, category_id: int) -> int | None:
    found = session.get(Category, category_id)
    return category_id if found is not None and found.archived_at is None else None


def additives(session: Session) -> tuple[LivePart, ...]:
    """The additives of the catalogue."""
    return tuple(_as_live_part(part) for part in catalogue.parts_flagged(session, ADDITIVE))


def matching_parts(session: Session, words: Iterable[str]) -> dict[str, tuple[LivePart, ...]]:
    """The parts these words may mean, the likeliest first.

    The database thread has other work: words left after `SEARCHING` seconds are not looked up. The time counts from
    the first answer, because that one may have waited for the index of a changed catalogue.
    """
    found: dict[str, tuple[LivePart, ...]] = {}
    until = math.inf
    for one in words:
        if time.monotonic() >= until:
            break
        found[one] = _matches(session, one)
        until = min(until, time.monotonic() + SEARCHING)
    return found


def _matches(session: Session, words: str) -> tuple[LivePart, ...]:
    hits = search.matches(session, words, language=i18n.language())
    live = {hit.part_id: catalogue.live_part(session, hit.part_id) for hit in hits}
    return tuple(_as_live_part(part, hit.exact) for hit in hits if (part := live[hit.part_id]) is not None)


def parts_gone(session: Session, draft: Draft) -> frozenset[int]:
    """The parts of the draft that are no longer in the catalogue."""
    named = {line.part_id for line in draft.lines if line.part_id is not None}
    named.update(part for line in draft.lines for part in line.candidates)
    return frozenset(named - catalogue.live_ids_among(session, named)) if named else frozenset()


def car_of(session: Session, person: Person, vehicle_id: int) -> str | None:
    """A car this person has ordered for, as it was typed."""
    theirs = select(Vehicle.raw).join(Order, Order.vehicle_id == Vehicle.id)
    return session.scalar(theirs.where(Vehicle.id == vehicle_id, Order.person_id == person.id).limit(1))


def past_lines(session: Session, person: Person, draft: Draft, order_id: int) -> tuple[PastLine, ...] | None:
    """The lines of an order of this person, or of any person for the draft's car."""
    order = session.get(Order, order_id)
    if order is None or not (order.person_id == person.id or _is_for(session, order, draft)):
        return None
    return _past_lines(order.lines)


def _is_for(session: Session, order: Order, draft: Draft) -> bool:
    vehicle = draft_store.vehicle_of(session, draft)
    return vehicle is not None and order.vehicle_id == vehicle.id


def _past_lines(lines: Sequence[OrderLine]) -> tuple[PastLine, ...]:
    return tuple(
        PastLine(
            line.words,
            line.quantity,
            line.grade,
            _as_live_part(line.part) if line.part and _is_live(line.part) else None,
        )
        for line in lines
    )


def _is_live(part: CataloguePart) -> bool:
    return part.archived_at is None and part.category.archived_at is None


UNNAMED = {"photo": i18n.N_("I can't name it: see the photo"), "voice": i18n.N_("I can't name it: hear the voice note")}
ATTACHMENT = i18n.N_("I can't name it: see the attachment")


def unnamed_words(kind: str) -> dict[str, str]:
    """The text of a line without a name, in all languages."""
    words = {}
    for language in LANGUAGES:
        with i18n.use_language(language):
            words[language] = i18n.gettext(UNNAMED.get(kind, ATTACHMENT))
    return words
