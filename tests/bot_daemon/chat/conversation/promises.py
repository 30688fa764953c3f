"""What must hold after every step of a sequence: no line, word, file or order is lost."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from bot_daemon.chat import buttons
from bot_daemon.chat.conversation import drafts
from bot_daemon.chat.conversation.drafts import Draft, Refusal
from bot_daemon.chat.conversation.screen_views import VIEWS_BY_NAME, ScreenView
from bot_daemon.chat.conversation.state import State
from common.database import models
from common.database.models import (
    ChangeRequest,
    ChatMessage,
    Media,
    Order,
    OrderLine,
    Screen,
)
from common.understanding.catalogue_names import NAMES
from common.understanding.read import read
from common.understanding.reading import Fate
from common.understanding.words.tokens import clean

TAKES_LINES_OUT = (
    buttons.QUANTITY,
    buttons.IS_PART,
    buttons.ADDITIVES,
    buttons.FILE_TO,
    buttons.FILE_ALONE,
    buttons.JOINED,
)
OF_A_DRAFT = re.compile(r"d:(?P<key>[^:]+):")
SAID = (ChatMessage, ChangeRequest, OrderLine)


@dataclass(frozen=True)
class Seen:
    """What is stored of a conversation."""

    key: str = ""
    state: State = field(default_factory=State)
    said: int = 0  # how much has been said about orders that are there: messages, wishes, lines


def seen(session: Session, chat_id: int, person_id: int) -> Seen:
    draft, screen = session.get(models.Draft, person_id), session.get(Screen, chat_id)
    view = VIEWS_BY_NAME.get(screen.view, ScreenView.HOME) if screen else ScreenView.HOME
    state = State(
        drafts.from_stored(draft.content) if draft else Draft(), view, dict(screen.arguments) if screen else {}
    )
    said = sum(session.scalar(select(func.count()).select_from(table)) or 0 for table in SAID)
    return Seen(draft.key if draft else "", state, said)


def was_said(session: Session, update: dict[str, Any]) -> bool:
    """Whether this very message was kept as one about an order: its update may come again."""
    message = update.get("message") or update.get("edited_message", {})
    of_it = (
        ChatMessage.chat_id == message.get("chat", {}).get("id"),
        ChatMessage.message_id == message.get("message_id"),
    )
    return bool(message) and session.scalar(select(ChatMessage.id).where(*of_it)) is not None


def no_line_is_lost(before: Draft, after: Draft, data: str) -> None:
    """A line goes only by a button that says so, and never another than it names; or by words that take it back."""
    lost = [line for line in before.lines if after.line(line.id) is None]
    if not data:
        lost = [line for line in lost if line not in after.removed]
    assert not lost or any(press.pattern.match(data) for press in TAKES_LINES_OUT), (data, lost)
    if lost and (values := buttons.QUANTITY.read(data) or buttons.IS_PART.read(data)):
        assert [line.id for line in lost] == [int(values["line"])]
    if buttons.FILE_TO.read(data) or buttons.FILE_ALONE.read(data):
        assert not any(line.typed or line.part_id for line in lost)


def what_a_button_names_is_so(before: Seen, after: Draft, data: str) -> None:
    """A press of the present draft has the result its data names; one of another draft changes nothing."""
    hit = OF_A_DRAFT.match(data)
    if hit and hit["key"] != before.key:
        assert after == before.state.draft, data
        return
    line = after.line(int(values["line"])) if (values := _of_a_line(data)) else None
    if line is not None and (values := buttons.QUANTITY.read(data)) and values["quantity"] != "0":
        assert line.quantity == int(values["quantity"])
    if line is not None and (values := buttons.GRADE.read(data)):
        assert line.grade == values["grade"]
    if (values := buttons.QUANTITY.read(data)) and values["quantity"] != "0":
        assert (line is None) == (before.state.draft.line(int(values["line"])) is None)


def _of_a_line(data: str) -> dict[str, str]:
    return buttons.QUANTITY.read(data) or buttons.GRADE.read(data)


def all_lines_are_sent(session: Session, before: Seen, data: str) -> None:
    if buttons.SEND.read(data):
        order = session.scalars(select(Order).where(Order.key == before.key)).one()
        sent = [(line.words, line.quantity, line.unit, line.part_id, line.grade, line.remark) for line in order.lines]
        lines = before.state.draft.lines
        assert sent == [
            (dict(line.words), line.quantity, line.unit, line.part_id, line.grade, line.remark) for line in lines
        ]
        assert before.state.draft.comment in order.comment
        assert before.state.draft.car_remark in order.comment
        for file in session.scalars(select(Media).where(Media.order_id == order.id)):
            assert (file.line_id is None) == (file.draft_line is None), "what was on a line stays on it"


def no_word_is_lost(session: Session, before: State, after: Seen, update: dict[str, Any]) -> None:
    """What was typed and not said about an order is in the draft, unless the screen says why not."""
    message = _typed_in(update, before.draft)
    text = message.get("text", "") or message.get("caption", "")
    if not text or text.startswith("/") or after.state.arguments.get("note") in set(Refusal):
        return
    draft = after.state.draft
    present = {line.part_id for line in before.draft.lines if line.part_id is not None}
    reading = read(text, NAMES.current(session)[0], present)
    shown = _without_blanks(" ".join(texts_of(draft)))
    if reading.is_empty:
        return  # politeness
    for token, fate in zip(reading.tokens, reading.fates, strict=True):
        if fate in (Fate.REMARK, Fate.COMMENT, Fate.CAR, Fate.CAR_REMARK):
            assert _without_blanks(token.text) in shown, (token, fate, draft)
    assert Fate.URGENT not in reading.fates or draft.urgent or _without_blanks(text) in shown


def _typed_in(update: dict[str, Any], draft: Draft) -> dict[str, Any]:
    """The message of an update; a correction counts if it is one of a message of the draft."""
    edited = update.get("edited_message", {})
    known = {source.message for source in draft.sources}
    return dict(update.get("message", {}) or (edited if edited.get("message_id") in known else {}))


def texts_of(draft: Draft) -> list[str]:
    """All texts of a draft that the summary shows, and those that go with the order."""
    lines = [text for line in draft.lines for text in (*line.words.values(), line.typed, line.rest, line.remark)]
    car = [draft.plate, draft.doubt, *draft.other_cars, draft.car_words, draft.car_remark]
    return [*lines, *car, draft.comment, *(one.text for one in draft.long_texts)]


def _without_blanks(text: str) -> str:
    return "".join(clean(drafts.clean(text)).casefold().split())


def files_are_where_they_can_be_found(session: Session, seen: Seen) -> None:
    """A draft's are on lines that are there, an order's on its own."""
    lines = {line.id for line in seen.state.draft.lines}
    for file in session.scalars(select(Media)):
        if file.order_id is None:
            assert file.draft_key != seen.key or file.draft_line is None or file.draft_line in lines
        else:
            on_line = session.get(OrderLine, file.line_id) if file.line_id else None
            assert on_line is None or on_line.order_id == file.order_id
