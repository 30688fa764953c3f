"""The lines of an order from the pieces of a text."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from decimal import Decimal

from common.catalogue.search_index import SURE, Match
from common.text import folding
from common.text.work_budget import WorkBudget
from common.understanding.names import NamedPart, NameFound, Names, words_of
from common.understanding.pieces import Draft
from common.understanding.quantities import Amount, Piece, amount_of, unit_of, value_of
from common.understanding.reading import Asks, Fate, ReadLine
from common.understanding.said import PAIRED, Position, Said
from common.understanding.words.tokens import TokenKind

NARROWER = frozenset({TokenKind.VISCOSITY, TokenKind.DOT})  # kept in the remark even where they name the part
NEAR = 0.12  # below the best score: parts that are still offered
BLANK = ReadLine("")  # what is said before any part


class LineReader:
    """Reads the pieces of one text, in order."""

    def __init__(self, said: Said, names: Names, budget: WorkBudget) -> None:
        self._said, self._names, self._budget = said, names, budget
        self._sheet = said.sheet

    def read(self, drafts: Sequence[Draft]) -> list[ReadLine]:
        """The lines. A first line without text or part says something of a line that was there before."""
        overall = self._said.take_overall_quality(drafts)
        positions = [self._said.positions(draft) for draft in drafts]
        lines: list[ReadLine] = []
        for number, draft in enumerate(drafts):
            shared = self._shared(drafts, positions, number)
            if draft.names:
                lines += self._named(draft, positions[number], shared)
            else:
                lines = self._unnamed(draft, positions[number], shared, lines)
        return [replace(line, quality=line.quality or overall) for line in lines]

    # a piece with a part

    def _named(self, draft: Draft, said: Sequence[Position], shared: frozenset[str]) -> list[ReadLine]:
        typed = self._sheet.words(self._said.without_ends(draft.places))
        own = frozenset(position.value for position in said)
        name = self._widened(draft, draft.names[0])
        parts = self._narrowed(sorted(name.parts), own & PAIRED or shared)
        part = self._names.parts[parts[0]]
        self._take_picking(said, parts)
        self._take_name(name, said, part)
        line = self._line(draft, typed, part, name.end, own)
        line = replace(line, parts=tuple(parts), asks=_which(len(parts) > 1))
        return self._front_and_rear(line) if "front_and_rear" in own else [line]

    def _widened(self, draft: Draft, name: NameFound) -> NameFound:
        """The name with the words of the catalogue beside it that it may only qualify: a gasket of the muffler."""
        start, end = name.start, name.end
        while start - 1 >= draft.places[0] and self._is_known(start - 1):
            start -= 1
        while not name.as_named and end <= draft.places[-1] and self._is_known(end):
            end += 1
        if (start, end) == (name.start, name.end):
            return name
        found = [match for match in self._search(self._sheet.words(range(start, end))) if match.score >= SURE]
        if not found or found[0].part_id in name.parts:
            return name
        return NameFound(start, end, frozenset(match.part_id for match in found), as_named=False, is_whole=False)

    def _is_known(self, place: int) -> bool:
        token = self._sheet.tokens[place]
        is_word = token.kind is TokenKind.WORD and self._sheet.free(place)
        return is_word and self._said.is_content(place) and self._names.knows(token.word)

    def _line(
        self, draft: Draft, typed: str, part: NamedPart | None, name_end: int | None, own: frozenset[str]
    ) -> ReadLine:
        """The line of a piece: its quality, its quantity, and the rest as its remark."""
        quality = self._said.take_quality(draft)
        self._said.take_both_sides(draft)
        free = tuple(place for place in draft.places if self._sheet.free(place))
        amount = amount_of(Piece(self._said, free, name_end, part))
        if amount is not None:
            self._said.mark(amount.places, Fate.QUANTITY)
        both = "both" in own and (amount is None or amount.value == 1)
        remark = self._said.take_words(draft) if name_end is None else self._said.take_remark(draft)
        return ReadLine(
            typed=typed,
            words=self._said.words_of_line(draft),
            quantity=Decimal(2) if both else value_of(amount, part) if amount else None,
            unit=_unit(amount, part, both=both),
            remark=remark,
            quality=quality,
            positions=own,
        )

    def _narrowed(self, parts: list[int], positions: frozenset[str]) -> list[int]:
        """The parts that may be at the places said: `front` picks the front one of two."""
        wanted = positions & PAIRED
        if len(wanted) != 1:
            return parts
        if len(parts) == 1:
            other = [one for one in self._names.pair(parts[0]) or () if self._end(one) in wanted]
            return other if self._end(parts[0]) in PAIRED and other else parts
        fitting = [part for part in parts if self._end(part) in wanted]
        return fitting or [part for part in parts if self._end(part) not in PAIRED] or parts

    def _end(self, part: int) -> str:
        return self._names.parts[part].code.rpartition("_")[2]

    def _take_picking(self, said: Sequence[Position], parts: Sequence[int]) -> None:
        """The words that picked the part are read; they are not repeated in the remark."""
        ends = {self._end(part) for part in parts}
        places = [position.places for position in said]
        for position in said:
            is_pair = position.value == "front_and_rear" and any(self._names.pair(part) for part in parts)
            if is_pair or (position.value in ends and places.count(position.places) == 1):
                self._said.mark(position.places, Fate.PART)

    def _take_name(self, name: NameFound, said: Sequence[Position], part: NamedPart) -> None:
        """The name is read. What it says beyond the part's own name stays: a place, a viscosity, a number."""
        own = {folding.stem(word) for text in part.names.values() for word in words_of(text)}
        placed = {place for one in said if one.value in part.positions for place in one.places}
        for place in range(name.start, name.end):
            token = self._sheet.tokens[place]
            is_code = name.length == 1 and any(c.isdecimal() for c in token.word)
            narrower = place in placed or token.kind in NARROWER or is_code
            is_said = name.is_whole or self._is_in(part, token.word)
            if is_said and (not narrower or folding.stem(token.word) in own):
                self._sheet.mark(place, place + 1, Fate.PART)

    @staticmethod
    def _is_in(part: NamedPart, word: str) -> bool:
        """Whether the word, in some form, is one of the part's names or synonyms."""
        return any(folding.stem(word) == folding.stem(known) for text in part.texts for known in words_of(text))

    def _front_and_rear(self, line: ReadLine) -> list[ReadLine]:
        pair = next((pair for part in line.parts if (pair := self._names.pair(part))), None)
        return [replace(line, parts=(part,), asks=frozenset()) for part in pair] if pair else [line]

    def _shared(self, drafts: Sequence[Draft], said: Sequence[Sequence[Position]], number: int) -> frozenset[str]:
        """The place said once for several parts: before a list, behind one in Hebrew, or with `too`."""
        draft = drafts[number]
        if number and draft.joined_by and drafts[number - 1].names:
            first = drafts[number - 1].names[0].start
            too = self._said.says_too(draft)
            leading = {one.value for one in said[number - 1] if one.places[0] <= first or too} & PAIRED
            if leading and not self._is_hebrew(drafts[number - 1]):
                return frozenset(leading)
        after = number + 1
        if after < len(drafts) and drafts[after].joined_by == "and" and self._is_hebrew(draft):
            return frozenset(one.value for one in said[after]) & PAIRED
        return frozenset()

    def _is_hebrew(self, draft: Draft) -> bool:
        return bool(draft.names) and "א" <= self._sheet.tokens[draft.names[0].start].text[0] <= "ת"

    # a piece without a part

    def _unnamed(
        self, draft: Draft, said: Sequence[Position], shared: frozenset[str], lines: list[ReadLine]
    ) -> list[ReadLine]:
        free = [place for place in draft.places if self._sheet.free(place)]
        if not free:
            return lines
        if not any(self._said.is_content(place) for place in free):
            return [*lines[:-1], self._added(lines[-1] if lines else BLANK, draft, said)]
        typed = self._sheet.words(self._said.without_ends(draft.places))
        line = self._line(draft, typed, None, None, frozenset(position.value for position in said))
        before = lines[-1] if lines and draft.joined_by else None
        return [*lines, self._sought(line, draft, line.positions & PAIRED or shared, before)]

    def _sought(self, line: ReadLine, draft: Draft, positions: frozenset[str], before: ReadLine | None) -> ReadLine:
        """The line with the parts that its words may mean; the words that are no name of the part stay its remark."""
        left = [at for at in draft.places if self._sheet.fates[at] is Fate.REMARK]
        words = self._sheet.words(left)  # politeness names no part
        found = self._of_the_part_before(words, before) or self._search(words)
        parts = tuple(self._narrowed([match.part_id for match in found], positions))
        is_beside = before is not None or bool(positions)
        if len(parts) == 1 and found[0].score >= SURE and (is_beside or self._says_enough(parts[0], words)):
            part = self._names.parts[parts[0]]
            rest = [at for at in left if not self._is_in(part, self._sheet.tokens[at].word)]
            return replace(line, parts=parts, remark=self._sheet.words(self._said.without_ends(rest)))
        return replace(line, parts=parts, typed=line.typed if parts else line.remark, asks=_which(bool(parts)))

    def _says_enough(self, part: int, words: str) -> bool:
        """Whether the words may decide the part: one word of a longer name is a question."""
        said = {folding.stem(word) for word in words_of(words)}
        return len(said) > 1 or any(
            said == set(map(folding.stem, words_of(text))) for text in self._names.parts[part].texts
        )

    def _find(self, words: str) -> list[Match]:
        """The search of the catalogue, as far as the budget of the whole text goes."""
        return [] if self._budget.is_spent else self._names.index.search(words, budget=self._budget)

    def _search(self, words: str) -> list[Match]:
        """The parts that the words most likely mean."""
        found = self._find(words)
        return [match for match in found if match.score >= found[0].score - NEAR]

    def _of_the_part_before(self, words: str, before: ReadLine | None) -> list[Match]:
        """The part that a general word means beside another: washers with injectors, an air filter with an oil one."""
        if before is None or len(before.parts) != 1:
            return []
        known = self._names.parts[before.parts[0]]
        beside = [*known.names.values(), *before.typed.split()[:1]]
        found = [match for name in beside for match in self._find(f"{name} {words}")[:2]]
        return [match for match in found if match.score >= SURE and match.part_id != known.id][:1]

    def _added(self, line: ReadLine, draft: Draft, said: Sequence[Position]) -> ReadLine:
        """The line with what a piece of numbers and positions says of it."""
        own = frozenset(position.value for position in said)
        typed = self._sheet.words(self._said.without_ends(draft.places))
        parts = self._narrowed(list(line.parts), own)
        if len(parts) < len(line.parts):
            self._take_picking(said, parts)
        part = self._names.parts[parts[0]] if parts else None
        more = self._line(draft, "", part, draft.places[0], own)
        return replace(
            line,
            parts=tuple(parts),
            typed=line.typed and f"{line.typed}, {typed}",
            words=" ".join(filter(None, (line.words, more.words))),
            quantity=more.quantity if line.quantity is None else line.quantity,
            unit=line.unit or more.unit,
            remark=" ".join(filter(None, (line.remark, more.remark))),
            quality=line.quality or more.quality,
            positions=line.positions | own,
            asks=line.asks & _which(len(parts) > 1),
        )


def _which(is_open: bool) -> frozenset[Asks]:
    return frozenset({Asks.WHICH} if is_open else ())


def _unit(amount: Amount | None, part: NamedPart | None, *, both: bool) -> str:
    if amount is not None:
        return unit_of(amount, part)
    return part.unit if both and part else ""
