"""The timeline: events (who, what, before and after, from where) and sent messages, in the reader's language.

An unknown kind of event, from a later version, is shown by its code.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

from markupsafe import Markup, escape
from sqlalchemy.orm import Session

from common.database.models import Event, OrderState
from common.events.kinds import EventKind
from common.facts.base import Arguments, Nothing
from common.facts.orders import (
    LineAdded,
    LineChanged,
    LineCounted,
    LineNamed,
    LineRemarked,
    MoveUndone,
    OrderMoved,
    OrderPlaced,
    OwnerChanged,
    SlipPrinted,
)
from common.facts.talk import MediaRefused, NoteNamed, QuestionAsked, QuestionWithdrawn, RequestAsked, SubstituteChanged
from common.i18n import gettext
from common.orders import reading
from common.orders.content.quantities import quantity_text, quantity_words
from common.words import NO_REMARK
from webapp.wording import times, words
from webapp.wording.receipts import Receipt
from webapp.wording.template_context import bdi

MAX_ENTRIES = 200


@dataclass(frozen=True)
class TimelineEntry:
    """One event as a sentence, or one message and its receipt. `change`: before and after; `href`: link to details."""

    at: datetime
    version: int
    state: str  # the state after the event, for the dot's colour
    sentence: Markup
    reason: str
    source: str
    change: tuple[str, str] | None = None
    href: str = ""
    fate: Receipt | None = None


def with_messages(facts: list[TimelineEntry], receipts: Iterable[Receipt]) -> list[TimelineEntry]:
    """Events and messages, newest first, without silent edits of cards: only the receipts show those."""
    sent = [_message_entry(receipt) for receipt in receipts if not receipt.is_edit]
    return sorted([*facts, *sent], key=lambda fact: fact.at, reverse=True)


def _message_entry(receipt: Receipt) -> TimelineEntry:
    named = {"what": escape(receipt.name), "who": bdi(receipt.to)}
    sentence = Markup(escape(gettext("%(what)s to %(who)s"))) % named  # noqa: S704 escaped, and so are the facts
    at = receipt.sent_at or receipt.at
    return TimelineEntry(at, 0, "", sentence, "", "", href=f"#message-{receipt.id}", fate=receipt)


def of_order(session: Session, order_id: int) -> list[TimelineEntry]:
    """The newest facts of an order, newest first."""
    return [_event_entry(event) for event in reading.last_events(session, order_id, MAX_ENTRIES)]


def since(session: Session, order_id: int, version: int) -> list[TimelineEntry]:
    """The events after a version that a reader saw, oldest first."""
    return [fact for fact in reversed(of_order(session, order_id)) if fact.version > version]


def _event_entry(event: Event) -> TimelineEntry:
    facts = _facts(event)
    who = bdi(event.actor.name) if event.actor else escape(gettext("The station"))
    sentence = Markup(escape(_sentence(event, facts)))  # noqa: S704 escaped, and so are the facts
    return TimelineEntry(
        event.at,
        event.version,
        _state_after(facts),
        sentence % {"who": who, **_sentence_values(facts)} + _details(event, facts),
        words.order_reason(facts.reason if isinstance(facts, OrderMoved | LineChanged | MediaRefused) else ""),
        words.word_of(words.SOURCES, event.via),
        _state_change(facts),
        _anchor(facts),
    )


def _facts(event: Event) -> Arguments:
    """The event's facts; empty if its kind is unknown."""
    known = event.kind in set(EventKind)
    return EventKind(event.kind).spec.arguments.read(event.arguments) if known else Nothing()


def _sentence(event: Event, facts: Arguments) -> str:
    """The sentence of its kind, or the one for an act on somebody else's behalf."""
    if event.kind not in set(EventKind):
        return event.kind
    spec = EventKind(event.kind).spec
    on_behalf = isinstance(facts, OrderPlaced) and facts.on_behalf_of
    return gettext(spec.sentence_on_behalf if on_behalf else spec.sentence)


def _state_after(facts: Arguments) -> str:
    match facts:
        case OrderPlaced():
            return OrderState.NEW
        case OrderMoved() | MoveUndone() | LineChanged() | LineAdded() | LineCounted():
            return facts.after
        case _:
            return ""


def _state_change(facts: Arguments) -> tuple[str, str] | None:
    """An order's or a line's state, before and after."""
    match facts:
        case SubstituteChanged():
            return None
        case OrderMoved() | MoveUndone() if facts.before is not facts.after:
            return words.word_of(words.STATES, facts.before), words.word_of(words.STATES, facts.after)
        case LineChanged() if facts.before is not facts.after:
            return words.word_of(words.LINE_STATES, facts.before), words.word_of(words.LINE_STATES, facts.after)
        case _:
            return None


def _anchor(facts: Arguments) -> str:
    """The anchor of its details on the page."""
    match facts:
        case NoteNamed():
            return f"#note-{facts.note}"
        case QuestionAsked() | QuestionWithdrawn() | SubstituteChanged():
            return f"#asked-{facts.question}"
        case LineNamed() | RequestAsked() if facts.line is not None:
            return f"#line-{facts.line}"
        case _:
            return ""


def _sentence_values(facts: Arguments) -> dict[str, Markup]:
    """The values for its sentence, each isolated in its own text direction."""
    match facts:
        case OrderPlaced():
            return {"for": bdi(facts.on_behalf_of)}
        case MoveUndone():
            return {"state": bdi(words.word_of(words.STATES, facts.after))}
        case OwnerChanged():
            return {"owner": bdi(facts.owner)}
        case QuestionAsked():
            return {"text": bdi(facts.text), "answer": bdi(words.word_of(words.ANSWERS, facts.answer))}
        case SubstituteChanged():
            return {"what": _line(facts), "text": bdi(facts.text)}
        case LineChanged():
            return {"what": _line(facts), "after": bdi(words.word_of(words.LINE_STATES, facts.after))}
        case LineAdded():
            return {"what": bdi(quantity_text(int(facts.after), facts.unit)) + " " + _line(facts)}
        case LineCounted():
            before = quantity_words(int(facts.before), facts.unit_before)
            return {
                "what": _line(facts),
                "before": bdi(before),
                "after": bdi(quantity_words(int(facts.after), facts.unit)),
            }
        case LineRemarked():
            before, after = facts.remark_before or NO_REMARK, facts.remark or NO_REMARK
            return {"what": words.line_name(facts.words, ""), "before": bdi(before), "after": bdi(after)}
        case LineNamed():
            return {"what": _line(facts)}
        case RequestAsked():
            return {"wish": words.wish_text(facts.wish, facts.stored())}
        case SlipPrinted():
            return {"paper": bdi(_paper_text(facts))}
        case _:
            return {}


def _line(facts: LineNamed) -> Markup:
    return words.line_name(facts.words, facts.remark)


def _paper_text(facts: SlipPrinted) -> str:
    """The paper of a slip; from the second slip on, also its number."""
    width = words.word_of(words.WIDTHS, facts.width)
    named = {"width": width, "copy": facts.copy}
    return width if facts.copy == 1 else gettext("%(width)s, copy, paper no. %(copy)s") % named


def _details(event: Event, facts: Arguments) -> Markup:
    """The details after the sentence: collector, supplier, expected day."""
    match facts:
        case OrderMoved():
            return _collector_text(facts) + _expected_text(facts.expected_on, event.kind == EventKind.ORDER_WAITING)
        case LineChanged():
            return _supplier_text(facts) + _expected_text(facts.expected_on)
        case _:
            return Markup("")


def _collector_text(facts: OrderMoved) -> Markup:
    """The collector, if not the mechanic, and the proof."""
    if not facts.to:
        return Markup("")
    proof = gettext("with the code") if facts.code else gettext("without a code")
    return Markup(" → {}, {}").format(bdi(facts.to), proof)


def _supplier_text(facts: LineChanged) -> Markup:
    """The supplier of an ordered line."""
    if not facts.supplier:
        return Markup("")
    return Markup(", {}").format(gettext("from %(who)s")) % {"who": bdi(facts.supplier)}


def _expected_text(day: date | None, may_be_unknown: bool = False) -> Markup:
    if day is not None:
        return Markup(", {}").format(gettext("until %(day)s") % {"day": times.day(day)})
    return Markup(", {}").format(gettext("the day is not known yet")) if may_be_unknown else Markup("")
