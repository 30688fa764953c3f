"""Decisions about the order as a whole: its car, additives, comment, and sending it."""

from __future__ import annotations

from dataclasses import replace

from bot_daemon.chat.conversation import cars, changes
from bot_daemon.chat.conversation.actions import (
    BeginOrder,
    ClearComment,
    DropDraft,
    GoOn,
    OpenView,
    PickCar,
    SendOrder,
    SetAdditives,
    SetUrgent,
    UseCar,
)
from bot_daemon.chat.conversation.drafts import Draft, Refusal
from bot_daemon.chat.conversation.effects import DiscardDraft, Effect, PlaceOrder, Toast
from bot_daemon.chat.conversation.files import move_files_from
from bot_daemon.chat.conversation.screen_views import ScreenView
from bot_daemon.chat.conversation.state import WHOLE, Decision, State, refuse, say, show_missing, take_change


def begin_order(state: State, action: BeginOrder) -> Decision:
    """Show the order being written if it is almost done, else the parts to pick."""
    return Decision(show_missing(state) if state.draft.is_complete else state.at(ScreenView.CATEGORIES))


def go_on(state: State, action: GoOn) -> Decision:
    return Decision(show_missing(state))


def open_view(state: State, action: OpenView) -> Decision:
    return Decision(state.at(action.view) if action.page is None else state.at(action.view, page=action.page))


def pick_car(state: State, action: PickCar) -> Decision:
    car = cars.read_car(action.raw) if action.raw is not None else Refusal.CAR_GONE
    if isinstance(car, Refusal):
        return refuse(state, action, Refusal.CAR_GONE)
    return Decision(show_missing(state.with_draft(changes.set_car(state.draft, car.raw))))


def use_car(state: State, action: UseCar) -> Decision:
    """Set the car to the typed text or one of its corrections, whichever has the mark, doubtful or not."""
    raw = next((raw for raw in cars.car_choices(state.draft) if cars.car_mark(raw) == action.mark), None)
    if raw is None:
        return say(state.at(ScreenView.PLATE), action, Refusal.CAR_GONE.value)
    return Decision(show_missing(state.with_draft(changes.set_car(state.draft, raw))))


def set_urgent(state: State, action: SetUrgent) -> Decision:
    return Decision(state.with_draft(replace(state.draft, urgent=action.on)).here())


def set_additives(state: State, action: SetAdditives) -> Decision:
    """Set the choice about additives. Files of a removed additive move to the order."""
    outcome = changes.set_additives(state.draft, action.choice, {part.id: part.names for part in action.parts})
    decision = take_change(state, action, outcome, lambda after: after.at(ScreenView.SUMMARY, page=0))
    after, effects = decision.state, decision.effects
    for line in state.draft.lines:
        if after.draft.line(line.id) is None:
            after, more = move_files_from(line.id, after, WHOLE)
            effects = (*effects, *more)
    return Decision(after, effects)


def clear_comment(state: State, action: ClearComment) -> Decision:
    outcome = changes.set_comment(state.draft, "")
    return take_change(state, action, outcome, lambda after: after.at(ScreenView.SUMMARY, page=0))


def drop_draft(state: State, action: DropDraft) -> Decision:
    return Decision(State(view=ScreenView.HOME), (DiscardDraft(), Toast("dropped")))


def send_order(state: State, action: SendOrder) -> Decision:
    """Place the order, once. It takes the draft's key, so the next press of this button finds it sent."""
    if not state.draft.is_complete:
        return say(show_missing(state), action, "missing")
    effects: tuple[Effect, ...] = (PlaceOrder(state.draft),)
    return Decision(State(draft=Draft(), view=ScreenView.HOME), effects)
