"""Matches a typed word to known words: the same word, its beginning, another ending, a typo. No I/O."""

from __future__ import annotations

from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence

from rapidfuzz.distance import OSA

from common.text import folding
from common.text.sounds import Sounds
from common.text.work_budget import WorkBudget

SLIPS = 0.75  # one typo in four letters, two in eight
FOUND = 30  # units of work: a word that is alike costs as much as so many comparisons


class Vocabulary:
    """Folded words. The likelihood that a typed word means one of them is 0 to 1, highest for the same word."""

    def __init__(self, words: Iterable[str]) -> None:
        self._words = sorted(set(words))
        self._known = frozenset(self._words)
        heard = [folding.sound(word) for word in self._words]
        self._heard, self._sounds = heard, Sounds(heard)
        stems = sorted({(folding.stem(form), word) for word in self._words for form in folding.forms(word)})
        self._stems, self._stemmed = [stem for stem, _ in stems], [word for _, word in stems]
        self._of_stem: defaultdict[str, list[str]] = defaultdict(list)
        for stem, word in stems:
            self._of_stem[stem].append(word)
        self._starts: dict[int, tuple[Sounds, list[list[str]]]] = {}

    def like(self, word: str, budget: WorkBudget) -> dict[str, float]:
        """The words that a typed and folded word may mean, each with its likelihood."""
        found: dict[str, float] = {}
        for form in folding.forms(word):
            for likeness, known in self._candidates(form, budget):
                budget.spend(FOUND)
                found[known] = max(likeness if form == word else 0.95 * likeness, found.get(known, 0.0))
        return found

    def _candidates(self, word: str, budget: WorkBudget) -> Iterator[tuple[float, str]]:
        is_known = word in self._known
        if is_known:
            yield 1.0, word
        if len(word) < 2 or any(c.isdigit() for c in word):
            return  # H1 is not a typo of H7
        for known in _beginning(self._words, self._words, word):
            yield 0.85 + 0.12 * len(word) / len(known), known
        yield from self._of_one_stem(word)
        if is_known:
            return  # it is no slip
        heard = folding.sound(word)
        if len(word) >= 4:
            yield from self._slipped(word, heard, budget)
        if len(heard) >= 5:
            yield from self._begun_with_slips(heard, budget)

    def _of_one_stem(self, word: str) -> Iterator[tuple[float, str]]:
        stem = folding.stem(word)
        if len(stem) < 3:
            return
        for known in _beginning(self._stems, self._stemmed, stem):
            share = len(stem) / len(folding.stem(known))
            if share >= 1 or not stem.isascii():  # `аморт` is half a word; English words are not shortened like this
                yield 0.8 + 0.18 * min(1.0, share), known
        for cut in range(max(len(word) - 4, 5), len(word)) if not word.isascii() else ():
            for known in self._of_stem.get(word[:cut], ()):  # `бензиновый` is made of `бензин`
                yield 0.82, known

    def _slipped(self, word: str, heard: str, budget: WorkBudget) -> Iterator[tuple[float, str]]:
        for likeness, at in self._sounds.alike(heard, SLIPS, budget):
            both = (likeness + OSA.normalized_similarity(word, self._words[at])) / 2
            if both >= SLIPS:  # `фара` and `вода` sound more alike than they are
                yield 0.92 * both, self._words[at]

    def _begun_with_slips(self, heard: str, budget: WorkBudget) -> Iterator[tuple[float, str]]:
        """The words whose beginning was typed with a typo: `амартиз`."""
        starts = self._starts.get(len(heard))
        if starts is None:
            starts = self._starts[len(heard)] = self._cut_to(len(heard))
        sounds, words = starts
        for likeness, at in sounds.alike(heard, 0.8, budget):
            for word in words[at]:
                yield 0.82 * likeness, word

    def _cut_to(self, length: int) -> tuple[Sounds, list[list[str]]]:
        """The beginnings of longer words, by sound, with those words."""
        starts: dict[str, list[str]] = {}
        for word, sound in zip(self._words, self._heard, strict=True):
            if len(sound) > length:
                starts.setdefault(sound[:length], []).append(word)
        return Sounds(starts), list(starts.values())


def _beginning(keys: Sequence[str], values: Sequence[str], start: str) -> Iterator[str]:
    """The values of the sorted keys that begin with the text."""
    at = bisect_left(keys, start)
    while at < len(keys) and keys[at].startswith(start):
        yield values[at]
        at += 1
