"""A text cut into the pieces that become lines: at line breaks, and at commas and `and` between two parts."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from common.understanding.names import NameFound, Names
from common.understanding.pieces import Draft
from common.understanding.reading import Fate, Sheet
from common.understanding.words.lexicon import Span, Spans
from common.understanding.words.tokens import TokenKind

OPEN = frozenset({"make", "car", "comments", "questions", "answers"})  # groups whose words may also name parts
SOFT = frozenset({",", "+", "/", "&"})
HARD = frozenset({";"})
COUNTS = frozenset({TokenKind.NUMBER, TokenKind.TIMES})


@dataclass(frozen=True)
class _Join:
    """Tokens that may separate two parts."""

    start: int
    end: int
    sign: str


class Cutter:
    """Cuts one text. What separates the pieces has its fate afterwards."""

    def __init__(self, sheet: Sheet, spans: Spans, names: Sequence[NameFound], catalogue: Names) -> None:
        self._sheet, self._catalogue = sheet, catalogue
        self._names = {one.start: one for one in names}
        self._joiners: defaultdict[int, list[Span]] = defaultdict(list)
        self._behind: set[int] = set()  # a preposition
        self._counts: set[int] = set()
        self._closed: set[int] = set()  # words that are surely no part
        for span in spans:
            self._note(span)

    def _note(self, span: Span) -> None:
        entry = span.entry
        if entry.group == "joiners" and entry.value in ("and", "with"):
            self._joiners[span.start].append(span)
        if entry.group == "prepositions":
            self._behind.add(span.end)
        if entry.group in ("numbers", "both"):
            self._counts.add(span.start)
        if entry.group not in OPEN:
            self._closed.update(range(span.start, span.end))

    def cut(self) -> list[Draft]:
        """The pieces, in order."""
        return [piece for hard in self._hard_pieces() for piece in self._soft_pieces(hard)]

    def _hard_pieces(self) -> list[list[int]]:
        pieces: list[list[int]] = [[]]
        for at, token in enumerate(self._sheet.tokens):
            if token.kind is TokenKind.BREAK or token.text in HARD:
                self._sheet.mark(at, at + 1, Fate.SEPARATOR)
                pieces.append([])
            else:
                pieces[-1].append(at)
        return [piece for piece in pieces if any(self._sheet.free(at) for at in piece)]

    def _soft_pieces(self, places: list[int]) -> list[Draft]:
        joins = self._joins(places, self._heads(places))
        drafts = [Draft([], [])]
        for at in places:
            if at in joins:
                drafts.append(Draft([], [], joins[at].sign))
            drafts[-1].places.append(at)
        for draft in drafts:
            draft.names = self._heads(draft.places)
            draft.has_head = any(self._is_head(at) for at in draft.places)
        return self._merged(drafts, joins)

    def _heads(self, places: list[int]) -> list[NameFound]:
        """The names of a piece without those that only qualify another one: the key in `battery for the key`."""
        inside = set(places)
        starting = [self._names[at] for at in places if at in self._names]
        whole = [one for one in starting if inside.issuperset(range(one.start, one.end))]
        return [one for number, one in enumerate(whole) if not number or one.start not in self._behind]

    def _is_head(self, at: int) -> bool:
        token = self._sheet.tokens[at]
        if not self._sheet.free(at) or token.kind is TokenKind.PART_NUMBER:
            return self._sheet.free(at)
        is_word = token.kind is TokenKind.WORD and len(token.word) >= 3 and at not in self._closed
        return is_word and self._catalogue.knows(token.word)

    def _joins(self, places: list[int], names: Sequence[NameFound]) -> dict[int, _Join]:
        """Where the piece may be cut: at signs, at words for `and`, and before a second name with nothing between."""
        free = set(places).difference(at for one in names for at in range(one.start + 1, one.end))
        joins: dict[int, _Join] = {}
        for at in places:
            if at in free and self._sheet.free(at) and self._sheet.tokens[at].text in SOFT:
                joins[at] = _Join(at, at + 1, ",")
            for span in self._joiners.get(at, ()):
                is_free = free.issuperset(range(at, span.end)) and self._sheet.all_free(at, span.end)
                if is_free and (at not in joins or joins[at].end < span.end):
                    joins[at] = _Join(at, span.end, span.entry.value)
        for before, after in pairwise(names):
            if self._follows(before, after) and after.start in free:
                joins.setdefault(after.start, _Join(after.start, after.start, "and"))
        return joins

    def _follows(self, before: NameFound, after: NameFound) -> bool:
        """Whether the second name follows at once, in a form that stands alone: помпа термостат, but клипсы бампера.

        English puts the thing last, so that there a name before another one qualifies it.
        """
        stands_alone = after.as_named and not self._sheet.tokens[after.start].text.isascii()
        return stands_alone and before.end == after.start and before.parts.isdisjoint(after.parts)

    def _merged(self, drafts: list[Draft], joins: dict[int, _Join]) -> list[Draft]:
        """The pieces, where both sides of a cut hold a part; any other cut is undone."""
        pieces = drafts[:1]
        for draft in drafts[1:]:
            last = pieces[-1]
            if draft.holds_a_part and last.holds_a_part and self._may_cut(last, draft):
                self._take_join(draft, joins)
                pieces.append(draft)
                continue
            if draft.holds_a_part and not last.holds_a_part and draft.joined_by != "with":
                last.names, last.has_head = draft.names, draft.has_head
            last.places += draft.places
        return pieces

    def _may_cut(self, before: Draft, after: Draft) -> bool:
        """`With` joins two lines only behind a quantity: 5 l of oil with a filter, but a timing kit with the pump."""
        if after.joined_by != "with":
            return True
        return any(self._sheet.tokens[at].kind in COUNTS or at in self._counts for at in before.places)

    def _take_join(self, draft: Draft, joins: dict[int, _Join]) -> None:
        join = joins.get(draft.places[0])
        while join is not None and join.end > join.start:
            self._sheet.mark(join.start, join.end, Fate.SEPARATOR)
            draft.places = [at for at in draft.places if at >= join.end]
            join = joins.get(join.end)
