"""The names of the catalogue's parts in a text: the longest names first, with slips of the finger bridged. No I/O."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice, product

from common.catalogue.search_index import Index, IndexEntry
from common.text import folding
from common.text.vocabulary import Vocabulary
from common.text.work_budget import WorkBudget
from common.understanding.words.lexicon import lexicon
from common.understanding.words.tokens import Token, clean, tokenise

LONGEST = 6  # words of a name that are looked for
MOST_READINGS = 64  # ways to read several mistyped words as one name
SLIP = 0.78  # the least likeness of a word with a slip


@dataclass(frozen=True)
class NamedPart:
    """A part as far as understanding needs it.

    `unit` is meant where a number is said without one; `positions` and `attributes` are what may be said of it.
    """

    id: int
    code: str
    names: Mapping[str, str]
    synonyms: tuple[str, ...] = ()
    unit: str = "pcs"
    positions: frozenset[str] = frozenset()
    attributes: frozenset[str] = frozenset()
    flags: frozenset[str] = frozenset()

    @property
    def texts(self) -> Iterator[str]:
        yield from self.names.values()
        yield from self.synonyms


@dataclass(frozen=True)
class NameFound:
    """Tokens from `start` to `end` that name one of `parts`.

    `as_named`: in exactly a form that the catalogue has. `is_whole`: all of the tokens are words of the name.
    """

    start: int
    end: int
    parts: frozenset[int]
    as_named: bool
    is_whole: bool = True

    @property
    def length(self) -> int:
        return self.end - self.start


class Names:
    """The names of the catalogue. An immutable value, built again when the catalogue changes."""

    def __init__(self, parts: Iterable[NamedPart]) -> None:
        self.parts = {part.id: part for part in parts}
        self._of_stems: defaultdict[tuple[str, ...], set[int]] = defaultdict(set)
        self._forms: set[tuple[str, ...]] = set()
        words: set[str] = set()
        for part in self.parts.values():
            for text in part.texts:
                folded = words_of(text)
                if folded:
                    self._of_stems[_key(folded)].add(part.id)
                    self._forms.add(tuple(sorted(folded)))
                    words.update(folded)
        self._by_code = {part.code: part.id for part in self.parts.values()}
        self._stems = {stem for key in self._of_stems for stem in key}
        self._vocabulary = Vocabulary(words)
        self.index = Index(IndexEntry(part.id, part.names, part.synonyms) for part in self.parts.values())

    def knows(self, word: str) -> bool:
        """Whether a folded word is, in some form, a word of a name."""
        return folding.stem(word) in self._stems

    def pair(self, part: int) -> tuple[int, int] | None:
        """The front and the rear part of the pair that a part is one of."""
        base = self.parts[part].code.removesuffix("_front").removesuffix("_rear")
        front, rear = self._by_code.get(f"{base}_front"), self._by_code.get(f"{base}_rear")
        return (front, rear) if front is not None and rear is not None else None

    def beside(self, part_id: int, words: str) -> str:
        """The words, as typed, that a part's names and synonyms do not say."""
        part = self.parts.get(part_id)
        own = {folding.stem(word) for text in part.texts for word in words_of(text)} if part else set()
        tokens = tokenise(clean(words))
        kept = [token for token in tokens if not (token.word and folding.stem(token.word) in own)]
        return " ".join(token.text for token in kept) if len(kept) < len(tokens) else words

    def find(self, tokens: Sequence[Token], taken: Sequence[bool], budget: WorkBudget) -> list[NameFound]:
        """The names among the tokens that are not taken, the longest first, none of them overlapping.

        Words beyond the budget are not compared with similar ones.
        """
        readings = self._readings(tokens, taken, budget)
        found: list[NameFound] = []
        free = [not each for each in taken]
        for length in range(min(LONGEST, len(tokens)), 0, -1):
            for start in range(len(tokens) - length + 1):
                if all(free[start : start + length]):
                    one = self._named(tokens, readings, start, start + length)
                    if one is not None:
                        found.append(one)
                        free[start : start + length] = [False] * length
        return sorted(found, key=lambda one: one.start)

    def _named(
        self, tokens: Sequence[Token], readings: Sequence[tuple[str, ...]], start: int, end: int
    ) -> NameFound | None:
        """The parts that these tokens name; a hyphen between two words is no word."""
        at = [i for i in range(start, end) if readings[i]]
        if not at or at[0] != start or at[-1] != end - 1:
            return None
        if any(not readings[i] and tokens[i].text not in ("-", "/", ".") for i in range(start, end)):
            return None
        for stems in islice(product(*(readings[i] for i in at)), MOST_READINGS):
            parts = self._of_stems.get(tuple(sorted(stems)))
            if parts:
                form = tuple(sorted(tokens[i].word for i in at))
                return NameFound(start, end, frozenset(parts), form in self._forms)
        return None

    def _readings(self, tokens: Sequence[Token], taken: Sequence[bool], budget: WorkBudget) -> list[tuple[str, ...]]:
        """For each token the stems it may have in a name; none for a token that is no word of a name."""
        readings: list[tuple[str, ...]] = []
        for token, is_taken in zip(tokens, taken, strict=True):
            stems: tuple[str, ...] = ()
            if token.word and not is_taken:
                stems = tuple(s for form in folding.forms(token.word) if (s := folding.stem(form)) in self._stems)
                if not stems and not budget.is_spent and self._may_be_a_slip(token):
                    stems = self._meant(token.word, budget)
            readings.append(stems)
        return readings

    @staticmethod
    def _may_be_a_slip(token: Token) -> bool:
        return token.is_spelt and len(token.word) >= 4 and token.word.isalpha() and not lexicon().of((token.word,))

    def _meant(self, word: str, budget: WorkBudget) -> tuple[str, ...]:
        """The stems of the words that a mistyped one most likely means."""
        likely = sorted(self._vocabulary.like(word, budget).items(), key=lambda pair: -pair[1])[:4]
        return tuple(dict.fromkeys(folding.stem(known) for known, likeness in likely if likeness >= SLIP))


def words_of(text: str) -> tuple[str, ...]:
    """The folded words of a name, cut as typed texts are."""
    return tuple(token.word for token in tokenise(clean(text)) if token.word)


def _key(words: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(sorted(folding.stem(word) for word in words))
