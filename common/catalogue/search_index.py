"""The search index of parts: finds them by typed words, in names and synonyms of all languages at once. No I/O.

An `Index` is an immutable value built from the catalogue.
"""

from __future__ import annotations

import math
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from common.text import folding, query
from common.text.query import QueryWord, WordRole
from common.text.sounds import Sounds
from common.text.vocabulary import Vocabulary
from common.text.work_budget import WorkBudget

SHOWN = 6
MIN_SCORE = 0.58  # the least share of the typed words that must be found
NEAR = 0.7  # matches below this share of the best score are not shown
SURE = 0.85
FAINT = 0.8
CERTAIN = 0.95  # the word itself, or another form of it
PLACE = 20  # units of work: a place of a word costs as much as so many comparisons
MOST_WORK = 1_000_000  # units for one text: 0.1 s, on a slow machine 0.3 s
MODIFIER = 0.45  # the weight of an unknown word that does not name the thing: `на мазду`
# The most that words for places, and numbers with units, weigh together: the share of what all others do.
SHARES = {WordRole.PLACE: 0.5, WordRole.AMOUNT: 0.12}
ASIDE = 0.3  # what the other words keep of their weight, if nothing has them all


_Places = tuple[dict[int, float], dict[int, float]]  # phrases, entries -> the likeness of a word in them


@dataclass(frozen=True)
class IndexEntry:
    """The searchable texts of a part. `synonyms` may belong to several parts; `category` holds its category's names."""

    part_id: int
    names: Mapping[str, str]
    synonyms: tuple[str, ...] = ()
    category: tuple[str, ...] = ()


@dataclass(frozen=True)
class Match:
    """`score` is 0 to 1. `exact`: only this part has the typed name; case, marks and word order do not count."""

    part_id: int
    names: Mapping[str, str]
    score: float
    exact: bool = False


@dataclass(frozen=True)
class _Phrase:
    """One name or synonym of a part."""

    entry: int
    words: frozenset[str]
    language: str  # of a name; a synonym has none


@dataclass(frozen=True)
class _TypedWord:
    """A typed word: its role, its possible meanings and its weight."""

    role: WordRole
    found: Mapping[str, float]  # word of the index -> likeness
    weight: float


class Index:
    """Parts in the catalogue's order, which decides between equally good matches."""

    def __init__(self, entries: Iterable[IndexEntry]) -> None:
        self.entries = list(entries)
        self._phrases: list[_Phrase] = []
        sounds: list[str] = []
        self._named: defaultdict[tuple[str, ...], set[int]] = defaultdict(set)
        self._called: defaultdict[tuple[str, ...], set[int]] = defaultdict(set)
        self._in_phrases: defaultdict[str, list[int]] = defaultdict(list)
        self._in_categories: defaultdict[str, set[int]] = defaultdict(set)
        self._frequencies: dict[str, int] = {}
        for number, entry in enumerate(self.entries):
            for language, name in entry.names.items():
                sounds += self._add(number, name, language, self._named)
            for synonym in entry.synonyms:
                sounds += self._add(number, synonym, "", self._called)
            for word in (word for name in entry.category for word in query.words(name)):
                self._in_categories[word].add(number)
        self._sounds = Sounds(sounds)
        self._vocabulary = Vocabulary((*self._in_phrases, *self._in_categories))

    def _add(self, number: int, name: str, language: str, names: dict[tuple[str, ...], set[int]]) -> list[str]:
        """Returns its sound, if it has any."""
        words = query.words(name)
        if not words:
            return []
        names[tuple(sorted(words))].add(number)
        for word in set(words):
            self._in_phrases[word].append(len(self._phrases))
        self._phrases.append(_Phrase(number, frozenset(words), language))
        return [folding.sound("".join(words))]

    def search(
        self, text: str, *, limit: int = SHOWN, language: str = "", budget: WorkBudget | None = None
    ) -> list[Match]:
        """The parts that were probably meant, the best first; empty if none of the catalogue fits.

        Args:
            language: the reader's; of equally good parts, those with a matching name in it come first.
            budget: what the search may cost, `MOST_WORK` if not given. Words beyond it count as unknown.
        """
        words, budget = query.words(text), budget or WorkBudget(MOST_WORK)
        scores = self._scores(words, language, budget) or self._in_another_layout(text, language, budget)
        exact = self._exact(words)
        if exact is not None:
            scores[exact] = 1.0
        best = max(scores.values(), default=0.0)
        likely = [number for number, score in scores.items() if score >= max(MIN_SCORE, best * NEAR)]
        likely.sort(key=lambda number: (number != exact, -round(scores[number], 3), number))
        return [self._match(number, scores[number], number == exact) for number in likely[: max(limit, 0)]]

    def _match(self, number: int, score: float, exact: bool) -> Match:
        entry = self.entries[number]
        return Match(entry.part_id, entry.names, round(score, 3), exact)

    def _exact(self, words: tuple[str, ...]) -> int | None:
        """The only part with this name, or else with this synonym."""
        key = tuple(sorted(words))
        found = self._named.get(key) or self._called.get(key) or set()
        return next(iter(found)) if len(found) == 1 else None

    def _in_another_layout(self, text: str, language: str, budget: WorkBudget) -> dict[int, float]:
        """The matches if the keyboard was in another layout. Short words are skipped: they would match by chance."""
        for other in folding.other_layouts(text) if len(text.strip()) >= 4 else ():
            found = self._scores(query.words(other), language, budget)
            sure = {number: score for number, score in found.items() if score >= SURE}
            if sure:
                return sure
        return {}

    def _scores(self, words: tuple[str, ...], language: str, budget: WorkBudget) -> dict[int, float]:
        """Part -> the share of the typed words in one of its names, and the share of that name that was typed."""
        asked = self._typed_words(words, budget)
        places = [self._places(word.found, budget) for word in asked if not budget.is_spent]
        alike = self._alike(words, budget)
        found = self._scored([word.weight for word in asked], places, alike, language)
        thing = _certain_thing(asked[: len(places)])
        if found or thing is None:
            return found
        weights = [word.weight * (1.0 if at == thing else ASIDE) for at, word in enumerate(asked)]
        beside = _beside(places, thing)
        budget.spend(PLACE * sum(len(phrases) + len(entries) for phrases, entries in beside))
        return self._scored(weights, beside, [], language)

    def _scored(
        self, weights: Sequence[float], places: Sequence[_Places], alike: Sequence[tuple[int, float]], language: str
    ) -> dict[int, float]:
        total = sum(weights)
        covered: defaultdict[int, float] = defaultdict(float)
        hits: Counter[int] = Counter()
        scores: defaultdict[int, float] = defaultdict(float)
        for weight, (phrases, entries) in zip(weights, places, strict=False):
            for at, likeness in phrases.items():
                covered[at] += weight * likeness / total
                hits[at] += 1
            for entry, likeness in entries.items():  # over all of its names: "front колодки", "лампочка H7"
                scores[entry] += 0.8 * weight * likeness / total
        names = {at: part * (0.85 + 0.15 * min(1.0, hits[at] / self._size(at))) for at, part in covered.items()}
        for at, likeness in alike:
            names[at] = max(0.93 * likeness, names.get(at, 0.0))
        for at, score in names.items():
            phrase = self._phrases[at]
            own = score + 0.005 if phrase.language == language else score
            scores[phrase.entry] = max(scores[phrase.entry], min(1.0, own))
        return {entry: score for entry, score in scores.items() if score >= MIN_SCORE}

    def _size(self, at: int) -> int:
        return len(self._phrases[at].words)

    def _places(self, found: Mapping[str, float], budget: WorkBudget) -> _Places:
        """The phrases and parts that contain a typed word, with the best likeness in each."""
        phrases: dict[int, float] = {}
        entries: dict[int, float] = {}
        for known, likeness in found.items():
            for at in self._in_phrases.get(known, ()):
                phrases[at] = max(likeness, phrases.get(at, 0.0))
            for entry in self._in_categories.get(known, ()):
                entries[entry] = max(0.9 * likeness, entries.get(entry, 0.0))
        for at, likeness in phrases.items():
            entry = self._phrases[at].entry
            entries[entry] = max(likeness, entries.get(entry, 0.0))
        budget.spend(PLACE * (len(phrases) + len(entries)))
        return phrases, entries

    def _typed_words(self, words: tuple[str, ...], budget: WorkBudget) -> list[_TypedWord]:
        """The meaningful typed words, weighed. Amounts alone name no part."""
        weighed = [self._weigh(word, budget) for word in query.read(words)]
        own = sum(word.weight for word in weighed if word.role not in SHARES)
        if not own:
            return [word for word in weighed if word.role is WordRole.PLACE]
        for role, share in SHARES.items():
            others = sum(word.weight for word in weighed if word.role is role)
            part = min(1.0, share * own / others) if others else 1.0
            weighed = [replace(word, weight=word.weight * part) if word.role is role else word for word in weighed]
        return weighed

    def _weigh(self, word: QueryWord, budget: WorkBudget) -> _TypedWord:
        """Weigh a word: a rare one counts more than a common one, an unknown one most if it names the thing."""
        found = {} if budget.is_spent else self._vocabulary.like(word.text, budget)
        is_thing = word.role is WordRole.THING
        if not found:
            role = WordRole.AMOUNT if any(c.isdigit() for c in word.text) else word.role  # `6pk1750`
            return _TypedWord(role, found, 1.0 if is_thing else MODIFIER)
        best = max(found.values())
        if best < FAINT and not is_thing:
            return _TypedWord(word.role, found, MODIFIER)  # `мазду` is not similar enough to `моста`
        likely = sum(self._frequency(known) for known, likeness in found.items() if likeness >= best - 0.1)
        parts = len(self.entries)
        return _TypedWord(word.role, found, 1.0 - 0.5 * math.log(min(likely, parts)) / math.log(parts + 1))

    def _frequency(self, known: str) -> int:
        """The number of parts with this word in a name, a synonym or their category."""
        count = self._frequencies.get(known)
        if count is None:
            named = {self._phrases[at].entry for at in self._in_phrases.get(known, ())}
            count = self._frequencies[known] = len(named | self._in_categories.get(known, set()))
        return count

    def _alike(self, words: tuple[str, ...], budget: WorkBudget) -> list[tuple[int, float]]:
        """Names that sound like all typed words joined: `сайлент блок`, `airfilter`."""
        heard = folding.sound("".join(words))
        if len(heard) < 6 or any(c.isdigit() for c in heard) or budget.is_spent:
            return []
        return [(at, likeness) for likeness, at in self._sounds.alike(heard, 0.8, budget)]


def _certain_thing(asked: Sequence[_TypedWord]) -> int | None:
    """The place of the word that names the thing, if it is known for certain."""
    things = (at for at, word in enumerate(asked) if word.role is WordRole.THING)
    return next((at for at in things if max(asked[at].found.values(), default=0.0) >= CERTAIN), None)


def _beside(places: Sequence[_Places], thing: int) -> list[_Places]:
    """The places in the names of the thing alone: the other words are only said beside it."""
    phrases, entries = places[thing]
    return [
        ({at: of[at] for at in phrases.keys() & of.keys()}, {entry: to[entry] for entry in entries.keys() & to.keys()})
        for of, to in places
    ]
