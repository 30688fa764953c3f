"""Whatever actions come in whatever order: states and actions as values, no database, no bot, no clock."""

from __future__ import annotations

import json
from collections.abc import Sequence

from hypothesis import given
from hypothesis import strategies as st

from bot_daemon.chat.conversation import Decision, State, actions, cars, decide, drafts
from bot_daemon.chat.conversation.actions import Action, PastLine
from bot_daemon.chat.conversation.decide import DECISIONS
from bot_daemon.chat.conversation.drafts import CarWithoutNumber, Draft
from bot_daemon.chat.conversation.effects import DiscardDraft, PlaceOrder
from bot_daemon.chat.conversation.screen_views import OF_THE_DRAFT, ScreenView
from bot_daemon.chat.conversation.state import WHOLE
from bot_daemon.chat.rendering.order_facts import order_comment
from common.database.models import Additives, Grade
from common.orders.content.quantities import MAX_QUANTITY
from common.orders.placing import MAX_COMMENT, MAX_LINES, MAX_REMARK, MAX_WORDS
from tests.bot_daemon.chat.conversation.decisions import EMPTY, FUEL, PADS, PLUGS, REAR, UNNAMED, WASHER, after, typed


def test_every_event_is_decided_somewhere() -> None:
    assert set(DECISIONS) == set(Action.__subclasses__())


PARTS = st.sampled_from([PADS, REAR, WASHER, FUEL])
SAID = [
    "2",
    "12345678",
    "123",
    "колодки\nболт",
    "1000",
    "4 свечи",
    "тойота",
    "без колодок",
    "2 задние, срочно",
    "спасибо",
]
SAID += ["на белую мазду 12-345-67", "12-345-67 и 76-543-21", "в цех", "нет, три", "левый SKF", "не свечи, а колодки"]
texts = st.one_of(st.text(max_size=MAX_COMMENT + 20), st.sampled_from(SAID), st.just("деталь " * 200))
typed_texts = st.builds(
    lambda text, message: typed(text, PADS, REAR, PLUGS, message=message), texts, st.integers(1, 12)
)
ids, messages = st.integers(0, 8), st.integers(1, 12)
anything = st.one_of(
    st.builds(actions.BeginOrder),
    st.builds(actions.GoOn),
    st.builds(actions.OpenView, st.sampled_from(sorted(OF_THE_DRAFT)), st.none() | st.integers(0, 3)),
    st.builds(actions.OpenCategory, st.none() | st.integers(1, 3), st.integers(0, 9)),
    st.builds(actions.PickPart, st.none() | PARTS),
    st.builds(actions.SetPart, ids, st.none() | PARTS),
    st.builds(actions.KeepAsWritten, ids),
    st.builds(actions.OpenLine, ids),
    st.builds(actions.SetQuantity, ids, st.integers(-1, MAX_QUANTITY + 1)),
    st.builds(actions.SetGrade, st.none() | ids, st.none() | st.sampled_from(Grade)),
    st.builds(actions.SetStar, st.none() | PARTS, st.booleans()),
    st.builds(actions.SetAdditives, st.sampled_from(Additives), st.sampled_from([(), (WASHER, FUEL)])),
    st.builds(actions.PickCar, st.none() | st.sampled_from(["12345678", "А123ВС77"])),
    st.builds(actions.UseCar, st.sampled_from([cars.car_mark("123"), 5])),
    st.builds(actions.OrderAgain, st.none() | st.just((PastLine(PADS.names, 2, Grade.ORIGINAL, PADS),))),
    st.builds(actions.ClearComment),
    st.builds(actions.DropDraft),
    st.builds(actions.SendOrder),
    st.builds(actions.MoveFile, messages, st.none() | ids, st.just(UNNAMED)),
    st.builds(
        actions.AttachFile,
        messages,
        st.just("photo"),
        st.sampled_from(["", "g"]),
        st.none() | typed_texts,
        st.just(UNNAMED),
    ),
    typed_texts,
    st.builds(actions.EditText, typed_texts),
    st.builds(actions.JoinLines, messages),
    st.builds(actions.TakeAsPart, typed_texts, ids),
    st.builds(actions.AskLater, ids),
    st.builds(actions.PutBack),
    st.builds(actions.GoWithoutNumber, st.sampled_from(CarWithoutNumber)),
    st.builds(actions.TypeNumber),
    st.builds(actions.SetUrgent, st.booleans()),
)


@given(st.lists(st.tuples(anything, st.frozensets(st.sampled_from([7, 8, 20]))), max_size=40))
def test_no_sequence_of_events_leaves_a_state_that_cannot_be(sequence: Sequence[tuple[Action, frozenset[int]]]) -> None:
    """Nothing is raised, an order's limits hold, what is attached has a place, and all of it can be stored."""
    state = EMPTY
    for action, gone in sequence:
        decision = decide(state, action, gone)
        stays(state, decision)
        state = decision.state
        assert drafts.from_stored(json.loads(json.dumps(drafts.to_stored(state.draft)))) == state.draft
        json.dumps(dict(state.arguments))
        within_limits(state)


def stays(before: State, decision: Decision) -> None:
    """What is attached is never lost but with its draft."""
    ended = any(isinstance(effect, PlaceOrder | DiscardDraft) for effect in decision.effects)
    kept = {one.message_id for one in decision.state.attached}
    assert ended or {one.message_id for one in before.attached} <= kept


def within_limits(state: State) -> None:
    draft, line_ids = state.draft, {line.id for line in state.draft.lines}
    assert len(line_ids) == len(draft.lines) <= MAX_LINES
    assert all(1 <= line.quantity <= MAX_QUANTITY for line in draft.lines)
    assert all(0 < len(text) <= MAX_WORDS for line in draft.lines for text in line.words.values())
    assert (draft.current in line_ids) == bool(line_ids)
    assert {one.line for one in state.attached} <= line_ids | {WHOLE}
    assert all(len(line.remark) <= MAX_REMARK for line in draft.lines)
    assert len(order_comment(draft)) <= MAX_COMMENT


@given(st.lists(anything, max_size=25))
def test_a_press_that_happens_twice_is_as_good_as_once(sequence: list[Action]) -> None:
    state = EMPTY
    for action in sequence:
        once = decide(state, action).state
        if action.pressed and not isinstance(action, actions.SendOrder | actions.DropDraft):
            assert decide(once, action).state.draft == once.draft, action
        state = once


@given(st.lists(anything, max_size=25))
def test_from_every_state_an_order_can_be_finished(sequence: list[Action]) -> None:
    state = after(EMPTY, *sequence).state
    if len(state.draft.lines) < MAX_LINES:
        state = after(state, actions.BeginOrder(), actions.OpenView(ScreenView.CATEGORIES), typed("болт")).state
    state = after(state, actions.PickCar("12345678")).state
    sent = after(state, actions.SendOrder())
    assert isinstance(sent.effects[0], PlaceOrder)
    assert sent.state.draft == Draft()
