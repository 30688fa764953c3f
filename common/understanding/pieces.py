"""A text cut into the pieces that become lines: at line breaks, and at commas and `and` between two parts."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from common.text import folding
from common.understanding.names import NameFound, Names
from common.understanding.reading import Fate, Sheet
from common.understanding.words.lexicon import Span, lexicon
from common.understanding.words.tokens import Token, TokenKind, split_off

OPEN = frozenset({"make", "car", "comments", "questions", "answers"})  # groups whose words may also name parts
SOFT = frozenset({",", "+", "/", "&"})
HARD = frozenset({";"})
MARKS = frozenset({"-", "•", "*", "–", "—", "·"})
LETTER_MARK = re.compile(r"[а-яa-zא-ת]")


@dataclass
class Draft:
    """A piece of a text: its tokens, the names in it, and how it is joined to the piece before it."""

    places: list[int]
    names: list[NameFound]
    joined_by: str = ""  # "and", "," or nothing: a new line of the text
    has_head: bool = False  # a word of the catalogue's names, though no whole name

    @property
    def holds_a_part(self) -> bool:
        return bool(self.names) or self.has_head


def split_prefixes(tokens: Sequence[Token], names: Names) -> list[Token]:
    """The tokens, with a Hebrew letter that is written on to a word cut off: ו (and) of ומסנן, ל (for) of למאזדה."""
    out: list[Token] = []
    for token in tokens:
        out += split_off(token, 1) if _has_prefix(token, names) else [token]
    return out


def _has_prefix(token: Token, names: Names) -> bool:
    """Whether the word is unknown, and a known word without its first letter."""
    text = token.text
    if token.kind is not TokenKind.WORD or len(text) < 3 or not "א" <= text[1] <= "ת":
        return False
    if lexicon().directly((token.word,)) or names.knows(token.word):
        return False
    entries = lexicon().directly(folding.words(text[1:]))
    if text[0] == "ו":
        return text[1:] != "חצי" and bool(entries or names.knows("".join(folding.words(text[1:]))))
    return text[0] in "לבמ" and any(entry.group == "make" for entry in entries)


def take_list_marks(sheet: Sheet) -> None:
    """Drop `-`, `1.`, `1)` at the head of a line; and in a line, where it goes on counting: `1) … 2) …`."""
    counted = 0
    for at, token in enumerate(sheet.tokens):
        head = at == 0 or sheet.tokens[at - 1].kind is TokenKind.BREAK
        width = _mark_width(sheet, at, counted, head=head)
        if width:
            counted += width == 2
            sheet.mark(at, at + width, Fate.SEPARATOR)
            if not head:
                sheet.tokens[at] = Token(token.text, token.start, token.end, TokenKind.BREAK)


def _mark_width(sheet: Sheet, at: int, counted: int, *, head: bool) -> int:
    token, after = sheet.tokens[at], sheet.tokens[at + 1 : at + 3]
    if head and token.text in MARKS and after and after[0].kind is not TokenKind.BREAK:
        return 1
    is_number = token.kind is TokenKind.NUMBER and token.text.isdecimal() and len(token.text) <= 2
    closed = len(after) == 2 and after[0].text in (".", ")") and after[0].start == token.end
    if not closed or after[1].kind is TokenKind.BREAK:
        return 0
    if is_number and (head or (counted and int(token.text) == counted + 1)):
        return 2
    return 2 if head and len(token.text) == 1 and LETTER_MARK.match(token.text.lower()) else 0


def cut(sheet: Sheet, spans: Sequence[Span], names: Sequence[NameFound], catalogue: Names) -> list[Draft]:
    """The pieces, in order. What separates them has its fate afterwards."""
    pieces: list[Draft] = []
    for hard in _hard_pieces(sheet):
        pieces += _soft_pieces(sheet, hard, spans, names, catalogue)
    return pieces


def _hard_pieces(sheet: Sheet) -> list[list[int]]:
    pieces: list[list[int]] = [[]]
    for at, token in enumerate(sheet.tokens):
        if token.kind is TokenKind.BREAK or token.text in HARD:
            sheet.mark(at, at + 1, Fate.SEPARATOR)
            pieces.append([])
        else:
            pieces[-1].append(at)
    return [piece for piece in pieces if any(sheet.fates[at] is None or sheet.fates[at] is Fate.PART for at in piece)]


@dataclass(frozen=True)
class _Join:
    """Tokens that may separate two parts."""

    start: int
    end: int
    sign: str


def _soft_pieces(
    sheet: Sheet, places: list[int], spans: Sequence[Span], names: Sequence[NameFound], catalogue: Names
) -> list[Draft]:
    inside = set(places)
    names = [one for one in names if inside.issuperset(range(one.start, one.end))]
    joins = _joins(sheet, places, spans, _heads(names, spans))
    drafts = [Draft([], [])]
    borders = {join.start: join for join in joins}
    skip_to = -1
    for at in places:
        if at in borders:
            join = borders[at]
            skip_to = join.end
            drafts.append(Draft([], [], join.sign))
        if at < skip_to:
            drafts[-1].places.append(at)
        else:
            drafts[-1].places.append(at)
    for draft in drafts:
        inside = set(draft.places)
        draft.names = _heads([one for one in names if inside.issuperset(range(one.start, one.end))], spans)
        draft.has_head = any(_is_head(sheet, spans, at, catalogue) for at in draft.places)
    return _merged(sheet, spans, drafts, {join.start: join for join in joins})


def _is_head(sheet: Sheet, spans: Sequence[Span], at: int, catalogue: Names) -> bool:
    token = sheet.tokens[at]
    if token.kind is TokenKind.PART_NUMBER and sheet.free(at):
        return True
    is_word = sheet.free(at) and token.kind is TokenKind.WORD and len(token.word) >= 3 and catalogue.knows(token.word)
    return is_word and not any(span.start <= at < span.end and span.entry.group not in OPEN for span in spans)


def _heads(names: list[NameFound], spans: Sequence[Span]) -> list[NameFound]:
    """The names of a piece without those that only qualify another one: the key in `battery for the key`."""
    ends = {span.end for span in spans if span.entry.group == "prepositions"}
    return [one for number, one in enumerate(names) if not number or one.start not in ends]


def _joins(sheet: Sheet, places: list[int], spans: Sequence[Span], names: Sequence[NameFound]) -> list[_Join]:
    """Where the piece may be cut: at signs, at words for `and`, and before a second name with nothing between."""
    within = {at for one in names for at in range(one.start + 1, one.end)}
    free = {at for at in places if at not in within}
    joins: dict[int, _Join] = {}
    for at in places:
        if at in free and sheet.free(at) and sheet.tokens[at].text in SOFT:
            joins[at] = _Join(at, at + 1, ",")
    for span in spans:
        if span.entry.group == "joiners" and span.entry.value in ("and", "with"):
            is_free = free.issuperset(range(span.start, span.end)) and sheet.all_free(span.start, span.end)
            present = joins.get(span.start)
            if is_free and (present is None or present.end < span.end):
                joins[span.start] = _Join(span.start, span.end, span.entry.value)
    for before, after in pairwise(names):
        if _follows(before, after) and after.start in free and not sheet.tokens[after.start].text.isascii():
            joins.setdefault(after.start, _Join(after.start, after.start, "and"))
    return sorted(joins.values(), key=lambda join: join.start)


def _follows(before: NameFound, after: NameFound) -> bool:
    """Whether the second name follows at once, in a form that stands alone: помпа термостат, but клипсы бампера.

    English puts the thing last, so that there a name before another one qualifies it.
    """
    return before.end == after.start and after.as_named and before.parts.isdisjoint(after.parts)


def _merged(sheet: Sheet, spans: Sequence[Span], drafts: list[Draft], joins: dict[int, _Join]) -> list[Draft]:
    """The pieces, where both sides of a cut hold a part; any other cut is undone."""
    pieces: list[Draft] = []
    for draft in drafts:
        if not pieces:
            pieces.append(draft)
            continue
        if draft.holds_a_part and pieces[-1].holds_a_part and _may_cut(sheet, spans, pieces[-1], draft):
            _take_join(sheet, draft, joins)
            pieces.append(draft)
        elif draft.holds_a_part and not pieces[-1].holds_a_part and draft.joined_by != "with":
            pieces[-1] = Draft(pieces[-1].places + draft.places, draft.names, pieces[-1].joined_by, draft.has_head)
        else:
            pieces[-1].places += draft.places
    return pieces


def _may_cut(sheet: Sheet, spans: Sequence[Span], before: Draft, after: Draft) -> bool:
    """`With` joins two lines only behind a quantity: 5 l of oil with a filter, but a timing kit with the pump."""
    if after.joined_by != "with":
        return True
    counts = {span.start for span in spans if span.entry.group in ("numbers", "both")}
    return any(sheet.tokens[at].kind in (TokenKind.NUMBER, TokenKind.TIMES) or at in counts for at in before.places)


def _take_join(sheet: Sheet, draft: Draft, joins: dict[int, _Join]) -> None:
    join = joins.get(draft.places[0])
    while join is not None and join.end > join.start:
        sheet.mark(join.start, join.end, Fate.SEPARATOR)
        draft.places = [at for at in draft.places if at >= join.end]
        join = joins.get(join.end)
