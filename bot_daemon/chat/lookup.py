"""The facts that an action needs: the only place where the conversation queries the database."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy.orm import Session

from bot_daemon.chat import draft_store
from bot_daemon.chat.conversation.actions import LivePart, PastLine, TypeText
from bot_daemon.chat.conversation.drafts import Draft, DraftLine
from common import i18n
from common.cars import vehicle_history
from common.catalogue import catalogue
from common.database.models import Category, Order, OrderLine, Person
from common.database.models import Part as CataloguePart
from common.languages import LANGUAGES
from common.talk import typed_answers
from common.text.work_budget import WorkBudget
from common.understanding.catalogue_names import NAMES
from common.understanding.read import read
from common.understanding.reading import Reading
from common.understanding.said import PAIRED

MOST_WORK = 1_500_000  # units of search for one message: 0.15 s, on a slow machine 0.4 s
ADDITIVE, COUNTED = "additive", "counted"  # flags of a part in the catalogue


def part(session: Session, part_id: int) -> LivePart | None:
    """The part, if it is in the catalogue now; else None."""
    found = catalogue.live_part(session, part_id)
    return _as_live_part(found) if found else None


def _as_live_part(found: CataloguePart) -> LivePart:
    place = found.code.rpartition("_")[2]
    return LivePart(
        found.id, found.names, ADDITIVE in found.flags, COUNTED in found.flags, place if place in PAIRED else ""
    )


def category(session: Session, category_id: int) -> int | None:
    found = session.get(Category, category_id)
    return category_id if found is not None and found.archived_at is None else None


def additives(session: Session) -> tuple[LivePart, ...]:
    """The additives of the catalogue."""
    return tuple(_as_live_part(part) for part in catalogue.parts_flagged(session, ADDITIVE))


@dataclass(frozen=True)
class ReadText:
    """A text as it was read, and the live parts it may mean. `is_cut`: not all of it was looked up."""

    reading: Reading
    parts: dict[int, LivePart]
    is_cut: bool = False


def read_text(session: Session, text: str, draft: Draft, budget: WorkBudget | None = None) -> ReadText:
    """Read a text, as far as its budget goes: the database thread has other people's work."""
    budget = budget or WorkBudget(MOST_WORK)
    names, _is_current = NAMES.current(session)
    present = {line.part_id for line in draft.lines if line.part_id is not None}
    reading = read(text, names, present, budget)
    meant = {part for line in reading.lines for part in line.parts} | present
    meant |= {part for line in draft.lines for part in line.candidates}
    live = catalogue.live_among(session, meant)
    return ReadText(reading, {number: _as_live_part(part) for number, part in live.items()}, budget.is_spent)


def typed(session: Session, person: Person, text: str, draft: Draft, message: int) -> TypeText:
    """A typed text with the facts that its meaning needs."""
    found = read_text(session, text, draft)
    is_of_last = found.reading.same_order or found.reading.same_car
    last = vehicle_history.last_order(session, person.id) if is_of_last else None
    return TypeText(
        text,
        found.reading,
        found.parts,
        message,
        is_cut=found.is_cut,
        last_car=last.vehicle.raw if last and last.vehicle else "",
        last_lines=_past_lines(last.lines) if last else (),
    )


def orders_something(session: Session, text: str) -> bool:
    """Whether a text could begin an order: it has a part of the catalogue, or the number of a car."""
    reading = read_text(session, text, Draft()).reading
    return bool(reading.car) or any(line.part is not None or (line.parts and line.quantity) for line in reading.lines)


def is_polite(session: Session, text: str) -> bool:
    """Whether a text is nothing but politeness: thanks, a smiley."""
    reading = read_text(session, text, Draft()).reading
    return bool(reading.tokens) and reading.is_empty and typed_answers.fitting_answer("yes_no", text) is None


def words_beside(session: Session, line: DraftLine | None, part_id: int) -> str:
    """What was typed of a line that a part's names do not say."""
    return NAMES.current(session)[0].beside(part_id, line.rest) if line is not None and line.rest else ""


def parts_gone(session: Session, draft: Draft) -> frozenset[int]:
    """The parts of the draft that are no longer in the catalogue."""
    named = {line.part_id for line in draft.lines if line.part_id is not None}
    named.update(part for line in draft.lines for part in line.candidates)
    return frozenset(named - catalogue.live_ids_among(session, named)) if named else frozenset()


def car_of(session: Session, person: Person, vehicle_id: int) -> str | None:
    """A car this person has ordered for, as it was typed."""
    vehicle = vehicle_history.vehicle_of(session, person.id, vehicle_id)
    return vehicle.raw if vehicle is not None else None


def assumed_car(session: Session, person: Person) -> str:
    """The car of the person's last order, if that was recent."""
    used = vehicle_history.same_car_again(session, person.id)
    return used.vehicle.raw if used is not None else ""


def car_of_order(session: Session, person: Person, order_id: int) -> str:
    """The car of an order of this person, as it was typed."""
    order = session.get(Order, order_id)
    return order.vehicle.raw if order is not None and order.vehicle and order.person_id == person.id else ""


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
            line.unit,
            line.remark,
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
