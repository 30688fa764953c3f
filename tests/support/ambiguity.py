"""Which regular expressions can take more than linear time, told from the pattern alone.

Python tries one path after the other through a pattern. It takes polynomial time if the same letters can be divided
in many ways between two loops, exponential time if a loop has two paths through the same letters (Weber and Seidl,
"On the degree of ambiguity of finite automata"). A search begins at every place, so it counts as a preceding loop.

Stricter than the engine: `{m,n}` counts as unbounded, a lookahead as no condition, a back reference as any text.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict, deque
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from functools import cached_property
from importlib import import_module
from itertools import product
from typing import Any, Literal, NamedTuple

Mode = Literal["search", "match", "fullmatch"]
SAMPLE = "aAzZбЯשß09٣_- \n\t\0\x1f.,:/{}\u00a0\u200f€😀"
COPIES = 64  # the most copies of a required repetition; more count as a loop
CATEGORIES = {"DIGIT": r"\d", "NOT_DIGIT": r"\D", "SPACE": r"\s", "NOT_SPACE": r"\S", "WORD": r"\w", "NOT_WORD": r"\W"}


class Slow(NamedTuple):
    """The proof of a slow pattern: a text that begins with `prefix` and repeats `pump`."""

    prefix: str
    pump: str


class Guard(NamedTuple):
    """The condition that the previous letter sets for a letter. `start`: whether it holds without a previous one."""

    before: frozenset[str] | None = None
    start: bool = True

    def holds(self, letter: str) -> bool:
        return self.start if not letter else self.before is None or letter in self.before


Guards = tuple[Guard, ...]
Ends = list[tuple[int, Guards]]
State = tuple[int, int, int, str]  # three places that read the same text, and the text's last letter


@dataclass
class _Piece:
    """A part of a pattern: the places where it begins and ends, and the paths through it without a letter."""

    first: Ends = field(default_factory=list)
    last: Ends = field(default_factory=list)
    empty: list[Guards] = field(default_factory=list)


class Automaton:
    """The places of a pattern where a letter is read, each with its letters, and the steps from place to place."""

    def __init__(self, pattern: str | bytes, flags: int, mode: Mode) -> None:
        if isinstance(pattern, bytes):
            pattern, flags = pattern.decode("latin-1"), flags | re.ASCII
        tree = import_module("re._parser").parse(pattern, flags)
        self.alphabet = frozenset(_codes(tree)) | frozenset(SAMPLE)
        self.letters: list[frozenset[str]] = [self.alphabet]  # place 0 is the text before a search's hit
        self.steps: defaultdict[int, Ends] = defaultdict(list)
        whole = self._sequence(tree, tree.state.flags)
        self.starts = whole.first
        if mode == "search":
            self.steps[0] = [(0, ()), *whole.first]
        # This place means a hit, whatever follows: the engine tries no other path behind it.
        self.sure = {place for place, guards in whole.last if not guards} if mode != "fullmatch" else set()

    def _place(self, letters: Iterable[str]) -> _Piece:
        self.letters.append(frozenset(letters))
        here = (len(self.letters) - 1, ())
        return _Piece([here], [here])

    def _sequence(self, items: Any, flags: int) -> _Piece:
        made = _Piece(empty=[()])
        for op, argument in items:
            made = self._joined(made, self._piece(str(op), argument, flags))
        return made

    def _joined(self, a: _Piece, b: _Piece) -> _Piece:
        self._connect(a, b)
        return _Piece(
            a.first + [(place, way + guards) for way in a.empty for place, guards in b.first],
            b.last + [(place, guards + way) for place, guards in a.last for way in b.empty],
            _few(left + right for left in a.empty for right in b.empty),
        )

    def _connect(self, a: _Piece, b: _Piece) -> None:
        for (place, after), (following, before) in product(a.last, b.first):
            self.steps[place].append((following, after + before))

    def _piece(self, op: str, argument: Any, flags: int) -> _Piece:
        match op:
            case "SUBPATTERN":
                return self._sequence(argument[3], (flags | argument[1]) & ~argument[2])
            case "ATOMIC_GROUP":
                return self._sequence(argument, flags)
            case "BRANCH":
                return _either([self._sequence(branch, flags) for branch in argument[1]])
            case "GROUPREF_EXISTS":
                return _either([self._sequence(branch or [], flags) for branch in argument[1:]])
            case "MAX_REPEAT" | "MIN_REPEAT" | "POSSESSIVE_REPEAT":
                least, most, body = argument
                return self._repeated(least, most, body, flags)
            case "GROUPREF":
                return self._star(self._place(self.alphabet))
            case "AT" | "ASSERT" | "ASSERT_NOT":
                return _Piece(empty=[(self._guard(op, argument, flags),)])
        return self._place(c for c in self.alphabet if _has(op, argument, c, flags))

    def _repeated(self, least: int, most: int, body: Any, flags: int) -> _Piece:
        made = _Piece(empty=[()])
        for _ in range(min(least, COPIES)):
            made = self._joined(made, self._sequence(body, flags))
        if (least, most) == (0, 1):
            return _either([self._sequence(body, flags), _Piece(empty=[()])])
        narrowest, widest = body.getwidth()
        if least == most <= COPIES and narrowest == widest:
            return made
        again = self._sequence(body, flags)
        if (
            again.empty and (least if str(most) == "MAXREPEAT" else most) > 1
        ):  # (a?){30}: which of the thirty read the letters?
            self._connect(again, again)
        return self._joined(made, self._star(again))

    def _star(self, body: _Piece) -> _Piece:
        self._connect(body, body)
        return _Piece(body.first, body.last, _few([(), *body.empty]))

    def _guard(self, op: str, argument: Any, flags: int) -> Guard:
        if op == "AT" and str(argument) in ("AT_BEGINNING", "AT_BEGINNING_STRING"):
            by_line = flags & re.MULTILINE and str(argument) == "AT_BEGINNING"
            return Guard(frozenset("\n" if by_line else ""))
        if op == "AT" or argument[0] > 0 or len(argument[1]) != 1:
            return Guard()
        read = self._sequence(argument[1], flags)
        letters = {c for place, _ in read.last for c in self.letters[place]}
        if op == "ASSERT":
            return Guard(frozenset(letters), start=False)
        is_letter = str(argument[1][0][0]) in ("LITERAL", "NOT_LITERAL", "ANY", "IN")
        return Guard(self.alphabet - letters) if is_letter else Guard()

    @cached_property
    def problem_names(self) -> list[str]:
        """One letter for each class that the pattern treats alike."""
        sets = [*self.letters, *{g.before for ends in self.steps.values() for _, gs in ends for g in gs if g.before}]
        shown = [*sorted(self.alphabet, reverse=True), *reversed(SAMPLE)]  # the last letter of a class stays
        return sorted({tuple(c in one for one in sets): c for c in shown}.values())

    @cached_property
    def reach(self) -> dict[int, set[int]]:
        """The places that each place leads to, by one step or more."""
        found: dict[int, set[int]] = {}
        for place in range(len(self.letters)):
            seen: set[int] = set()
            waiting = [place]
            while waiting:
                new = {following for following, _ in self.steps[waiting.pop()]} - seen
                seen |= new
                waiting += new
            found[place] = seen
        return found

    def after(self, place: int, last: str, letter: str) -> Iterator[int]:
        for following, guards in self.steps[place]:
            if letter in self.letters[following] and all(guard.holds(last) for guard in guards):
                yield following

    def next(self, state: State) -> Iterator[State]:
        """One letter, read by all three."""
        last = state[3]
        for letter in self.problem_names:
            a, b, c = (list(self.after(place, last, letter)) for place in state[:3])
            yield from product(a, b, c, [letter])

    def together(self, a: int, b: int) -> bool:
        return a in self.reach[b] and b in self.reach[a]


def slow(pattern: str | bytes, flags: int = 0, mode: Mode = "search") -> Slow | None:
    """None: linear in the length of the text."""
    automaton = Automaton(pattern, flags, mode)
    loops = [place for place, behind in automaton.reach.items() if place in behind]
    for p, q in product(loops, loops):
        if q in automaton.sure or q not in automaton.reach[p]:
            continue
        for last in automaton.problem_names:
            if last in automaton.letters[p] & automaton.letters[q] and (pump := _pump(automaton, p, q, last)):
                return Slow(_prefix(automaton, p, mode), pump)
    return None


def _pump(automaton: Automaton, p: int, q: int, last: str) -> str:
    """Letters that lead from p to p, from p to q and from q to q; where p is q, from p to p in two ways."""
    goal = (p, q, q, last)
    if p == q:
        return last if _has_two_ways(automaton, p, last) else ""
    waiting = deque([((p, p, q, last), "")])
    seen = {(p, p, q, last)}
    while waiting:
        state, word = waiting.popleft()
        for following in automaton.next(state):
            if following == goal:
                return word + following[3]
            stays = automaton.together(following[0], p) and automaton.together(following[2], q)
            if stays and following not in seen:
                seen.add(following)
                waiting.append((following, word + following[3]))
    return ""


def _has_two_ways(automaton: Automaton, place: int, last: str) -> bool:
    """Whether two steps lead from a place to one and the same place that leads back."""
    ways = Counter(to for to, guards in automaton.steps[place] if all(guard.holds(last) for guard in guards))
    return any(n > 1 and to not in automaton.sure and automaton.together(place, to) for to, n in ways.items())


def _prefix(automaton: Automaton, place: int, mode: Mode) -> str:
    """The shortest text that leads to a place, its own letter included; empty for the text before a search's hit."""
    if place == 0:
        return ""
    waiting = deque((start, "") for start, guards in automaton.starts if all(g.holds("") for g in guards))
    seen: set[int] = set()
    while waiting:
        at, word = waiting.popleft()
        letter = min(automaton.letters[at] & set(automaton.problem_names), default="")
        if at == place:
            return word + letter
        if at not in seen:
            seen.add(at)
            waiting.extend((to, word + letter) for to, _ in automaton.steps[at])
    return ""


def _either(pieces: list[_Piece]) -> _Piece:
    first = [end for piece in pieces for end in piece.first]
    last = [end for piece in pieces for end in piece.last]
    return _Piece(first, last, _few(way for piece in pieces for way in piece.empty))


def _few(ways: Iterable[Guards]) -> list[Guards]:
    """Each at most twice: two paths are as bad as many."""
    kept: list[Guards] = []
    for way in ways:
        if kept.count(way) < 2:
            kept.append(way)
    return kept


def _codes(tree: Any) -> Iterator[str]:
    """The letters that a pattern names, and their neighbours."""
    if isinstance(tree, int):
        yield from (chr(n) for n in (tree - 1, tree, tree + 1) if 0 <= n < 0x110000)
    elif not isinstance(tree, str) and hasattr(tree, "__getitem__"):
        for item in tree:
            yield from _codes(item)


def _has(op: str, argument: Any, letter: str, flags: int) -> bool:
    """Whether one letter is among those that one item of a pattern reads."""
    if op == "NOT_LITERAL":
        return not _has("LITERAL", argument, letter, flags)
    if op == "IN":
        negated = str(argument[0][0]) == "NEGATE"
        return negated != any(_has(str(kind), value, letter, flags) for kind, value in argument[negated:])
    if op == "CATEGORY":
        return re.match(CATEGORIES[str(argument)[9:]], letter, flags & re.ASCII) is not None
    if op == "ANY":
        return letter != "\n" or bool(flags & re.DOTALL)
    low, high = (argument, argument) if op == "LITERAL" else argument
    cases = {letter, letter.lower(), letter.upper()} if flags & re.IGNORECASE else {letter}
    return any(low <= ord(case) <= high for case in cases if len(case) == 1)
