"""Decisions about the order as a whole: its car, additives, comment, and sending it."""

from __future__ import annotations

from bot_daemon.chat.conversation import cars, changes
from bot_daemon.chat.conversation.drafts import Draft, Refusal
from bot_daemon.chat.conversation.effects import Effect, Place, Renew, Toast
from bot_daemon.chat.conversation.events import (
    Begin,
    Drop,
    Event,
    Next,
    NoComment,
    Open,
    PickCar,
    Send,
    SetAdditives,
    UseCar,
)
from bot_daemon.chat.conversation.files import left_by
from bot_daemon.chat.conversation.saying import changed, onward, refused, told
from bot_daemon.chat.conversation.state import WHOLE, Decision, State
from bot_daemon.chat.conversation.views import View
from common.cars.identified import Identified


def begin(state: State, event: Begin) -> Decision:
    """The order being written, where it is almost done; else parts to pick."""
    return Decision(onward(state) if state.draft.lines and state.draft.plate else state.at(View.CATEGORIES))


def go_on(state: State, event: Next) -> Decision:
    return Decision(onward(state))


def open_view(state: State, event: Open) -> Decision:
    return Decision(state.at(event.view) if event.page is None else state.at(event.view, page=event.page))


def pick_car(state: State, event: PickCar) -> Decision:
    car = cars.read_car(event.raw) if event.raw is not None else Refusal.CAR_GONE
    if isinstance(car, Refusal):
        return refused(state, event, Refusal.CAR_GONE)
    return Decision(onward(state.with_draft(changes.set_car(state.draft, car.raw))))


def use_car(state: State, event: UseCar) -> Decision:
    """The car is what was typed, or one of its corrections: whichever bears the mark, doubtful or not."""
    raw = next((raw for raw in cars.choices(state.draft) if cars.mark(raw) == event.mark), None)
    if raw is None:
        return told(state.at(View.PLATE), event, Refusal.CAR_GONE.value)
    return Decision(onward(state.with_draft(changes.set_car(state.draft, raw))))


def car_typed(state: State, event: Event, typed: str) -> Decision:
    """A car as typed: taken, unless it looks wrong; then it is kept, and asked about."""
    car = cars.read_car(typed)
    if isinstance(car, Refusal):
        return refused(state, event, car)
    if cars.is_doubtful(car):
        return Decision(state.with_draft(changes.doubt(state.draft, car.raw)).at(View.PLATE))
    return Decision(_with_car(state, car))


def _with_car(state: State, car: Identified) -> State:
    return onward(state.with_draft(changes.set_car(state.draft, car.raw)))


def set_additives(state: State, event: SetAdditives) -> Decision:
    """What was attached to an additive that goes belongs to the order."""
    outcome = changes.set_additives(state.draft, event.choice, {part.id: part.names for part in event.parts})
    decision = changed(state, event, outcome, lambda after: after.at(View.SUMMARY, page=0))
    after, effects = decision.state, decision.effects
    for line in state.draft.lines:
        if after.draft.line(line.id) is None:
            after, more = left_by(line.id, after, WHOLE)
            effects = (*effects, *more)
    return Decision(after, effects)


def no_comment(state: State, event: NoComment) -> Decision:
    return comment_typed(state, event, "")


def comment_typed(state: State, event: Event, text: str) -> Decision:
    return changed(state, event, changes.set_comment(state.draft, text), lambda after: after.at(View.SUMMARY, page=0))


def drop(state: State, event: Drop) -> Decision:
    return Decision(State(view=View.HOME), (Renew(), Toast("dropped")))


def send(state: State, event: Send) -> Decision:
    """The order is placed, once: its key goes with it, and the next press of this button finds it sent."""
    if not (state.draft.lines and state.draft.plate):
        return told(onward(state), event, "missing")
    effects: tuple[Effect, ...] = (Place(state.draft),)
    return Decision(State(draft=Draft(), view=View.HOME), effects)
