"""The facts that an action needs: the only place where the conversation queries the database."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from sqlalchemy.orm import Session

from bot_daemon.chat import draft_store
from bot_daemon.chat.conversation.actions import LivePart, PastLine
from bot_daemon.chat.conversation.drafts import Draft
from common import i18n
from common.cars import vehicle_history
from common.catalogue import catalogue, search
from common.database.models import Category, Order, OrderLine, Person
from common.database.models import Part as CataloguePart
from common.languages import LANGUAGES
from common.text.work_budget import WorkBudget

MOST_SOUGHT = 20  # lines of one message
MOST_WORK = 1_500_000  # units of search for one message: 0.15 s, on a slow machine 0.4 s
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


@dataclass(frozen=True)
class LookedUp:
    """The parts that lines of a message may mean, the likeliest first. `is_cut`: not every line was looked up."""

    parts: dict[str, tuple[LivePart, ...]] = field(default_factory=dict)
    is_cut: bool = False


def matching_parts(session: Session, lines: Sequence[str], budget: WorkBudget | None = None) -> LookedUp:
    """Look up the lines of one message, as far as its budget goes: the database thread has other people's work."""
    budget = budget or WorkBudget(MOST_WORK)
    hits: dict[str, list[search.Match]] = {}
    for line in lines[:MOST_SOUGHT]:
        found = search.matches(session, line, language=i18n.language(), budget=budget)
        if budget.is_spent:
            break  # of this line, only a part was looked up
        hits[line] = found
    live = catalogue.live_among(session, {hit.part_id for found in hits.values() for hit in found})
    parts = {
        line: tuple(_as_live_part(live[hit.part_id], hit.exact) for hit in found if hit.part_id in live)
        for line, found in hits.items()
    }
    return LookedUp(parts, is_cut=len(hits) < len(lines))


def names_a_part(session: Session, text: str) -> bool:
    """Whether the text is exactly a part's name."""
    return any(part.exact for part in matching_parts(session, [text]).parts.get(text, ()))


def parts_gone(session: Session, draft: Draft) -> frozenset[int]:
    """The parts of the draft that are no longer in the catalogue."""
    named = {line.part_id for line in draft.lines if line.part_id is not None}
    named.update(part for line in draft.lines for part in line.candidates)
    return frozenset(named - catalogue.live_ids_among(session, named)) if named else frozenset()


def car_of(session: Session, person: Person, vehicle_id: int) -> str | None:
    """A car this person has ordered for, as it was typed."""
    vehicle = vehicle_history.vehicle_of(session, person.id, vehicle_id)
    return vehicle.raw if vehicle is not None else None


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
