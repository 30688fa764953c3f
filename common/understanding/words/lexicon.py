"""The words of orders in all languages: numbers, units, positions, politeness. Read once, from the files here."""

from __future__ import annotations

import tomllib
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from common.languages import LANGUAGES
from common.text import folding
from common.understanding.words.tokens import Token, TokenKind

DIRECTORY = Path(__file__).parent
LONGEST = 5  # words of an entry
PREFIXED = frozenset({"make", "positions"})  # what is also said with a Hebrew letter before it: למאזדה, הקדמי


@dataclass(frozen=True)
class WordEntry:
    """What a word is: `group` is the section of the file, `value` the key in it."""

    group: str
    value: str


@dataclass(frozen=True)
class Span:
    """Tokens from `start` to `end` that are one entry."""

    start: int
    end: int
    entry: WordEntry


class Spans:
    """The entries in the tokens of a text, in order; found by the token where they begin or end."""

    def __init__(self, spans: Iterable[Span]) -> None:
        self._all = tuple(spans)
        self._beginning: defaultdict[int, list[Span]] = defaultdict(list)
        self._ending: defaultdict[int, list[Span]] = defaultdict(list)
        for span in self._all:
            self._beginning[span.start].append(span)
            self._ending[span.end].append(span)

    def __iter__(self) -> Iterator[Span]:
        return iter(self._all)

    def at(self, start: int) -> Sequence[Span]:
        """Those that begin at a token."""
        return self._beginning.get(start, ())

    def before(self, end: int) -> Sequence[Span]:
        """Those that end just before a token."""
        return self._ending.get(end, ())


class Lexicon:
    """The entries of all languages at once: a mechanic mixes them."""

    def __init__(self) -> None:
        self._entries: defaultdict[tuple[str, ...], list[WordEntry]] = defaultdict(list)
        self._beginnings: defaultdict[str, list[WordEntry]] = defaultdict(list)
        self._exact: dict[str, WordEntry] = {}
        for language in LANGUAGES:
            path = DIRECTORY / f"{language}.toml"
            if path.exists():
                self._load(path)
        for group, words in tomllib.loads((DIRECTORY / "cars.toml").read_text(encoding="utf-8")).items():
            self._add(WordEntry("make", group), words)

    def _load(self, path: Path) -> None:
        for group, values in tomllib.loads(path.read_text(encoding="utf-8")).items():
            for value, words in values.items():
                if group == "corners":
                    self._exact.update({word: WordEntry(group, value) for word in words})
                else:
                    self._add(WordEntry(group, value), words)

    def _add(self, entry: WordEntry, words: list[str]) -> None:
        for word in words:
            folded = folding.words(word.removesuffix("*")) or (word,)
            if word.endswith("*"):
                self._beginnings[folded[0]].append(entry)
            else:
                for each in dict.fromkeys((folded, _with_and_apart(folded))):
                    self._entries[each].append(entry)

    def of(self, words: tuple[str, ...]) -> list[WordEntry]:
        """The entries of these folded words; a Hebrew word also without the letter that may be a prefix."""
        found = self.directly(words)
        if len(words) == 1:
            found += [entry for form in folding.forms(words[0])[1:] for entry in self._behind_a_prefix(form)]
        return found

    def directly(self, words: tuple[str, ...]) -> list[WordEntry]:
        """The entries of exactly these folded words."""
        found = list(self._entries.get(words, ()))
        if len(words) == 1:
            for length in range(2, len(words[0]) + 1):
                found += self._beginnings.get(words[0][:length], ())
        return found

    def _behind_a_prefix(self, word: str) -> list[WordEntry]:
        return [entry for entry in self._entries.get((word,), ()) if entry.group in PREFIXED]

    def exactly(self, text: str) -> WordEntry | None:
        """The entry that is read in capitals only."""
        return self._exact.get(text)

    def spans(self, tokens: Sequence[Token]) -> Spans:
        """Every entry in the tokens, overlapping ones too; the longest first at each place."""
        return Spans(span for start in range(len(tokens)) for span in self._spans_at(tokens, start))

    def _spans_at(self, tokens: Sequence[Token], start: int) -> Iterator[Span]:
        for end in range(min(len(tokens), start + LONGEST), start, -1):
            words = _words_between(tokens, start, end)
            for entry in self.of(words) if words else ():
                yield Span(start, end, entry)
        exact = self.exactly(tokens[start].text)
        if exact is not None:
            yield Span(start, start + 1, exact)


def _with_and_apart(words: tuple[str, ...]) -> tuple[str, ...]:
    """The words with a Hebrew `and` as a word of its own, as tokens have it."""
    apart: list[str] = [words[0]]
    for word in words[1:]:
        apart += ["ו", word[1:]] if word[0] == "ו" and len(word) > 3 else [word]
    return tuple(apart)


def _words_between(tokens: Sequence[Token], start: int, end: int) -> tuple[str, ...]:
    """The folded words of the tokens, hyphens left out; empty if something else stands between them."""
    words = []
    for at in range(start, end):
        token = tokens[at]
        if token.kind is TokenKind.SIGN and token.text in "-+&/." and start < at < end - 1:
            continue
        if not (token.is_spelt or (token.kind is TokenKind.SIGN and end == start + 1)):
            return ()
        words.append(token.word or token.text)
    return tuple(words)


@cache
def lexicon() -> Lexicon:
    return Lexicon()
