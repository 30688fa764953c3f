"""Arguments of events about questions, answers and notes; a notice of such an event carries the same."""

from __future__ import annotations

from datetime import date

from msgspec import UNSET, UnsetType, field

from common.database.models import Unit
from common.facts.base import Arguments
from common.facts.orders import LineChanged, LineNamed


class QuestionAsked(Arguments, frozen=True, kw_only=True):
    """A question, with its line if it is about one, and its answer if there is one."""

    question: int
    kind: str
    text: str
    line: int | None = None
    words: dict[str, str] = field(default_factory=dict)
    remark: str = ""
    answer: str = ""


class QuestionWithdrawn(LineNamed, frozen=True, kw_only=True):
    question: int


class SubstituteChanged(LineChanged, frozen=True, kw_only=True):
    """A substitute was proposed for a line, accepted or refused."""

    question: int
    kind: str
    text: str  # the desk's words for the substitute
    answer: str = ""
    was_expected_on: date | None = None  # the line's date before the proposal


class RequestAsked(Arguments, frozen=True, kw_only=True):
    """A change that a mechanic requests; the fields depend on the wish."""

    request: int
    wish: str
    line: int | None = None
    words: dict[str, str] = field(default_factory=dict)
    quantity: int = 0
    unit: Unit = Unit.PIECE
    remark: str = ""
    part_id: int | UnsetType | None = UNSET


class RequestAccepted(Arguments, frozen=True, kw_only=True):
    request: int
    wish: str


class NoteNamed(Arguments, frozen=True, kw_only=True):
    note: int  # only its number: events never hold text written for the desk


class MediaRefused(Arguments, frozen=True, kw_only=True):
    media: str  # photo, voice
    reason: str
