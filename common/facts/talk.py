"""What was asked, answered and noted about an order; a notice of it carries the same."""

from __future__ import annotations

from datetime import date

from msgspec import UNSET, UnsetType, field

from common.facts.base import Arguments
from common.facts.orders import LineChanged, LineNamed


class QuestionAsked(Arguments, frozen=True, kw_only=True):
    """A question, with its line where it is about one, and its answer once it has one."""

    question: int
    kind: str
    text: str
    line: int | None = None
    words: dict[str, str] = field(default_factory=dict)
    answer: str = ""


class QuestionWithdrawn(LineNamed, frozen=True, kw_only=True):
    question: int


class SubstituteChanged(LineChanged, frozen=True, kw_only=True):
    """A substitute was proposed for a line, accepted or refused."""

    question: int
    kind: str
    text: str  # the substitute's words
    answer: str = ""
    was_expected_on: date | None = None  # the line, before the proposal


class RequestAsked(Arguments, frozen=True, kw_only=True):
    """What a mechanic wants changed; which fields there are depends on the wish."""

    request: int
    wish: str
    line: int | None = None
    words: dict[str, str] = field(default_factory=dict)
    quantity: int = 0
    part_id: int | UnsetType | None = UNSET


class RequestAccepted(Arguments, frozen=True, kw_only=True):
    request: int
    wish: str


class NoteNamed(Arguments, frozen=True, kw_only=True):
    note: int  # its number only: what is written for the desk is in no event


class MediaRefused(Arguments, frozen=True, kw_only=True):
    media: str  # photo, voice
    reason: str
