"""What somebody types: a quantity, a plate, a comment, or a part they need."""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.orm import Session

from bot_daemon import drafts
from bot_daemon.drafts import Draft, Refusal, clean
from bot_daemon.incoming import Answer, Incoming
from bot_daemon.screens import OF_THE_DRAFT, View
from bot_daemon.steps.access import for_members
from bot_daemon.steps.writing import Writing, open_draft
from bot_daemon.typed import Asked, Meaning, meaning
from common.models import Category, Part, Person

ASKED = {View.PLATE: Asked.PLATE, View.COMMENT: Asked.COMMENT}


@for_members
def typed(session: Session, incoming: Incoming, person: Person) -> Answer:
    writing = open_draft(session, incoming, person)
    view = writing.present_view()
    if view is View.LANGUAGES and not person.language_chosen:
        return writing.show_present()
    asked = ASKED.get(view, Asked.PARTS)
    return ANSWERS[meaning(writing.draft, asked, incoming.text)](writing, incoming.text, view)


def _quantity(writing: Writing, text: str, view: View) -> Answer:
    if writing.draft.line(writing.draft.current) is None:
        return _note(writing, Refusal.NOTHING_TO_COUNT)
    wanted = int(clean(text))
    refusal = writing.keep(drafts.set_quantity(writing.draft, writing.draft.current, wanted)) if wanted else None
    if refusal or not wanted:
        return _note(writing, Refusal.QUANTITY)
    return writing.show_present() if view is View.PLATE else writing.show(View.LINE, line=writing.draft.current)


def _plate(writing: Writing, text: str, view: View) -> Answer:
    refusal = writing.keep(drafts.set_plate(writing.draft, text))
    if refusal:
        return _note(writing, refusal)
    return writing.show(View.SUMMARY, page=0) if writing.draft.lines else writing.show(View.CATEGORIES)


def _comment(writing: Writing, text: str, view: View) -> Answer:
    refusal = writing.keep(drafts.set_comment(writing.draft, text))
    return _note(writing, refusal) if refusal else writing.show(View.SUMMARY, page=0)


def _words(writing: Writing, text: str, view: View) -> Answer:
    """Each line of the text is a line of the order; all of them, or none and why."""
    wanted = [words for words in text.splitlines() if clean(words)] or [text]
    outcome: Draft | Refusal = writing.draft
    for words in wanted:
        if isinstance(outcome, Draft):
            outcome = _added(writing.session, outcome, words)
    refusal = writing.keep(outcome)
    if refusal:
        return _note(writing, refusal)
    if view is View.PLATE:
        return writing.show(View.PLATE, note="added_as_line")
    return (
        writing.show(View.LINE, line=writing.draft.current) if len(wanted) == 1 else writing.show(View.SUMMARY, page=0)
    )


def _added(session: Session, draft: Draft, words: str) -> Draft | Refusal:
    part = part_named(session, words)
    return drafts.add_part(draft, part.id, part.names) if part else drafts.add_words(draft, words)


def part_named(session: Session, words: str) -> Part | None:
    """The part whose name or synonym, in any language, is exactly this but for case."""
    wanted = clean(words).casefold()
    live = (
        select(Part.id, Part.names, Part.synonyms)
        .join(Category)
        .where(Part.archived_at.is_(None), Category.archived_at.is_(None))
        .order_by(Category.position, Part.position)
    )
    for part_id, names, synonyms in session.execute(live):
        if wanted in (name.casefold() for name in (*names.values(), *synonyms)):
            return session.get(Part, part_id)
    return None


def _note(writing: Writing, refusal: Refusal) -> Answer:
    view = writing.present_view()
    return (
        writing.show_present(note=refusal.value)
        if view in OF_THE_DRAFT
        else writing.show(View.CATEGORIES, note=refusal.value)
    )


ANSWERS = {
    Meaning.QUANTITY: _quantity,
    Meaning.PLATE: _plate,
    Meaning.COMMENT: _comment,
    Meaning.WORDS: _words,
}
