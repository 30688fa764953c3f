"""Every kind of event: one row each, with its sentence on the timeline and who is told of it.

A card follows every event its reader is told of. A kind that tells nobody is for the desk's timeline only.
"""

from __future__ import annotations

import enum
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Self

from common.database.models import LineState
from common.facts.base import Arguments, Nothing
from common.facts.orders import (
    LineAdded,
    LineChanged,
    LineCounted,
    LineNamed,
    LineRemarked,
    MoveUndone,
    OrderMoved,
    OrderPlaced,
    OwnerChanged,
    SlipPrinted,
)
from common.facts.talk import (
    MediaRefused,
    NoteNamed,
    QuestionAsked,
    QuestionWithdrawn,
    RequestAccepted,
    RequestAsked,
    SubstituteChanged,
)
from common.i18n import N_
from common.messaging.kinds import MessageKind as M


class Audience(enum.StrEnum):
    """Who may be told of an order."""

    MECHANIC = "mechanic"  # who ordered it
    STAFF = "staff"  # storekeepers and managers who linked their Telegram and want to hear of new orders
    OWNER = "owner"  # who is on it
    SERVING = "serving"  # those of them who have a card of it


@dataclass(frozen=True)
class EventSpec:
    """The row of a kind.

    Args:
        arguments: what it holds.
        sentence: what the timeline says; a sentence may name `who` and what its arguments hold.
        told: each audience that is told, and the notice (a message that makes a sound) that its readers get beside
            their card's silent edit. None: the card only. An audience that is not named gets nothing.
        sentence_on_behalf: the sentence where it was done for somebody else.
        is_worth_notice: whether these arguments are worth the notice.
        amends: the notices whose buttons are out of date after it: they are edited, silently, to what is true now.
        changes_words: whether the order is found by other words after it.
    """

    arguments: type[Arguments]
    sentence: str
    told: Mapping[Audience, M | None] = field(kw_only=True)
    sentence_on_behalf: str = ""
    is_worth_notice: Callable[[Arguments], bool] = lambda arguments: True
    amends: tuple[M, ...] = ()
    changes_words: bool = False


_QUESTIONS = (M.NOTICE_QUESTION, M.NOTICE_SUBSTITUTE)
_BUTTONS = (M.NOTICE_READY, *_QUESTIONS)
_FOR_THE_DESK: Mapping[Audience, M | None] = {}


def _followed(mechanic: M | None = None) -> dict[Audience, M | None]:
    """The mechanic's card and the cards of those who serve it follow; the mechanic may get a notice, too."""
    return {Audience.MECHANIC: mechanic, Audience.SERVING: None}


def _is_here(arguments: Arguments) -> bool:
    return isinstance(arguments, LineChanged) and arguments.after is LineState.HERE


class EventKind(enum.StrEnum):
    """The code is what is stored: a code is never given another meaning."""

    spec: EventSpec

    def __new__(cls, code: str, *row: EventSpec) -> Self:
        member = str.__new__(cls, code)
        member._value_, (member.spec,) = code, row
        return member

    ORDER_PLACED = (
        "order.placed",
        EventSpec(
            OrderPlaced,
            N_("%(who)s placed the order"),
            told={Audience.MECHANIC: None, Audience.STAFF: M.NOTICE_NEW_ORDER},
            sentence_on_behalf=N_("%(who)s placed the order for %(for)s"),
            changes_words=True,
        ),
    )
    ORDER_TAKEN = "order.taken", EventSpec(OrderMoved, N_("%(who)s took it"), told=_followed())
    ORDER_RESUMED = "order.resumed", EventSpec(OrderMoved, N_("%(who)s went on with it"), told=_followed())
    ORDER_WAITING = (
        "order.waiting",
        EventSpec(OrderMoved, N_("%(who)s set it waiting"), told=_followed(M.NOTICE_WAITING)),
    )
    ORDER_READY = "order.ready", EventSpec(OrderMoved, N_("%(who)s marked it ready"), told=_followed(M.NOTICE_READY))
    ORDER_ISSUED = "order.issued", EventSpec(OrderMoved, N_("%(who)s issued it"), told=_followed(), amends=_BUTTONS)
    ORDER_CANCELLED = (
        "order.cancelled",
        EventSpec(
            OrderMoved,
            N_("%(who)s cancelled it"),
            told=_followed(M.NOTICE_CANCELLED),
            amends=_BUTTONS,
        ),
    )
    ORDER_REOPENED = (
        "order.reopened",
        EventSpec(OrderMoved, N_("%(who)s reopened it"), told=_followed(M.NOTICE_REOPENED), amends=_BUTTONS),
    )
    ORDER_UNDONE = (
        "order.undone",
        EventSpec(
            MoveUndone,
            N_("%(who)s undid the last move; it is back in: %(state)s"),
            told=_followed(),
            amends=_BUTTONS,
        ),
    )
    ORDER_CLAIMED = "order.claimed", EventSpec(OwnerChanged, N_("%(who)s is on this now"), told=_followed())
    ORDER_ASSIGNED = (
        "order.assigned",
        EventSpec(
            OwnerChanged,
            N_("%(who)s gave it to %(owner)s"),
            told={Audience.MECHANIC: None, Audience.OWNER: M.NOTICE_ASSIGNED, Audience.SERVING: None},
        ),
    )
    ORDER_RELEASED = (
        "order.released",
        EventSpec(OwnerChanged, N_("%(who)s freed it: nobody is on it"), told=_followed()),
    )
    LINE_CHANGED = (
        "line.changed",
        EventSpec(
            LineChanged,
            N_("%(who)s set %(what)s: %(after)s"),
            told=_followed(M.NOTICE_PARTLY_READY),
            is_worth_notice=_is_here,
        ),
    )
    LINE_ADDED = "line.added", EventSpec(LineAdded, N_("%(who)s added %(what)s"), told=_followed(), changes_words=True)
    LINE_COUNTED = (
        "line.counted",
        EventSpec(
            LineCounted,
            N_("%(who)s set the quantity of %(what)s: %(after)s instead of %(before)s"),
            told=_followed(),
        ),
    )
    LINE_REMARKED = (
        "line.remarked",
        EventSpec(
            LineRemarked,
            N_("%(who)s changed the remark of %(what)s: %(after)s instead of %(before)s"),
            told=_followed(),
            changes_words=True,
        ),
    )
    LINE_REMOVED = (
        "line.removed",
        EventSpec(LineNamed, N_("%(who)s took out %(what)s"), told=_followed(), changes_words=True),
    )
    QUESTION_ASKED = (
        "question.asked",
        EventSpec(QuestionAsked, N_("%(who)s asked: %(text)s"), told=_followed(M.NOTICE_QUESTION)),
    )
    QUESTION_ANSWERED = (
        "question.answered",
        EventSpec(QuestionAsked, N_("%(who)s answered: %(answer)s"), told=_followed(), amends=_QUESTIONS),
    )
    QUESTION_TAKEN_BACK = (
        "question.taken_back",
        EventSpec(QuestionAsked, N_("%(who)s took an answer back"), told=_followed(), amends=_QUESTIONS),
    )
    QUESTION_WITHDRAWN = (
        "question.withdrawn",
        EventSpec(
            QuestionWithdrawn,
            N_("%(who)s took a question back"),
            told=_followed(),
            amends=_QUESTIONS,
        ),
    )
    SUBSTITUTE_PROPOSED = (
        "substitute.proposed",
        EventSpec(
            SubstituteChanged,
            N_("%(who)s proposed %(text)s instead of %(what)s"),
            told=_followed(M.NOTICE_SUBSTITUTE),
        ),
    )
    SUBSTITUTE_ACCEPTED = (
        "substitute.accepted",
        EventSpec(
            SubstituteChanged,
            N_("%(who)s accepted %(text)s instead of %(what)s"),
            told=_followed(),
            amends=_QUESTIONS,
        ),
    )
    SUBSTITUTE_REFUSED = (
        "substitute.refused",
        EventSpec(
            SubstituteChanged,
            N_("%(who)s refused %(text)s instead of %(what)s"),
            told=_followed(),
            amends=_QUESTIONS,
        ),
    )
    REQUEST_ASKED = (
        "request.asked",
        EventSpec(RequestAsked, N_("%(who)s asks for a change: %(wish)s"), told=_followed()),
    )
    REQUEST_ACCEPTED = (
        "request.accepted",
        EventSpec(RequestAccepted, N_("%(who)s agreed to a change"), told=_followed()),
    )
    REQUEST_REFUSED = (
        "request.refused",
        EventSpec(
            RequestAsked,
            N_("%(who)s refused a change: %(wish)s"),
            told=_followed(M.NOTICE_REQUEST_REFUSED),
        ),
    )
    PICKUP_COMING = "pickup.coming", EventSpec(Nothing, N_("%(who)s is on the way"), told=_followed())
    PICKUP_LATER = "pickup.later", EventSpec(Nothing, N_("%(who)s comes later"), told=_followed())
    PICKUP_CODE_MADE = (
        "pickup.code_made",
        EventSpec(Nothing, N_("%(who)s lets somebody else collect it"), told=_followed()),
    )
    NOTE_WRITTEN = "note.written", EventSpec(NoteNamed, N_("%(who)s wrote a note for the desk"), told=_FOR_THE_DESK)
    NOTE_STRUCK = "note.struck", EventSpec(NoteNamed, N_("%(who)s struck out a note"), told=_FOR_THE_DESK)
    SLIP_PRINTED = "slip.printed", EventSpec(SlipPrinted, N_("%(who)s printed the slip: %(paper)s"), told=_FOR_THE_DESK)
    SLIP_FAILED = (
        "slip.failed",
        EventSpec(SlipPrinted, N_("%(who)s: the slip did not come out: %(paper)s"), told=_FOR_THE_DESK),
    )
    MEDIA_REFUSED = (
        "media.refused",
        EventSpec(
            MediaRefused,
            N_("A photo or voice note of %(who)s could not be kept"),
            told=_FOR_THE_DESK,
        ),
    )
