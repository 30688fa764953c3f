"""Texts by their sound, in groups that can be compared quickly: nothing is compared that cannot be alike."""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Iterable, Iterator

from rapidfuzz import process
from rapidfuzz.distance import OSA

from common.text.work_budget import WorkBudget


class Sounds:
    """Sounds with their positions. A typo changes neither the script nor more than a share of the length."""

    def __init__(self, sounds: Iterable[str]) -> None:
        self._groups: defaultdict[tuple[int, int], tuple[list[str], list[int]]] = defaultdict(lambda: ([], []))
        for at, sound in enumerate(sounds):
            texts, positions = self._groups[_script(sound), len(sound)]
            texts.append(sound)
            positions.append(at)

    def alike(self, heard: str, least: float, budget: WorkBudget) -> Iterator[tuple[float, int]]:
        """Pairs of likeness (at least `least`) and position. Each comparison is a unit of the budget."""
        for length in range(math.ceil(len(heard) * least), math.floor(len(heard) / least) + 1):
            texts, positions = self._groups.get((_script(heard), length), ((), ()))
            budget.spend(len(texts))
            for _, likeness, at in process.extract(
                heard, texts, scorer=OSA.normalized_similarity, score_cutoff=least, limit=None
            ):
                yield likeness, positions[at]


def _script(sound: str) -> int:
    """The block of 256 characters that the text begins in."""
    return ord(sound[0]) >> 8 if sound else 0
