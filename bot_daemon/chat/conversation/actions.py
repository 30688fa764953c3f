"""Actions on the order being written: presses, typed text, photos. Each carries the facts it needs, looked up."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import ClassVar

from bot_daemon.chat.conversation.drafts import CarWithoutNumber
from bot_daemon.chat.conversation.screen_views import ScreenView
from common.database.models import Additives, Grade, Unit
from common.understanding.reading import Reading


@dataclass(frozen=True)
class LivePart:
    """A live part of the catalogue. `place` is front or rear for one of a pair."""

    id: int
    names: Mapping[str, str]
    additive: bool = False
    counted: bool = False
    place: str = ""


@dataclass(frozen=True)
class PastLine:
    """A line of a past order; `part` None: free text, or a part no longer in the catalogue."""

    words: Mapping[str, str]
    quantity: int
    grade: Grade
    part: LivePart | None
    unit: Unit = Unit.PIECE
    remark: str = ""


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
    beside: str = ""  # what was typed beside the part's name


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
    """Put these lines of a past order into the draft, with its car if the draft has none. None: no such order."""

    lines: tuple[PastLine, ...] | None
    car: str = ""


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
class TypeText(Action):
    """Typed text, as it was read. `parts` are the live parts it may mean; `last_car` and `last_lines` those of the last
    order, if the text speaks of it.

    `is_cut`: there was too much to look up all of it, and the writer is told.
    """

    pressed = False

    text: str
    reading: Reading = field(default_factory=Reading)
    parts: Mapping[int, LivePart] = field(default_factory=dict)
    message: int = 0
    is_cut: bool = False
    last_car: str = ""
    last_lines: tuple[PastLine, ...] = ()


@dataclass(frozen=True)
class AttachFile(Action):
    """Attach a photo or voice note that arrived. `words`: as for `MoveFile`. `caption` is what was typed with it."""

    pressed = False

    message_id: int
    kind: str
    group: str = ""
    caption: TypeText | None = None
    words: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class EditText(Action):
    """A message was corrected: as `typed`. `before` is what it was read as."""

    pressed = False

    typed: TypeText
    before: Reading = field(default_factory=Reading)


@dataclass(frozen=True)
class JoinLines(Action):
    """Make the lines of a message one line, as typed."""

    message: int


@dataclass(frozen=True)
class TakeAsPart(Action):
    """What was typed where something else was asked for is a part: words at a line, or where the car was asked for."""

    typed: TypeText
    line: int = 0


@dataclass(frozen=True)
class AskLater(Action):
    """Leave what is open about a line, and go on."""

    line: int


@dataclass(frozen=True)
class PutBack(Action):
    pass


@dataclass(frozen=True)
class GoWithoutNumber(Action):
    """There is no number of a car."""

    instead: CarWithoutNumber


@dataclass(frozen=True)
class TypeNumber(Action):
    """The number of the car is going to be typed; the words that waited are what else is known of it."""


@dataclass(frozen=True)
class SetUrgent(Action):
    on: bool
