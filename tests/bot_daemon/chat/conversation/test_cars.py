"""The car of an order: taken at once, asked about, corrected."""

from __future__ import annotations

import pytest

from bot_daemon.chat.conversation import actions, cars
from bot_daemon.chat.conversation.drafts import Refusal
from bot_daemon.chat.conversation.screen_views import ScreenView
from tests.bot_daemon.chat.conversation.decisions import AT_THE_CAR, after, toasts, typed


def test_a_plain_plate_is_taken_at_once() -> None:
    state = after(AT_THE_CAR, typed("12345678")).state
    assert (state.view, state.draft.plate) == (ScreenView.SUMMARY, "12345678")


@pytest.mark.parametrize("car", ["123", "1M8GDM9AXKP04278", "1M8GDM9AXKPO42788"])
def test_a_doubtful_car_is_asked_about_and_may_be_used_anyway(car: str) -> None:
    asked = after(AT_THE_CAR, typed(car)).state
    assert (asked.view, asked.draft.doubt, asked.draft.plate) == (ScreenView.PLATE, car, "")
    used = after(asked, actions.UseCar(cars.car_mark(car))).state
    assert (used.view, used.draft.plate, used.draft.doubt) == (ScreenView.SUMMARY, car, "")
    assert after(used, actions.UseCar(cars.car_mark(car))).state == used, "pressed twice"


def test_a_correction_is_one_press() -> None:
    asked = after(AT_THE_CAR, typed("1M8GDM9AXKPO42788")).state
    used = after(asked, actions.UseCar(cars.car_mark("1M8GDM9AXKP042788"))).state
    assert used.draft.plate == "1M8GDM9AXKP042788"


def test_a_doubt_is_kept_while_the_person_goes_elsewhere_and_ends_with_another_car() -> None:
    asked = after(
        AT_THE_CAR, typed("123"), actions.OpenView(ScreenView.CATEGORIES), typed("гайка"), actions.GoOn()
    ).state
    assert (asked.view, asked.draft.doubt) == (ScreenView.PLATE, "123")
    assert after(asked, typed("12345678")).state.draft.doubt == ""


def test_an_old_button_for_a_car_that_was_typed_over_does_not_set_it() -> None:
    state = after(AT_THE_CAR, typed("123"), typed("124")).state
    decision = after(state, actions.UseCar(cars.car_mark("123")))
    assert (decision.state.draft.plate, decision.state.view, toasts(decision)) == (
        "",
        ScreenView.PLATE,
        [Refusal.CAR_GONE],
    )
