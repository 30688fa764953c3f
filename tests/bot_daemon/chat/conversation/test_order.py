"""An order once more, sending it, dropping it, and what the catalogue does to it meanwhile."""

from __future__ import annotations

import pytest

from bot_daemon.chat.conversation import State, actions, decide
from bot_daemon.chat.conversation.actions import PastLine
from bot_daemon.chat.conversation.drafts import Refusal
from bot_daemon.chat.conversation.effects import DiscardDraft, PlaceOrder
from bot_daemon.chat.conversation.screen_views import ScreenView
from common.database.models import Grade
from tests.bot_daemon.chat.conversation.decisions import AT_THE_CAR, EMPTY, PADS, after, photo, toasts, typed


def test_an_order_once_more_adds_its_lines_once_as_they_were() -> None:
    past = (PastLine(PADS.names, 2, Grade.ORIGINAL, PADS), PastLine({"": "болт"}, 5, Grade.ANY, None))
    state = after(EMPTY, actions.OrderAgain(past)).state
    assert [(line.quantity, line.grade) for line in state.draft.lines] == [(2, Grade.ORIGINAL), (5, Grade.ANY)]
    changed = after(state, actions.SetQuantity(1, 4), actions.OrderAgain(past)).state
    assert [line.quantity for line in changed.draft.lines] == [4, 5], "what is there stays as it is"


def test_sending_places_the_order_and_leaves_an_empty_draft_at_home() -> None:
    ready = after(AT_THE_CAR, typed("12345678")).state
    decision = after(ready, actions.SendOrder())
    assert decision.effects == (PlaceOrder(ready.draft),)
    assert decision.state == State(view=ScreenView.HOME)


@pytest.mark.parametrize(("state", "view"), [(EMPTY, ScreenView.CATEGORIES), (AT_THE_CAR, ScreenView.PLATE)])
def test_sending_too_early_leads_to_what_is_missing(state: State, view: ScreenView) -> None:
    decision = after(state, actions.SendOrder())
    assert (decision.state.view, toasts(decision)) == (view, ["missing"])


def test_dropping_gives_the_draft_up() -> None:
    decision = after(AT_THE_CAR, actions.DropDraft())
    assert (decision.state, decision.effects[0]) == (State(view=ScreenView.HOME), DiscardDraft())


def test_a_part_that_leaves_the_catalogue_goes_as_written_and_is_told_before_the_order_is_sent() -> None:
    ready = after(EMPTY, actions.PickPart(PADS), typed("12345678")).state
    told = decide(ready, actions.SendOrder(), frozenset({7}))
    assert (told.effects, told.state.view, told.state.arguments["note"]) == ((), ScreenView.SUMMARY, Refusal.PART_LEFT)
    (line,) = told.state.draft.lines
    assert (line.part_id, line.words) == (None, PADS.names)
    assert isinstance(after(told.state, actions.SendOrder()).effects[0], PlaceOrder)


def test_back_and_forth_keeps_everything() -> None:
    ready = after(AT_THE_CAR, typed("12345678"), actions.OpenView(ScreenView.COMMENT), typed("срочно"), photo(50)).state
    views = [
        actions.OpenView(view)
        for view in (ScreenView.CATEGORIES, ScreenView.PLATE, ScreenView.HISTORY, ScreenView.COMMENT, ScreenView.DROP)
    ]
    gone_round = after(ready, *views, actions.OpenCategory(1), actions.OpenView(ScreenView.SUMMARY, 0)).state
    assert (gone_round.draft, gone_round.attached) == (ready.draft, ready.attached)
