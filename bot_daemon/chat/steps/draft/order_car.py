"""The car of an order by buttons, and what was ordered for it before."""

from __future__ import annotations

from bot_daemon.chat import buttons, lookup
from bot_daemon.chat.conversation import actions
from bot_daemon.chat.conversation.actions import Action
from bot_daemon.chat.conversation.drafts import CarWithoutNumber
from bot_daemon.chat.conversation.screen_views import ScreenView
from bot_daemon.chat.steps.draft.writing import Values, Writing, at_draft

INSTEAD = {instead.value: instead for instead in CarWithoutNumber}


@at_draft(buttons.PLATE)
def open_plate(writing: Writing, values: Values) -> Action:
    return actions.OpenView(ScreenView.PLATE)


@at_draft(buttons.CAR)
def pick_car(writing: Writing, values: Values) -> Action:
    return actions.PickCar(lookup.car_of(writing.session, writing.person, int(values["vehicle"])))


@at_draft(buttons.USE_CAR)
def use_car(writing: Writing, values: Values) -> Action:
    return actions.UseCar(int(values["mark"]))


@at_draft(buttons.WITHOUT_NUMBER)
def go_without_number(writing: Writing, values: Values) -> Action:
    return actions.GoWithoutNumber(INSTEAD.get(values["choice"], CarWithoutNumber.NO_CAR))


@at_draft(buttons.CAR_IS_PART)
def take_words_as_part(writing: Writing, values: Values) -> Action:
    """The words that were typed where the car was asked for are a part."""
    draft = writing.state.draft
    message = draft.sources[-1].message if draft.sources else 0
    return actions.TakeAsPart(lookup.typed(writing.session, writing.person, draft.car_words, draft, message))


@at_draft(buttons.TYPE_NUMBER)
def type_number(writing: Writing, values: Values) -> Action:
    return actions.TypeNumber()


@at_draft(buttons.HISTORY)
def open_history(writing: Writing, values: Values) -> Action:
    return actions.OpenView(ScreenView.HISTORY)


@at_draft(buttons.AGAIN)
def order_again(writing: Writing, values: Values) -> Action:
    number = int(values["order"])
    return actions.OrderAgain(
        lookup.past_lines(writing.session, writing.person, writing.state.draft, number),
        lookup.car_of_order(writing.session, writing.person, number),
    )
