"""What can happen to an order being written: presses, typed text, photos. Each with the facts it needs, looked up."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import ClassVar

from bot_daemon.chat.conversation.screen_views import ScreenView
from common.database.models import Additives, Grade


@dataclass(frozen=True)
class LivePart:
    """A live part of the catalogue. `exact`: it alone is called just what was typed."""

    id: int
    names: Mapping[str, str]
    additive: bool = False
    exact: bool = False


@dataclass(frozen=True)
class PastLine:
    """A line of an order of the past; `part` None: free text, or no longer in the catalogue."""

    words: Mapping[str, str]
    quantity: int
    grade: Grade
    part: LivePart | None


class Action:
    """A press says why not in a toast, anything else in a note on the screen."""

    pressed: ClassVar[bool] = True


@dataclass(frozen=True)
class BeginOrder(Action):
    """A new order, or on with the one that is being written."""


@dataclass(frozen=True)
class GoOn(Action):
    """On to what is still missing."""


@dataclass(frozen=True)
class OpenView(Action):
    """A view is wanted; `page` where it has pages."""

    view: ScreenView
    page: int | None = None


@dataclass(frozen=True)
class OpenCategory(Action):
    """`category` None: it is not in the catalogue any more."""

    category: int | None
    page: int = 0


@dataclass(frozen=True)
class PickPart(Action):
    """The part is in the order. None: it is not in the catalogue any more."""

    part: LivePart | None


@dataclass(frozen=True)
class SetPart(Action):
    """The line is this part."""

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
    """0 takes the line out."""

    line: int
    quantity: int


@dataclass(frozen=True)
class SetGrade(Action):
    """`line` None: all of them. `grade` None: nothing we know."""

    line: int | None
    grade: Grade | None


@dataclass(frozen=True)
class SetStar(Action):
    """`part` None: it is not in the catalogue any more."""

    part: LivePart | None
    on: bool


@dataclass(frozen=True)
class SetAdditives(Action):
    """`parts` are the catalogue's additives."""

    choice: Additives
    parts: tuple[LivePart, ...] = ()


@dataclass(frozen=True)
class PickCar(Action):
    """A car of the past. `raw` None: none that this person ordered for."""

    raw: str | None


@dataclass(frozen=True)
class UseCar(Action):
    """What was typed for a car, as it stands or corrected; `mark` tells which of these (`cars.car_mark`)."""

    mark: int


@dataclass(frozen=True)
class OrderAgain(Action):
    """These lines of an order of the past are in the draft. None: no such order."""

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
    """A photo or voice note, with the rest of its album, belongs to this line; 0: the order; None: a line of its own.

    `words` are those of a line that nobody can name, in all languages.
    """

    message_id: int
    line: int | None
    words: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class AttachFile(Action):
    """A photo or voice note came. `words`: as for `MoveFile`."""

    pressed = False

    message_id: int
    kind: str
    group: str = ""
    caption: str = ""
    words: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class TypeText(Action):
    """Text; `found` has for each line that `typing.sought` names the parts it may mean, the likeliest first."""

    pressed = False

    text: str
    found: Mapping[str, tuple[LivePart, ...]] = field(default_factory=dict)
