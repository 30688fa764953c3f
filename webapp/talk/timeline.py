"""The timeline: who, what, before and after, from where, in sentences of the reader's language; what was sent, too.

A kind of event that this version does not know, from a later one, says its own name.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from markupsafe import Markup, escape
from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from common.database.models import Event
from common.events.kinds import EventKind
from common.i18n import gettext, worded
from common.orders import reasons
from webapp.talk.receipts import Receipt
from webapp.web import times
from webapp.wording import words
from webapp.wording.template_context import bdi

MAX_ENTRIES = 200


@dataclass(frozen=True)
class TimelineEntry:
    """One event as a sentence, or one message and its fate. `change`: before and after; `href`: where there is more."""

    at: datetime
    version: int
    state: str  # after it, for the dot's colour
    sentence: Markup
    reason: str
    source: str
    change: tuple[str, str] | None = None
    href: str = ""
    fate: Receipt | None = None


def with_messages(facts: list[TimelineEntry], receipts: Iterable[Receipt]) -> list[TimelineEntry]:
    """What made a sound somewhere among what happened, newest first. Silent edits of cards are left to the receipts."""
    sent = [_message_entry(receipt) for receipt in receipts if not receipt.is_edit]
    return sorted([*facts, *sent], key=lambda fact: fact.at, reverse=True)


def _message_entry(receipt: Receipt) -> TimelineEntry:
    named = {"what": escape(receipt.name), "who": bdi(receipt.to)}
    said = Markup(escape(gettext("%(what)s to %(who)s"))) % named  # noqa: S704 escaped, and so are the facts
    at = receipt.sent_at or receipt.at
    return TimelineEntry(at, 0, "", said, "", "", href=f"#message-{receipt.id}", fate=receipt)


def of_order(session: Session, order_id: int) -> list[TimelineEntry]:
    """The newest facts of an order, newest first."""
    newest = (
        select(Event)
        .where(Event.order_id == order_id)
        .order_by(Event.id.desc())
        .limit(MAX_ENTRIES)
        .options(joinedload(Event.actor))
    )
    return [_event_entry(event) for event in session.scalars(newest)]


def since(session: Session, order_id: int, version: int) -> list[TimelineEntry]:
    """What happened after a version that somebody saw, oldest first."""
    return [fact for fact in reversed(of_order(session, order_id)) if fact.version > version]


def _event_entry(event: Event) -> TimelineEntry:
    who = bdi(event.actor.name) if event.actor else escape(gettext("The station"))
    said = Markup(escape(_sentence(event)))  # noqa: S704 escaped, and so are the facts
    sentence = said % {"who": who, **_sentence_values(event)} + _collector_text(event)
    after = str(event.arguments.get("after") or ("new" if event.kind == EventKind.ORDER_PLACED else ""))
    return TimelineEntry(
        event.at,
        event.version,
        after,
        sentence + _supplier_text(event) + _expected_text(event),
        _reason_text(event),
        words.word_of(words.SOURCES, event.via),
        _state_change(event),
        _anchor(event.arguments),
    )


def _state_change(event: Event) -> tuple[str, str] | None:
    """Before and after, of an order's or a line's state."""
    before, after = str(event.arguments.get("before", "")), str(event.arguments.get("after", ""))
    for states in (words.STATES, words.LINE_STATES):
        if event.kind.startswith("order." if states is words.STATES else "line.") and {before, after} <= {*states}:
            return (words.word_of(states, before), words.word_of(states, after)) if before != after else None
    return None


def _anchor(facts: Mapping[str, Any]) -> str:
    """Where on the page the whole of it stands."""
    places = (("note", "note"), ("question", "asked"), ("line", "line"))
    return next((f"#{anchor}-{facts[name]}" for name, anchor in places if name in facts), "")


def _sentence(event: Event) -> str:
    """The sentence of its kind, or the one for what was done on somebody's behalf."""
    if event.kind not in set(EventKind):
        return event.kind
    spec = EventKind(event.kind).spec
    return gettext(spec.sentence_on_behalf if event.arguments.get("for") else spec.sentence)


def _sentence_values(event: Event) -> dict[str, Markup]:
    """What a sentence may name: each in a direction of its own."""
    facts = event.arguments
    wish = facts.get("wish")
    return {
        "what": bdi(worded(facts.get("words") or {})),
        "text": bdi(facts.get("text", "")),
        "for": bdi(facts.get("for", "")),
        "owner": bdi(facts.get("owner", "")),
        "answer": bdi(words.word_of(words.ANSWERS, str(facts.get("answer", "")))),
        "state": bdi(words.word_of(words.STATES, str(facts.get("after", "")))),
        "before": bdi(words.word_of(words.LINE_STATES, str(facts.get("before", "")))),
        "after": bdi(words.word_of(words.LINE_STATES, str(facts.get("after", "")))),
        "paper": bdi(_paper_text(facts)),
        "wish": words.wish_text(str(wish), facts) if wish else Markup(""),
    }


def _paper_text(facts: Mapping[str, Any]) -> str:
    """What a slip was printed on; from the second on, which one it is."""
    width = words.word_of(words.WIDTHS, str(facts.get("width", "")))
    copy = facts.get("copy", 1)
    return width if copy == 1 else gettext("%(width)s, copy, paper no. %(copy)s") % {"width": width, "copy": copy}


def _collector_text(event: Event) -> Markup:
    """Who took it, where it was not the mechanic, and on what proof."""
    to = event.arguments.get("to")
    if not to:
        return Markup("")
    proof = gettext("with the code") if event.arguments.get("code") else gettext("without a code")
    return Markup(" → {}, {}").format(bdi(to), proof)


def _supplier_text(event: Event) -> Markup:
    """From whom a line was ordered."""
    supplier = event.arguments.get("supplier")
    return Markup(", {}").format(gettext("from %(who)s")) % {"who": bdi(supplier)} if supplier else Markup("")


def _expected_text(event: Event) -> Markup:
    expected = event.arguments.get("expected_on")
    if not isinstance(expected, str):
        return (
            Markup(", {}").format(gettext("the day is not known yet"))
            if event.kind == EventKind.ORDER_WAITING
            else Markup("")
        )
    return Markup(", {}").format(gettext("until %(day)s") % {"day": times.day(date.fromisoformat(expected))})


def _reason_text(event: Event) -> str:
    reason = str(event.arguments.get("reason", ""))
    return gettext("withdrawn by the mechanic") if reason == "withdrawn" else reasons.reason_text(reason)
