"""Receipts: the known state of each message. It cannot tell more than Telegram's answer."""

from __future__ import annotations

import html
import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from common import clock
from common.database.models import OutboxRow, OutboxState, ReasonCode
from common.i18n import N_, gettext
from common.messaging import outbox
from common.messaging.kinds import MessageKind, spec_of
from common.messaging.message_spec import Family
from common.people import directory
from webapp.wording.words import UNREACHABLE, word_of

EDIT_FAMILIES = (Family.CARD, Family.AMENDMENT)
SLOW_AFTER = timedelta(seconds=30)  # a message that is queued for longer is pointed out

WORDS: dict[str, tuple[str, str]] = {  # receipt -> (word, tone)
    "queued": (N_("queued"), "wait"),
    "sent": (N_("sent"), "good"),
    "failed": (N_("failed"), "bad"),
    "unreachable": (N_("unreachable"), "bad"),
    "unknown": (N_("unknown"), "ask"),
}
KIND_WORDS: dict[str, str] = {kind: kind.spec.receipt for kind in MessageKind if kind.spec.receipt}
REASONS: dict[OutboxState, str] = {
    OutboxState.EXPIRED: N_("It could not be sent before it was out of date."),
    OutboxState.HELD: N_("Telegram never answered. It may have arrived: ask, then say so here."),
    OutboxState.DEAD: N_("It could not be written."),
}
ENDS_PROCESS = N_(
    "The bot stopped over it again and again, so it is not tried again. Tell whoever looks after the program."
)
# The reason's words, while the message waits or after it was sent.
REASON_WORDS: dict[ReasonCode | None, str] = {
    ReasonCode.NETWORK: N_("Telegram could not be reached."),
    ReasonCode.RATE_LIMITED: N_("Telegram asks us to wait."),
    ReasonCode.CONFIRMED: N_("Somebody at the desk said that it arrived."),
}


@dataclass(frozen=True)
class Receipt:
    """One message of an order."""

    id: int
    kind: str
    state: OutboxState
    at: datetime
    sent_at: datetime | None
    due_at: datetime
    attempts: int
    ambiguous: int
    reason: ReasonCode | None
    detail: str  # Telegram's words, or an exception's
    text: str | None
    to: str = ""  # the message's recipient

    @property
    def code(self) -> str:
        return outbox.RECEIPTS[self.state]

    @property
    def is_queued(self) -> bool:
        return self.code == "queued"

    @property
    def word(self) -> str:
        return gettext(WORDS[self.code][0])

    @property
    def tone(self) -> str:
        return WORDS[self.code][1]

    @property
    def name(self) -> str:
        return gettext(KIND_WORDS[self.kind]) if self.kind in KIND_WORDS else self.kind

    @property
    def why(self) -> str:
        """Why it did not arrive, in words, with Telegram's own words if there are any."""
        if self.state is OutboxState.UNREACHABLE:
            return word_of(UNREACHABLE, self.reason or "")
        if self.reason is ReasonCode.ENDS_PROCESS:
            return gettext(ENDS_PROCESS)
        if self.state in REASONS:
            return gettext(REASONS[self.state])
        if self.state is OutboxState.FAILED:
            return self._failure
        if self.is_held_back:
            return gettext("It leaves in a moment: until then the move can be undone.")
        return gettext(REASON_WORDS[self.reason]) if self.reason in REASON_WORDS else ""

    @property
    def _failure(self) -> str:
        if self.reason is ReasonCode.PHOTO_MISSING:
            return gettext("Its photo could not be read: %(words)s") % {"words": self.detail}
        return gettext("Telegram says: %(words)s") % {"words": self.detail}

    @property
    def is_held_back(self) -> bool:
        """Whether it was delayed on purpose (see `common.orders.undo`)."""
        return self.state is OutboxState.PENDING and self.attempts == 0 and self.due_at > clock.utcnow()

    @property
    def is_edit(self) -> bool:
        return _family(self.kind) in EDIT_FAMILIES

    @property
    def may_resend(self) -> bool:
        return self.state in outbox.REPAIRABLE

    @property
    def may_have_arrived(self) -> bool:
        return self.state is OutboxState.HELD

    @property
    def next_try(self) -> datetime | None:
        """The time of the next attempt, if an attempt failed and the next is not due yet."""
        waits = self.state is OutboxState.PENDING and self.attempts > 0 and self.due_at > clock.utcnow()
        return self.due_at if waits else None

    @property
    def doubt(self) -> str:
        """The remaining doubt, in words: a send that got no answer may have arrived."""
        if not self.ambiguous or self.state is OutboxState.HELD:
            return ""
        return (
            gettext("It may have arrived twice.") if self.state is OutboxState.SENT else gettext("It may have arrived.")
        )


def of_order(session: Session, order_id: int) -> list[Receipt]:
    """An order's messages, newest first. A card is one message: of the edits that arrived, only the last is shown."""
    rows = _without_old_edits(outbox.of_order(session, order_id)[::-1])
    texts = outbox.sent_texts(session, [row.id for row in rows])
    names = directory.names(session, {row.person_id for row in rows if row.person_id is not None})
    return [_receipt(row, texts.get(row.id), names.get(row.person_id or 0, "")) for row in rows]


def of_row(session: Session, row: OutboxRow) -> Receipt:
    """One message."""
    return _receipt(row, outbox.sent_texts(session, [row.id]).get(row.id))


def _without_old_edits(newest_first: Sequence[OutboxRow]) -> list[OutboxRow]:
    """Of a card, keep only the last state; of an edited notice, only an edit that did not arrive."""
    kept: list[OutboxRow] = []
    cards: set[int] = set()
    for row in newest_first:
        family, is_sent = _family(row.kind), row.state is OutboxState.SENT
        if not is_sent or (family is not Family.AMENDMENT and not (family is Family.CARD and row.chat_id in cards)):
            kept.append(row)
        if family is Family.CARD:
            cards.add(row.chat_id)
    return kept


def _family(kind: str) -> Family | None:
    return spec_of(kind).family if kind in set(MessageKind) else None


def plain_text(sent: str) -> str:
    """A text without markup: our messages are Telegram's HTML, with typed text escaped."""
    return html.unescape(re.sub(r"<[^<>]*>", "", sent))


def _receipt(row: OutboxRow, text: str | None, to: str = "") -> Receipt:
    return Receipt(
        id=row.id,
        kind=row.kind,
        state=row.state,
        at=row.created_at,
        sent_at=row.sent_at,
        due_at=row.due_at,
        attempts=row.attempts,
        ambiguous=row.ambiguous,
        reason=row.reason_code,
        detail=row.reason_detail,
        text=plain_text(text) if text is not None else None,
        to=to,
    )


@dataclass(frozen=True)
class Trouble:
    """The troubles of an order's messages, for its card: how many did not arrive, how many wait too long."""

    undelivered: int
    slow: int


def troubles(session: Session, order_ids: Sequence[int]) -> dict[int, Trouble]:
    """The orders whose messages need attention. A failure is over once a later message of the same kind was sent."""
    counted = outbox.trouble_counts(session, order_ids, slow_before=clock.utcnow() - SLOW_AFTER)
    return {order_id: Trouble(*counts) for order_id, counts in counted.items()}
