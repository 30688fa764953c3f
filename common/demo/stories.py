"""The demo's orders and their histories, timed in minutes: in every state, with lines, questions and messages."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from common.database.models import LineState, Unit
from common.orders.moves import Move

DIMA, NOA, RINA, AVI = "Дима", "נועה", "רינה", "Avi"


@dataclass(frozen=True)
class Moved:
    """A move, `after` minutes from placing the order. `due_in`: days until the order stops waiting."""

    move: Move
    after: int
    by: str = RINA
    reason: str = ""
    due_in: int | None = None


@dataclass(frozen=True)
class LineChanged:
    """A line enters a state, `after` minutes; its number counts from 1. An ordered line may have a supplier."""

    after: int
    number: int
    state: LineState
    due_in: int | None = None
    by: str = RINA
    supplier: str = ""


@dataclass(frozen=True)
class NoteWritten:
    """A note for the desk."""

    after: int
    text: str
    by: str = RINA


@dataclass(frozen=True)
class QuestionAsked:
    """A question of the desk; `number` is its line. A substitute is proposed for that line."""

    after: int
    kind: str
    text: str
    number: int = 1
    by: str = RINA


@dataclass(frozen=True)
class MessageWritten:
    """A message in the order, by the desk or, with `by` empty, by its mechanic, who may answer a question with it."""

    after: int
    text: str
    by: str = ""
    answers: bool = False


@dataclass(frozen=True)
class ChangeRequested:
    """The mechanic's request for another quantity of a line."""

    after: int
    number: int
    quantity: int


Happening = Moved | LineChanged | NoteWritten | QuestionAsked | MessageWritten | ChangeRequested


@dataclass(frozen=True)
class Story:
    """An order and its history; `ago` in minutes. A wanted line is a part's code or free text, and a quantity."""

    who: str
    ago: int
    plate: str
    wanted: Mapping[str, int]
    steps: Sequence[Happening] = ()
    comment: str = ""
    said: Mapping[str, tuple[Unit, str]] = field(default_factory=dict)  # unit and remark of a wanted line


def _take(after: int, by: str = RINA) -> Moved:
    return Moved(Move.TAKE, after, by)


L = LineState
# Oldest first, so that order numbers rise with time. Laid out by hand: a paragraph is a story, read as one.
STORIES = (
    Story(DIMA, 2 * 1440, "12-345-67", {"engine_oil": 5, "oil_filter": 1}, (
        _take(6), Moved(Move.READY, 25), Moved(Move.ISSUE, 40)), said={"engine_oil": (Unit.LITRE, "5w-30")}),
    Story(NOA, 1600, "123-45-678", {"wiper_blades_front": 2, "washer_additive": 1}, (
        _take(3, AVI), Moved(Move.READY, 12, AVI), Moved(Move.ISSUE, 31, AVI))),
    Story(DIMA, 1500, "А123ВС77", {"alternator_belt": 1}, (
        _take(10), Moved(Move.CANCEL, 55, reason="הלקוח ויתר על התיקון"))),
    Story(NOA, 1210, "23-456-78", {"timing_belt": 1, "timing_belt_tensioner": 1, "water_pump": 1}, (
        _take(8), LineChanged(12, 1, L.HERE), LineChanged(13, 2, L.HERE),
        LineChanged(18, 3, L.ORDERED, due_in=1, supplier="אוטופארטס חיפה"),
        NoteWritten(19, "משה מאוטופארטס: המשאבה יוצאת בשליחות של שבע בבוקר"),
        Moved(Move.WAIT, 20, reason="הספק מביא את משאבת המים", due_in=1),
        MessageWritten(25, "הרצועה והמותחן אצלי, המשאבה מחר בבוקר", RINA),
        MessageWritten(31, "מעולה, הרכב נשאר אצלי עד מחר"))),
    Story(DIMA, 320, "301-22-703", {"battery": 1}, (
        _take(4, AVI), Moved(Move.READY, 15, AVI), Moved(Move.ISSUE, 22, AVI),
        Moved(Move.REOPEN, 95, AVI, reason="Не та полярность, меняем"))),
    Story(NOA, 260, "77-104-52", {"shock_absorber_front": 2, "stabilizer_link": 2}, (
        _take(12), Moved(Move.WAIT, 30, reason="חסר במדף, הוזמן"), Moved(Move.RESUME, 190), LineChanged(191, 1, L.HERE),
        QuestionAsked(193, "substitute", "Febi 29606, אותו מוט בגומייה אחרת", number=2))),
    Story(DIMA, 175, "88-431-20", {"Прокладка клапанной крышки, мотор 1.6": 1}, (
        _take(9, AVI), Moved(Move.WAIT, 26, AVI, reason="Ищем по VIN, ответ поставщика сегодня", due_in=0)),
        comment="Мотор G4FC, не G4FA"),
    Story(NOA, 92, "456-70-189", {"brake_pads_front": 1, "brake_disc_front": 2}, (
        _take(5), QuestionAsked(9, "yes_no", "גם חיישן שחיקה?"), MessageWritten(12, "כן, בבקשה", answers=True),
        LineChanged(30, 1, L.HERE), LineChanged(31, 2, L.HERE), Moved(Move.READY, 41))),
    Story(DIMA, 70, "64-909-11", {"air_filter": 1, "cabin_filter": 1, "spark_plug": 4}, (
        _take(7, AVI), Moved(Move.READY, 33, AVI))),
    Story(DIMA, 34, "215-63-402", {"control_arm_front": 2, "ball_joint": 2}, (
        _take(11), LineChanged(14, 1, L.HERE), MessageWritten(16, "Рычаги есть, сейчас смотрю шаровые", RINA),
        MessageWritten(18, "Хорошо, жду. Подъёмник занят"), QuestionAsked(21, "side", "Какая сторона нужна первой?"),
        ChangeRequested(24, 2, 1)),
        comment="Машина на подъёмнике", said={"control_arm_front": (Unit.PIECE, "левый и правый")}),
    Story(NOA, 9, "59-318-27", {"bulb_h7": 2}),
    Story(DIMA, 3, "А777МР177", {"brake_fluid": 2, "brake_cleaner": 3}, comment="Пост 3, срочно",
        said={"brake_fluid": (Unit.LITRE, "DOT 4")}),
)  # fmt: skip
