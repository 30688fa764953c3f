"""Actions on the order being written: presses, typed text, photos. Each carries the facts it needs, looked up."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import ClassVar

from bot_daemon.chat.conversation.screen_views import ScreenView
from common.database.models import Additives, Grade


@dataclass(frozen=True)
class LivePart:
    """A live part of the catalogue. `exact`: it is the only part whose name is the typed text."""

    id: int
    names: Mapping[str, str]
    additive: bool = False
    exact: bool = False


@dataclass(frozen=True)
class PastLine:
    """A line of a past order; `part` None: free text, or a part no longer in the catalogue."""

    words: Mapping[str, str]
    quantity: int
    grade: Grade
    part: LivePart | None


class Action:
    """The base of actions. A press is refused in a toast, any other action in a note on the screen."""

    pressed: ClassVar[bool] = True


@dataclass(frozen=True)
class BeginOrder(Action):
    """Begin a new order, or continue the one being written."""


@dataclass(frozen=True)
class GoOn(Action):
    """Go on to the first thing that is missing."""


@dataclass(frozen=True)
class OpenView(Action):
    """Open a view; `page` is for views with pages."""

    view: ScreenView
    page: int | None = None


@dataclass(frozen=True)
class OpenCategory(Action):
    """Open a category. `category` None: it is no longer in the catalogue."""

    category: int | None
    page: int = 0


@dataclass(frozen=True)
class PickPart(Action):
    """Put a part into the order. None: it is no longer in the catalogue."""

    part: LivePart | None


@dataclass(frozen=True)
class SetPart(Action):
    """Make the line this part."""

    line: int
    part: LivePart | None


@dataclass(frozen=True)
class KeepAsWritten(Action):
    line: int


@dataclass(frozen=True)
class OpenLine(Action):
    line: int


@dataclass(frozen=True)
class SetQuantity(Action):
    """Set the line's quantity; 0 removes the line."""

    line: int
    quantity: int


@dataclass(frozen=True)
class SetGrade(Action):
    """Set the grade. `line` None: of all lines. `grade` None: an unknown grade."""

    line: int | None
    grade: Grade | None


@dataclass(frozen=True)
class SetStar(Action):
    """Set or clear a star. `part` None: it is no longer in the catalogue."""

    part: LivePart | None
    on: bool


@dataclass(frozen=True)
class SetAdditives(Action):
    """Choose about additives. `parts` are the catalogue's additives."""

    choice: Additives
    parts: tuple[LivePart, ...] = ()


@dataclass(frozen=True)
class PickCar(Action):
    """Pick a car of a past order. `raw` None: this person never ordered for that car."""

    raw: str | None


@dataclass(frozen=True)
class UseCar(Action):
    """Use the text typed for a car, as typed or corrected; `mark` identifies the choice (`cars.car_mark`)."""

    mark: int


@dataclass(frozen=True)
class OrderAgain(Action):
    """Put these lines of a past order into the draft. None: no such order."""

    lines: tuple[PastLine, ...] | None


@dataclass(frozen=True)
class ClearComment(Action):
    pass


@dataclass(frozen=True)
class DropDraft(Action):
    pass


@dataclass(frozen=True)
class SendOrder(Action):
    pass


@dataclass(frozen=True)
class MoveFile(Action):
    """Attach a photo or voice note, with the rest of its album, to this line; 0: to the order; None: to a new line.

    `words` are the text of a line without a name, in all languages.
    """

    message_id: int
    line: int | None
    words: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class AttachFile(Action):
    """Attach a photo or voice note that arrived. `words`: as for `MoveFile`."""

    pressed = False

    message_id: int
    kind: str
    group: str = ""
    caption: str = ""
    words: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class TypeText(Action):
    """Typed text. `found` has the parts that each line may mean (`typed.words_to_look_up`), the likeliest first.

    `is_cut`: there was too much to look up all of it, and the writer is told.
    """

    pressed = False

    text: str
    found: Mapping[str, tuple[LivePart, ...]] = field(default_factory=dict)
    is_cut: bool = False
