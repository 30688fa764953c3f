"""Parts, states and actions for the tests of what becomes of an order being written."""

from __future__ import annotations

from bot_daemon.chat.conversation import Decision, State, actions, decide
from bot_daemon.chat.conversation.actions import Action, LivePart
from bot_daemon.chat.conversation.effects import Toast
from bot_daemon.chat.conversation.screen_views import ScreenView

PADS = LivePart(7, {"en": "Front pads", "ru": "Передние колодки"})
REAR = LivePart(8, {"en": "Rear pads", "ru": "Задние колодки"})
WASHER, FUEL = (
    LivePart(20, {"en": "Washer additive"}, additive=True),
    LivePart(21, {"en": "Fuel additive"}, additive=True),
)
UNNAMED = {"en": "I can't name it", "ru": "Не знаю", "he": "לא יודע"}
EMPTY = State(view=ScreenView.CATEGORIES)


def after(state: State, *happened: Action) -> Decision:
    """The last decision of a sequence of events."""
    decision = Decision(state)
    for action in happened:
        decision = decide(decision.state, action)
    return decision


def typed(text: str, *found: LivePart) -> actions.TypeText:
    return actions.TypeText(text, {text: found})


def photo(message_id: int, group: str = "", caption: str = "") -> actions.AttachFile:
    return actions.AttachFile(message_id, "photo", group, caption, UNNAMED)


def words(state: State) -> list[str]:
    return [line.words.get("") or line.words["en"] for line in state.draft.lines]


def toasts(decision: Decision) -> list[str]:
    return [effect.code for effect in decision.effects if isinstance(effect, Toast)]


AT_THE_CAR = after(EMPTY, typed("болт"), actions.GoOn()).state
