"""What is decided about a kind of message: the columns of the table `kinds`."""

from __future__ import annotations

import enum
from dataclasses import dataclass
from datetime import timedelta

from common.database.models import OrderState
from common.facts.base import Arguments
from common.facts.messages import ReplyFacts
from common.permissions import Action


class Family(enum.StrEnum):
    REPLY = "reply"  # the answer to something a person did
    SCREEN = "screen"  # the conversation's one message, edited in place
    CARD = "card"  # the order's one message per reader, edited in place
    NOTICE = "notice"  # a new message that makes a sound
    AMENDMENT = "amendment"  # edits a notice that was sent: its buttons go, or say what is true now
    CHAT = "chat"  # written by staff, word for word
    TIDY = "tidy"  # deletes a message of ours; a failure does no harm


class Muting(enum.StrEnum):
    """What switching a kind of message off does."""

    NOT_SENT = "not sent"
    SILENT = "sent without a sound"


@dataclass(frozen=True, kw_only=True)
class MessageSpec:
    """The row of a kind.

    Args:
        arguments: what it holds.
        about: what it says, for the reference.
        expires: how long it is worth sending.
        repeats: how many ambiguous attempts are followed by another; None: as many as it takes (it is idempotent).
        keeps_text: whether the text is kept as it was sent.
        receipt: its name among an order's receipts.
        switch: its name where people choose what they want to hear of.
        muting: what switching it off does; None: nobody can.
        muted_at_first: whether it is switched off until somebody asks for it.
        for_action: only who may do this gets it; None: whom it concerns.
        true_while: the states of its order in which it is true. Elsewhere it is not sent. None: in every state.
        gather_for: several in a row are one, which leaves so long after the first.
    """

    family: Family
    arguments: type[Arguments]
    about: str
    expires: timedelta
    priority: int
    repeats: int | None
    keeps_text: bool = False
    receipt: str = ""
    switch: str = ""
    muting: Muting | None = None
    muted_at_first: bool = False
    for_action: Action | None = None
    true_while: frozenset[OrderState] | None = None
    gather_for: timedelta | None = None


HOUR, DAY = timedelta(hours=1), timedelta(days=1)
INTERACTIVE, ORDER, LATER, STRANGER = 0, 10, 20, 30  # also seconds: within a chat, who waits longer goes first


def reply(
    about: str, expires: timedelta = HOUR, arguments: type[Arguments] = ReplyFacts, priority: int = INTERACTIVE
) -> MessageSpec:
    return MessageSpec(
        family=Family.REPLY, arguments=arguments, about=about, expires=expires, priority=priority, repeats=2
    )


def notice(
    arguments: type[Arguments],
    about: str,
    receipt: str = "",
    switch: str = "",
    *,
    expires: timedelta = DAY,
    muted_at_first: bool = False,
    for_action: Action | None = None,
    true_while: frozenset[OrderState] | None = None,
    gather_for: timedelta | None = None,
) -> MessageSpec:
    """A notice can be switched off where its switch has a name."""
    return MessageSpec(
        family=Family.NOTICE,
        arguments=arguments,
        about=about,
        expires=expires,
        priority=ORDER,
        repeats=1,
        keeps_text=True,
        receipt=receipt,
        switch=switch,
        muting=Muting.NOT_SENT if switch else None,
        muted_at_first=muted_at_first,
        for_action=for_action,
        true_while=true_while,
        gather_for=gather_for,
    )
