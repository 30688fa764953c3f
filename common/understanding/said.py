"""What a piece of a text says beside its part: places, quality, and the words that are left for the remark."""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from common.understanding.pieces import Draft
from common.understanding.reading import Fate, Sheet
from common.understanding.words.lexicon import Span, Spans
from common.understanding.words.tokens import TokenKind

PAIRED = frozenset({"front", "rear"})
LETTERS = 3  # of a word that may be a part's name
CONTENT = frozenset(
    {
        TokenKind.WORD,
        TokenKind.CODE,
        TokenKind.PART_NUMBER,
        TokenKind.SIZE,
        TokenKind.VISCOSITY,
        TokenKind.DOT,
        TokenKind.VIN,
    }
)
NO_CONTENT = frozenset(
    {"numbers", "units", "positions", "measures", "both", "quality", "scope", "containers", "noise", "joiners"}
    | {"corners", "answers", "corrections"}
)
LOOSE = frozenset({("joiners", "and"), ("joiners", "too"), ("noise", "words")})  # dropped at the ends of a remark
SIGNS = ",:=()-—–.!"
ENDS = ",.:;!?-"


@dataclass(frozen=True)
class Position:
    """A place that is said of a part, and the tokens that say it."""

    value: str
    places: tuple[int, ...]


class Said:
    """The words of one text by their groups, and the passes that read them for one piece."""

    def __init__(self, sheet: Sheet, spans: Spans) -> None:
        self.sheet, self.spans = sheet, spans

    def at(self, place: int, *groups: str) -> Iterator[Span]:
        """The entries of these groups that begin at a token, the longest first."""
        found = [span for span in self.spans.at(place) if span.entry.group in groups]
        return iter(sorted(found, key=lambda span: -span.end))

    def positions(self, draft: Draft) -> list[Position]:
        """What the piece says of places, within its part's name, too."""
        found: list[Position] = []
        taken: set[int] = set()
        inside = set(draft.places)
        for place in draft.places:
            for span in self.at(place, "positions", "corners"):
                places = range(span.start, span.end)
                if inside.issuperset(places) and taken.isdisjoint(places) and self.sheet.all_free(span.start, span.end):
                    taken.update(places)
                    found += [Position(value, tuple(places)) for value in span.entry.value.split()]
        return found

    def take_quality(self, draft: Draft) -> str:
        """The quality said of a piece; empty if none is."""
        for place in draft.places:
            for span in self.at(place, "quality"):
                if self.sheet.all_free(span.start, span.end):
                    self.sheet.mark(span.start, span.end, Fate.QUALITY)
                    return span.entry.value
        return ""

    def take_overall_quality(self, drafts: Sequence[Draft]) -> str:
        """The quality that a text ends with, behind a comma or `all`: it is said of every line."""
        places = [place for draft in drafts for place in draft.places if self.sheet.free(place)]
        for span in self.spans:
            ends = span.entry.group == "quality" and places and span.end == places[-1] + 1
            if ends and span.start > 0 and self._is_overall(span.start - 1):
                self.sheet.mark(span.start - 1, span.end, Fate.QUALITY)
                return span.entry.value
        return ""

    def _is_overall(self, place: int) -> bool:
        return any(self.at(place, "scope")) or self.sheet.tokens[place].text == ","

    def take_both_sides(self, draft: Draft) -> None:
        """`Both sides` says how many; `left and right` stays in the remark."""
        for place in draft.places:
            for span in self.at(place, "positions"):
                if span.entry.value == "both" and any(self.at(place, "numbers", "both")):
                    self.sheet.mark(span.start, span.end, Fate.QUANTITY)

    def take_remark(self, draft: Draft) -> str:
        """The words that are left of a piece with a part, without signs, and without words that only join."""
        left = [place for place in draft.places if self.sheet.free(place)]
        kept = [place for place in left if self.sheet.tokens[place].text not in SIGNS]
        while kept and self._is_loose(kept[0]):
            kept = kept[1:]
        while kept and self._is_loose(kept[-1]):
            kept = kept[:-1]
        self.mark(kept, Fate.REMARK)
        self.mark(left, Fate.SEPARATOR)
        return self._as_typed(kept)

    def take_words(self, draft: Draft) -> str:
        """All words that are left of a piece without a part, as typed."""
        kept = self.without_ends([place for place in draft.places if self.sheet.free(place)])
        self.mark(kept, Fate.REMARK)
        self.mark(draft.places, Fate.SEPARATOR)
        return self._as_typed(kept)

    def words_of_line(self, draft: Draft) -> str:
        """The words of a piece that was read, without its quantity and quality."""
        named = (Fate.PART, Fate.REMARK)
        return self._as_typed(self.without_ends(at for at in draft.places if self.sheet.fates[at] in named))

    def _as_typed(self, places: Sequence[int]) -> str:
        """The text of these tokens with the politeness between them: `like new` would be `new` without it."""
        whole = list(places[:1])
        for before, at in itertools.pairwise(places):
            between = range(before + 1, at)
            if all(self.sheet.fates[one] is Fate.NOISE or self._is_in_a_word(one) for one in between):
                whole += between
            whole.append(at)
        return self.sheet.words(whole)

    def _is_in_a_word(self, at: int) -> bool:
        """Whether a sign stands between two words without a blank: a hyphen."""
        before, token, after = self.sheet.tokens[at - 1 : at + 2]
        return token.text == "-" and before.end == token.start and token.end == after.start

    def _is_loose(self, place: int) -> bool:
        return not LOOSE.isdisjoint((span.entry.group, span.entry.value) for span in self.spans.at(place))

    def without_ends(self, places: Iterable[int]) -> list[int]:
        """The tokens without those that are read as separators, and without signs at the ends."""
        kept = [place for place in places if self.sheet.fates[place] is not Fate.SEPARATOR]
        while kept and self.sheet.tokens[kept[0]].text in ENDS:
            kept = kept[1:]
        while kept and self.sheet.tokens[kept[-1]].text in ENDS:
            kept = kept[:-1]
        return kept

    def is_content(self, place: int) -> bool:
        """Whether a token may name a part: it is no number, unit, position or measure."""
        token = self.sheet.tokens[place]
        if token.kind not in CONTENT or (token.kind is TokenKind.WORD and len(token.word) < LETTERS):
            return False
        return NO_CONTENT.isdisjoint(span.entry.group for span in self.spans.at(place))

    def mark(self, places: Iterable[int], fate: Fate) -> None:
        for place in places:
            self.sheet.mark(place, place + 1, fate)

    def says_too(self, draft: Draft) -> bool:
        return any(span.entry.value == "too" for place in draft.places for span in self.at(place, "joiners"))
