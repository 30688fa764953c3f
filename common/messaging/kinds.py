"""Every kind of message we send: one row each, with all that is decided about it. Every table of kinds is a view.

*Ambiguous* means that the request was written and no complete answer of the Bot API came back: it may have arrived.
Telegram has no idempotency key, so the kind decides how often we dare to send it again.
"""

from __future__ import annotations

import enum
from datetime import timedelta
from typing import Self

from common.database.models import OrderState as S
from common.facts.base import Nothing
from common.facts.messages import (
    ChatWritten,
    InvitationDeclined,
    JoinRequested,
    LoginLinkSent,
    MessageRemoved,
    NewBrowser,
    NoticeAmended,
    NoticeUndone,
    OrderOverdue,
    PassedOn,
    ScreenShown,
    Unlinked,
)
from common.facts.orders import LineChanged, OrderMoved, OrderPlaced, OwnerChanged
from common.facts.talk import MediaRefused, QuestionAsked, RequestAsked, SubstituteChanged
from common.i18n import N_
from common.messaging.message_spec import (
    DAY,
    HOUR,
    INTERACTIVE,
    LATER,
    ORDER,
    STRANGER,
    Family,
    MessageSpec,
    Muting,
    notice,
    reply,
)
from common.permissions import Action


class MessageKind(enum.StrEnum):
    """The code is what is stored: rows of a kind wait in databases, so a code is never given another meaning."""

    spec: MessageSpec

    def __new__(cls, code: str, *row: MessageSpec) -> Self:
        member = str.__new__(cls, code)
        member._value_, (member.spec,) = code, row
        return member

    def is_true(self, state: S) -> bool:
        """Whether it is true of an order in this state."""
        return self.spec.true_while is None or state in self.spec.true_while

    SCREEN = (
        "screen",
        MessageSpec(
            family=Family.SCREEN,
            arguments=ScreenShown,
            about="Where the conversation stands; edits repeat freely, a first send twice.",
            expires=DAY,
            priority=INTERACTIVE,
            repeats=2,
        ),
    )
    SCREEN_REMOVED = (
        "screen.removed",
        MessageSpec(
            family=Family.TIDY,
            arguments=MessageRemoved,
            about="Deletes the screen that a fresh one replaced.",
            expires=DAY,
            priority=LATER,
            repeats=None,
        ),
    )
    CARD = (
        "card",
        MessageSpec(
            family=Family.CARD,
            arguments=Nothing,
            about="The order's card: state, lines, who serves it.",
            expires=7 * DAY,
            priority=ORDER,
            repeats=2,
            keeps_text=True,
            receipt=N_("Order card"),
        ),
    )
    NOTICE_READY = (
        "notice.ready",
        notice(
            OrderMoved,
            "The order is ready: come and get it.",
            N_("Notice: ready"),
            N_("Ready"),
            true_while=frozenset({S.READY}),
        ),
    )
    NOTICE_PARTLY_READY = (
        "notice.partly_ready",
        notice(
            LineChanged,
            "Some of the order's parts are here, and how many. For mechanics who asked to hear of it.",
            N_("Notice: some parts are here"),
            N_("Some parts are here"),
            muted_at_first=True,
            true_while=frozenset({S.IN_WORK, S.WAITING}),
            gather_for=timedelta(seconds=10),  # a delivery is ticked off line by line
        ),
    )
    NOTICE_WAITING = (
        "notice.waiting",
        notice(
            OrderMoved,
            "The order waits for something: why, and until when if known.",
            N_("Notice: waiting"),
            N_("Has to wait"),
            true_while=frozenset({S.WAITING}),
        ),
    )
    NOTICE_CANCELLED = (
        "notice.cancelled",
        notice(
            OrderMoved,
            "The order was cancelled at the desk, and why.",
            N_("Notice: cancelled"),
            N_("Cancelled"),
            true_while=frozenset({S.CANCELLED}),
        ),
    )
    NOTICE_REOPENED = (
        "notice.reopened",
        notice(
            OrderMoved,
            "The order was reopened, and why.",
            N_("Notice: reopened"),
            N_("In work again"),
            true_while=frozenset({S.IN_WORK, S.WAITING, S.READY}),
        ),
    )
    NOTICE_QUESTION = (
        "notice.question",
        notice(QuestionAsked, "The desk asks something, with buttons for the answers.", N_("Question")),
    )
    NOTICE_SUBSTITUTE = (
        "notice.substitute",
        notice(
            SubstituteChanged,
            "The desk proposes another part for a line: accept, refuse, or ask for a call.",
            N_("Question: substitute"),
        ),
    )
    NOTICE_REQUEST_REFUSED = (
        "notice.request_refused",
        notice(
            RequestAsked,
            "The desk refused a change the mechanic had asked for.",
            N_("Notice: change refused"),
            N_("A change is refused"),
        ),
    )
    NOTICE_UNDONE = (
        "notice.undone",
        notice(
            NoticeUndone,
            "What a notice had said was undone at the desk; nothing when that notice never left.",
            N_("Notice: taken back"),
        ),
    )
    NOTICE_AMENDED = (
        "notice.amended",
        MessageSpec(
            family=Family.AMENDMENT,
            arguments=NoticeAmended,
            about="Edits a notice whose buttons are out of date; nothing is sent when the notice is gone.",
            expires=DAY,
            priority=ORDER,
            repeats=None,
            receipt=N_("Notice brought up to date"),
        ),
    )
    CHAT = (
        "chat",
        MessageSpec(
            family=Family.CHAT,
            arguments=ChatWritten,
            about="A message or a photo of staff; never repeated without a person.",
            expires=DAY,
            priority=ORDER,
            repeats=0,
            keeps_text=True,
            receipt=N_("Message"),
            switch=N_("Messages of the desk"),
            muting=Muting.SILENT,
        ),
    )
    NOTICE_NEW_ORDER = (
        "notice.new_order",
        notice(
            OrderPlaced,
            "A new order, for linked staff: nobody has taken it yet.",
            N_("Notice: new order"),
            N_("New orders"),
            expires=HOUR,
            for_action=Action.ORDER_MOVE,
        ),
    )
    NOTICE_ASSIGNED = (
        "notice.assigned",
        notice(
            OwnerChanged,
            "Somebody else put this order into the reader's hands. For linked staff.",
            N_("Notice: assigned"),
            N_("Orders given to you"),
            for_action=Action.ORDER_MOVE,
        ),
    )
    NOTICE_OVERDUE = (
        "notice.overdue",
        notice(
            OrderOverdue,
            "What an order waits for, or a part of it, should have come. For linked staff.",
            N_("Notice: overdue"),
            N_("Overdue orders"),
            expires=DAY / 2,
            for_action=Action.ORDER_MOVE,
        ),
    )
    NOTICE_JOIN_REQUEST = (
        "notice.join_request",
        notice(
            JoinRequested,
            "A stranger asks to join: let in or refuse; or many ask, in one line. For managers.",
            switch=N_("Asking to join"),
            for_action=Action.PEOPLE_ADMIT,
        ),
    )
    REPLY_WALL = "reply.wall", reply("A stranger wrote: how to join.", priority=STRANGER)
    REPLY_INVITATION_REFUSED = (
        "reply.invitation_refused",
        reply(
            "The invitation was used, revoked or has expired, or there is none.",
            arguments=InvitationDeclined,
            priority=STRANGER,
        ),
    )
    REPLY_LET_IN = (
        "reply.let_in",
        reply("Somebody who asked to join was let in; the question for their language.", DAY),
    )
    REPLY_NOT_LET_IN = "reply.not_let_in", reply("Somebody who asked to join was refused.", DAY)
    REPLY_LOGIN_LINK = (
        "reply.login_link",
        reply(
            "A one-time way into the desk, for the browser that asked; it ends when the message expires.",
            timedelta(minutes=5),
            arguments=LoginLinkSent,
        ),
    )
    REPLY_UNLINKED = (
        "reply.unlinked",
        reply("This Telegram account is no longer a person's: they have another, or took it off.", arguments=Unlinked),
    )
    REPLY_NEW_BROWSER = (
        "reply.new_browser",
        reply("The person was signed in at the desk in a browser they had not used before.", DAY, arguments=NewBrowser),
    )
    REPLY_WELCOME = "reply.welcome", reply("Somebody joined, or came back.")
    REPLY_REMOVED = "reply.removed", reply("A removed person wrote: access is closed.", priority=STRANGER)
    REPLY_APOLOGY = "reply.apology", reply("A step failed and its update is in quarantine.")
    REPLY_HELP = "reply.help", reply("What can be done here.")
    REPLY_MEDIA_REFUSED = (
        "reply.media_refused",
        reply(
            "A photo or voice note could not be kept, and why: it was refused, or Telegram lost it.",
            arguments=MediaRefused,
        ),
    )
    REPLY_PASSED_ON = (
        "reply.passed_on",
        reply("What somebody wrote was passed on to an order, in one line.", arguments=PassedOn),
    )


def spec_of(code: str) -> MessageSpec:
    """The row of a stored kind. Raises: ValueError for a kind that this version does not know."""
    return MessageKind(code).spec
