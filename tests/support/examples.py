"""What a message of each kind may hold."""

from __future__ import annotations

from datetime import date

from common.database.models import LineState, OrderState
from common.facts.base import NOTHING, Arguments
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
    ReplyFacts,
    ScreenShown,
    Unlinked,
)
from common.facts.orders import LineChanged, OrderMoved, OrderPlaced, OwnerChanged
from common.facts.talk import MediaRefused, QuestionAsked, RequestAsked, SubstituteChanged
from common.messaging.kinds import MessageKind


def example(kind: MessageKind, *, text: str = "text", language: str | None = None, row: int = 1) -> Arguments:
    """Arguments of a kind, with this wherever a person may have written something."""
    words, day = {"": text}, date(2026, 11, 25)
    moved = OrderMoved(before=OrderState.IN_WORK, after=OrderState.READY, reason=text, expected_on=day)
    examples: tuple[Arguments, ...] = (
        NOTHING,
        moved,
        ScreenShown(fresh=False),
        MessageRemoved(message_id=5),
        NoticeAmended(row=row),
        NoticeUndone(row=row, before=OrderState.READY),
        OrderOverdue(today=date(2026, 11, 26)),
        JoinRequested(request=1),
        ChatWritten(text=text, author=text),
        ReplyFacts(language=language),
        InvitationDeclined(language=language, why="used"),
        Unlinked(language=language, name=text),
        PassedOn(language=language, order=9, message=9, full=True),
        LoginLinkSent(url="https://desk.example/login/link/" + "x" * 22, link="d" * 64, browser=text, network=text),
        NewBrowser(language=language, browser=text, network=text),
        OrderPlaced(lines=1),
        OwnerChanged(before="", owner=text),
        LineChanged(line=1, words=words, before=LineState.ORDERED, after=LineState.HERE),
        QuestionAsked(question=1, kind="free", text=text),
        SubstituteChanged(
            line=1,
            words=words,
            before=LineState.REQUESTED,
            after=LineState.SUBSTITUTE_PROPOSED,
            question=1,
            kind="substitute",
            text=text,
        ),
        RequestAsked(request=1, wish="quantity", line=1, words=words, quantity=999),
        MediaRefused(media="photo", reason="damaged"),
    )
    return next(one for one in examples if type(one) is kind.spec.arguments)
