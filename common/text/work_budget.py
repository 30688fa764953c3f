"""A budget of work: counted in steps of the computation, not in seconds, so that it is the same on every machine."""

from __future__ import annotations


class WorkBudget:
    """What one text may cost. Whoever works counts it; whoever is asked for more looks first whether any is left."""

    def __init__(self, most: int) -> None:
        self.most, self.spent = most, 0

    def spend(self, units: int) -> None:
        self.spent += units

    @property
    def is_spent(self) -> bool:
        return self.spent >= self.most
