"""How far an order's lines are, and the move this suggests. Lines never move their order: pages offer the move."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from common.database.models import LineState, Order, OrderLine, OrderState
from common.orders.moves import Move
from common.orders.states import ARRIVED, GATHERING, NOT_COUNTED

L, S = LineState, OrderState


@dataclass(frozen=True)
class Progress:
    """`here` of the `wanted` lines are at the station, handed out ones included; `ordered` are on their way."""

    here: int
    wanted: int
    ordered: tuple[OrderLine, ...]

    @property
    def is_partial(self) -> bool:
        return 0 < self.here < self.wanted

    @property
    def expected_on(self) -> date | None:
        """The day the last of them comes; None while that of one is not known."""
        days = [line.expected_on for line in self.ordered]
        known = [day for day in days if day is not None]
        return max(known) if known and len(known) == len(days) else None


def of(order: Order) -> Progress:
    counted = [line for line in order.lines if line.state not in NOT_COUNTED]
    here = [line for line in counted if line.state in ARRIVED]
    return Progress(len(here), len(counted), tuple(line for line in counted if line.state is L.ORDERED))


def suggested_move(order: Order) -> Move | None:
    """`ready` once everything is here; `wait` while something is on its way and the order does not say so yet."""
    progress = of(order)
    if order.state in GATHERING and progress.wanted and progress.here == progress.wanted:
        return Move.READY
    if order.state is S.IN_WORK and progress.ordered:
        return Move.WAIT
    if order.state is S.WAITING and _comes_later(order, progress.expected_on):
        return Move.WAIT
    return None


def _comes_later(order: Order, day: date | None) -> bool:
    """The lines know a day, and the order none or an earlier one."""
    return day is not None and (order.expected_on is None or day > order.expected_on)
