"""Every kind of message we send, in one table: what it is, how long it is worth sending, what an ambiguous send means.

*Ambiguous* means that the request was written and no complete answer of the Bot API came back: it may have arrived.
Telegram has no idempotency key, so the kind decides how often we dare to send it again.
"""

from __future__ import annotations

import enum
from dataclasses import dataclass
from datetime import timedelta


class Family(enum.StrEnum):
    REPLY = "reply"  # the answer to something a person did
    SCREEN = "screen"  # the conversation's one message, edited in place
    CARD = "card"  # the order's one message per reader, edited in place
    NOTICE = "notice"  # a new message that makes a sound
    AMENDMENT = "amendment"  # edits a notice that was sent: its buttons go, or say what is true now
    CHAT = "chat"  # written by staff, word for word
    TIDY = "tidy"  # takes something of ours away; nobody minds when it fails


@dataclass(frozen=True)
class MessageKind:
    """`repeats`: how many ambiguous attempts are followed by another; None: as many as it takes (it is idempotent)."""

    name: str
    family: Family
    about: str
    expires: timedelta
    priority: int
    repeats: int | None
    keeps_text: bool = False


HOUR, DAY = timedelta(hours=1), timedelta(days=1)
INTERACTIVE, ORDER, LATER = 0, 10, 20


def _reply(name: str, about: str, expires: timedelta = HOUR) -> MessageKind:
    return MessageKind(f"reply.{name}", Family.REPLY, about, expires, INTERACTIVE, repeats=2)


def _notice(name: str, about: str, expires: timedelta = DAY) -> MessageKind:
    return MessageKind(f"notice.{name}", Family.NOTICE, about, expires, ORDER, repeats=1, keeps_text=True)


_ALL = (
    MessageKind(
        "screen",
        Family.SCREEN,
        "Where the conversation stands; edits repeat freely, a first send twice.",
        DAY,
        0,
        2,
    ),
    MessageKind("screen.removed", Family.TIDY, "Deletes the screen that a fresh one replaced.", DAY, LATER, None),
    MessageKind(
        "card", Family.CARD, "The order's card: state, lines, who serves it.", 7 * DAY, ORDER, 2, keeps_text=True
    ),
    _notice("ready", "The order is ready: come and get it."),
    _notice("partly_ready", "Some of the order's parts are here, and how many. For mechanics who asked to hear of it."),
    _notice("waiting", "The order waits for something: why, and until when if known."),
    _notice("cancelled", "The order was cancelled at the desk, and why."),
    _notice("reopened", "The order was reopened, and why."),
    _notice("question", "The desk asks something, with buttons for the answers."),
    _notice("substitute", "The desk proposes another part for a line: accept, refuse, or ask for a call."),
    _notice("request_refused", "The desk refused a change the mechanic had asked for."),
    _notice("undone", "What a notice had said was undone at the desk; nothing when that notice never left."),
    MessageKind(
        "notice.amended",
        Family.AMENDMENT,
        "Edits a notice whose buttons are out of date; nothing is sent when the notice is gone.",
        DAY,
        ORDER,
        None,
    ),
    _notice("new_order", "A new order, for linked staff: nobody has taken it yet.", HOUR),
    _notice("assigned", "Somebody else put this order into the reader's hands. For linked staff."),
    _notice("overdue", "What an order waits for, or a part of it, should have come. For linked staff.", DAY / 2),
    _notice("join_request", "A stranger asks to join: let in or refuse; or many ask, in one line. For managers."),
    MessageKind(
        "chat",
        Family.CHAT,
        "A message or a photo of staff; never repeated without a person.",
        DAY,
        ORDER,
        0,
        keeps_text=True,
    ),
    _reply("wall", "A stranger wrote: how to join."),
    _reply("invitation_refused", "The invitation was used, revoked or has expired, or there is none."),
    _reply("let_in", "Somebody who asked to join was let in; the question for their language.", DAY),
    _reply("not_let_in", "Somebody who asked to join was refused.", DAY),
    _reply(
        "login_link",
        "A one-time way into the desk, for the browser that asked; it ends when the message expires.",
        timedelta(minutes=5),
    ),
    _reply("unlinked", "This Telegram account is no longer a person's: they have another, or took it off."),
    _reply("welcome", "Somebody joined, or came back."),
    _reply("removed", "A removed person wrote: access is closed."),
    _reply("apology", "A step failed and its update is in quarantine."),
    _reply("help", "What can be done here."),
    _reply("media_refused", "A photo or voice note could not be kept, and why: it was refused, or Telegram lost it."),
    _reply("passed_on", "What somebody wrote was passed on to an order, in one line."),
)
KINDS: dict[str, MessageKind] = {kind.name: kind for kind in _ALL}
