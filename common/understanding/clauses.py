"""What in a text is no part: urgency, a comment, politeness, a question. Each pass gives its tokens their fate."""

from __future__ import annotations

from collections.abc import Sequence

from common.understanding.names import NameFound
from common.understanding.reading import Fate, Sheet
from common.understanding.words.lexicon import Span, Spans
from common.understanding.words.tokens import TokenKind

TOLD = frozenset({TokenKind.PHONE, TokenKind.CLOCK})  # belong to a comment
ENDS = frozenset({",", ";"})


def take(sheet: Sheet, spans: Spans, group: str, fate: Fate, *values: str) -> bool:
    """Give the words of a group their fate; whether there were any."""
    taken = False
    for span in spans:
        fits = span.entry.group == group and (not values or span.entry.value in values)
        if fits and sheet.all_free(span.start, span.end):
            sheet.mark(span.start, span.end, fate)
            taken = True
    return taken


def take_question(sheet: Sheet, spans: Spans) -> bool:
    """A text that asks something is no order: all of it is a message."""
    asks = any(span.entry.group == "questions" and _begins(sheet, span.start) for span in spans)
    if asks and any(token.text == "?" for token in sheet.tokens):
        sheet.mark(0, len(sheet.tokens), Fate.COMMENT)
        return True
    return False


def take_comments(sheet: Sheet, spans: Spans, names: Sequence[NameFound]) -> None:
    """A clause that begins with a reason or a time is a comment, up to the next separator or part."""
    for at, token in enumerate(sheet.tokens):
        if sheet.free(at) and token.kind in TOLD:
            sheet.mark(at - _has_preposition(sheet, spans, at), at + 1, Fate.COMMENT)
    for span in spans:
        if span.entry.group == "comments" and sheet.all_free(span.start, span.end) and not _within(names, span):
            sheet.mark(span.start, _end_of_clause(sheet, span, names), Fate.COMMENT)


def _has_preposition(sheet: Sheet, spans: Spans, at: int) -> int:
    return int(at > 0 and sheet.free(at - 1) and begins(spans, at - 1, "prepositions"))


def begins(spans: Spans, at: int, *groups: str) -> bool:
    """Whether an entry of one of the groups begins at a token."""
    return any(span.entry.group in groups for span in spans.at(at))


def _within(names: Sequence[NameFound], span: Span) -> bool:
    """Whether the words are part of a longer name."""
    return any(one.start <= span.start < one.end and one.length >= span.end - span.start for one in names)


def _end_of_clause(sheet: Sheet, span: Span, names: Sequence[NameFound]) -> int:
    starts = {one.start for one in names}
    at = span.end
    while at < len(sheet.tokens) and at not in starts:
        if sheet.tokens[at].kind is TokenKind.BREAK or sheet.tokens[at].text in ENDS:
            break
        at += 1
    return at


def take_noise(sheet: Sheet, spans: Spans, names: Sequence[NameFound]) -> None:
    """Drop politeness; names of people only where a clause begins, numbers and words for `and` never."""
    named = {at for one in names for at in range(one.start, one.end)}
    for span in spans:
        if span.entry.group != "noise" or not sheet.all_free(span.start, span.end):
            continue
        if named.intersection(range(span.start, span.end)) or begins(spans, span.start, "joiners", "numbers", "units"):
            continue
        if span.entry.value != "people" or _begins(sheet, span.start):
            sheet.mark(span.start, span.end, Fate.NOISE)


def _begins(sheet: Sheet, at: int) -> bool:
    """Whether a clause begins at a token."""
    if at == 0 or sheet.fates[at - 1] in (Fate.NOISE, Fate.SEPARATOR):
        return True
    return sheet.tokens[at - 1].text in ENDS
