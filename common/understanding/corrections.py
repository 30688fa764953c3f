"""Corrections in a text: not this but that, without the oil, no, two. Each names parts; none invents one.

What is taken back must be there: in the text itself, or among the parts that the order has already. Else the words are
a remark, and nothing is removed.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from common.understanding.names import NameFound
from common.understanding.reading import Correction, Fate, Sheet
from common.understanding.words.lexicon import Span, Spans
from common.understanding.words.tokens import TokenKind


@dataclass(frozen=True)
class Context:
    """The text with its names, and the parts that the order has already."""

    sheet: Sheet
    spans: Spans
    present: Collection[int]

    def said(self, at: int, *values: str) -> Span | None:
        """The longest word of correction that begins at a token."""
        fitting = (s for s in self.spans.at(at) if s.entry.group == "corrections" and s.entry.value in values)
        return max(fitting, key=lambda span: span.end, default=None)

    def said_before(self, at: int, *values: str) -> Span | None:
        """The longest word of correction that ends at a token; signs and politeness may stand between."""
        while at > 0 and (self.sheet.tokens[at - 1].kind is TokenKind.SIGN or self.sheet.fates[at - 1] is Fate.NOISE):
            at -= 1
        fitting = (s for s in self.spans.before(at) if s.entry.group == "corrections" and s.entry.value in values)
        return min(fitting, key=lambda span: span.start, default=None)


def take_corrections(context: Context, names: list[NameFound]) -> tuple[list[NameFound], list[Correction]]:
    """The names that are still ordered, and what is taken back."""
    kept: list[NameFound] = []
    corrections: list[Correction] = []
    at = 0
    while at < len(names):
        one, after = names[at], names[at + 1] if at + 1 < len(names) else None
        if after is not None and (words := _replaces(context, one, after)):
            corrections.append(_take_back(context, one, words, instead=after))
            kept.append(after)
            at += 2
            continue
        removing = _removes(context, one)
        if removing is not None and _is_there(context, one, kept):
            corrections.append(_take_back(context, one, [removing]))
            kept = [other for other in kept if other.parts.isdisjoint(one.parts)]
        else:
            kept.append(one)
        at += 1
    return kept, corrections


def _replaces(context: Context, one: NameFound, after: NameFound) -> list[Span]:
    """The words that put the second part in the place of the first: not X but Y, instead of X Y, X, no, Y."""
    negated, but = context.said_before(one.start, "not"), context.said_before(after.start, "but")
    if negated and but:
        return [negated, but]
    instead = context.said_before(one.start, "instead")
    if instead:
        return [instead]
    no = context.said_before(after.start, "no")
    between = range(one.end, after.start)
    if no and all(at in range(no.start, no.end) or context.sheet.tokens[at].kind is TokenKind.SIGN for at in between):
        return [no]
    return []


def _removes(context: Context, one: NameFound) -> Span | None:
    return (
        context.said_before(one.start, "remove")
        or context.said(one.end, "not_needed")
        or context.said_before(one.start, "without")
    )


def _is_there(context: Context, one: NameFound, kept: Sequence[NameFound]) -> bool:
    in_the_text = any(not other.parts.isdisjoint(one.parts) for other in kept)
    return in_the_text or not one.parts.isdisjoint(context.present)


def _take_back(context: Context, one: NameFound, words: Sequence[Span], instead: NameFound | None = None) -> Correction:
    for span in words:
        context.sheet.mark(span.start, span.end, Fate.CORRECTION)
    context.sheet.mark(one.start, one.end, Fate.CORRECTION)
    if instead is not None:
        signs = [at for at in range(one.end, instead.start) if context.sheet.tokens[at].kind is TokenKind.SIGN]
        for at in signs:
            context.sheet.mark(at, at + 1, Fate.SEPARATOR)
    return Correction(one.parts, instead.parts if instead else frozenset())


def take_change_of_last(sheet: Sheet, spans: Spans, names: Sequence[NameFound]) -> bool:
    """Whether the text changes the line touched last: no, two; make it 3. It names no part."""
    starts = [s for s in spans.at(0) if s.entry.group == "corrections" and s.entry.value in ("no", "make_it")]
    if names or not starts:
        return False
    longest = max(starts, key=lambda span: span.end)
    sheet.mark(0, longest.end, Fate.CORRECTION)
    return True
