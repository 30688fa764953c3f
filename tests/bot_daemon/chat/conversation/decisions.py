"""Parts, states and actions for the tests of what becomes of an order being written."""

from __future__ import annotations

from itertools import count

from bot_daemon.chat.conversation import Decision, State, actions, decide
from bot_daemon.chat.conversation.actions import Action, LivePart
from bot_daemon.chat.conversation.effects import Toast
from bot_daemon.chat.conversation.screen_views import ScreenView
from common.understanding.names import NamedPart, Names
from common.understanding.read import read

PADS = LivePart(7, {"en": "Front pads", "ru": "Передние колодки"}, place="front")
REAR = LivePart(8, {"en": "Rear pads", "ru": "Задние колодки"}, place="rear")
PLUGS = LivePart(9, {"en": "Spark plugs", "ru": "Свечи"}, counted=True)
WASHER, FUEL = (
    LivePart(20, {"en": "Washer additive"}, additive=True),
    LivePart(21, {"en": "Fuel additive"}, additive=True),
)
UNNAMED = {"en": "I can't name it", "ru": "Не знаю", "he": "לא יודע"}
MESSAGES = count(1000)
EMPTY = State(view=ScreenView.CATEGORIES)


def after(state: State, *happened: Action) -> Decision:
    """The last decision of a sequence of events."""
    decision = Decision(state)
    for action in happened:
        decision = decide(decision.state, action)
    return decision


def typed(text: str, *found: LivePart, message: int = 0) -> actions.TypeText:
    """The text as it is read with a catalogue of these parts."""
    names = Names(NamedPart(part.id, f"{part.id}_{part.place}", part.names) for part in found)
    reading = read(text, names, [part.id for part in found])
    return actions.TypeText(text, reading, {part.id: part for part in found}, message or next(MESSAGES))


def photo(message_id: int, group: str = "", caption: str = "", *found: LivePart) -> actions.AttachFile:
    words = typed(caption, *found, message=message_id) if caption else None
    return actions.AttachFile(message_id, "photo", group, words, UNNAMED)


def words(state: State) -> list[str]:
    return [line.words.get("") or line.words["en"] for line in state.draft.lines]


def toasts(decision: Decision) -> list[str]:
    return [effect.code for effect in decision.effects if isinstance(effect, Toast)]


AT_THE_CAR = after(EMPTY, typed("болт"), actions.GoOn()).state
