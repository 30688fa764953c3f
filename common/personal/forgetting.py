"""Forgetting an order's words: who wrote what, with photos and voice notes. Its number, lines, states and days stay.

It happens when the order's person is erased, and when the order is older than the station keeps words.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session

from common import clock
from common.database.models import (
    ChangeRequest,
    ChatMessage,
    Delivery,
    DeskNote,
    Event,
    LastMove,
    Media,
    MediaContent,
    Order,
    OrderLine,
    OutboxRow,
    Question,
)
from common.messaging import outbox
from common.operation import reindexing

FORGOTTEN = "—"  # where a text must not be empty
AT_ONCE = 30  # orders per transaction
_WRITTEN = frozenset(
    {"text", "answer", "reason", "to", "remark", "remark_before"}
)  # arguments of events that people wrote, or names


def forget(session: Session, order_ids: Sequence[int]) -> None:
    """Forget the words of these orders. Calling it again has no effect."""
    ids = session.scalars(select(Order.id).where(Order.id.in_(order_ids)).order_by(Order.id).with_for_update()).all()
    of_them = Media.order_id.in_(ids) | Media.chat_message_id.in_(
        select(ChatMessage.id).where(ChatMessage.order_id.in_(ids))
    )
    remove_files(session, session.scalars(select(Media.id).where(of_them)).all())
    _empty_talk(session, ids)
    _empty_lines(session, ids)
    for event in session.scalars(select(Event).where(Event.order_id.in_(ids))):
        event.arguments = without_words(event.arguments)
    for request in session.scalars(select(ChangeRequest).where(ChangeRequest.order_id.in_(ids))):
        request.arguments = without_words(request.arguments)
    remove_messages(session, session.scalars(select(OutboxRow.id).where(OutboxRow.order_id.in_(ids))).all())
    for message in session.scalars(select(OutboxRow).where(OutboxRow.order_id.in_(ids))):
        message.arguments = without_words(message.arguments)
    session.execute(delete(LastMove).where(LastMove.order_id.in_(ids)))
    nothing = {"comment": "", "reason": "", "issued_to": "", "pickup_code": "", "forgotten_at": clock.utcnow()}
    changed = {"version": Order.version + 1, "updated_at": clock.utcnow()}
    session.execute(update(Order).where(Order.id.in_(ids)).values(**nothing, **changed))
    session.flush()
    reindexing.file_again(session, ids)


def _empty_talk(session: Session, ids: Sequence[int]) -> None:
    said = {"text": "", "chat_id": None, "message_id": None}
    session.execute(update(ChatMessage).where(ChatMessage.order_id.in_(ids)).values(said))
    session.execute(update(Question).where(Question.order_id.in_(ids)).values(text="", answer=""))
    session.execute(update(DeskNote).where(DeskNote.order_id.in_(ids)).values(text=FORGOTTEN))


def _empty_lines(session: Session, ids: Sequence[int]) -> None:
    """Lines keep the catalogue's words: only those that somebody wrote go."""
    session.execute(update(OrderLine).where(OrderLine.order_id.in_(ids)).values(reason="", substitute="", remark=""))
    for line in session.scalars(select(OrderLine).where(OrderLine.order_id.in_(ids), OrderLine.part_id.is_(None))):
        line.words = {"": FORGOTTEN}


def without_words(arguments: Mapping[str, object]) -> dict[str, object]:
    """The arguments of an event or a request, of the same shape, without what a person wrote."""
    return {key: _without_words(key, value) for key, value in arguments.items()}


def _without_words(key: str, value: object) -> object:
    if key in _WRITTEN and isinstance(value, str):
        return ""
    if key == "words" and isinstance(value, dict) and "" in value:
        return {"": FORGOTTEN}
    return value


def remove_files(session: Session, media_ids: Sequence[int]) -> None:
    """Remove these files, and their content unless somebody else sent the same."""
    digests = session.scalars(select(Media.digest).where(Media.id.in_(media_ids), Media.digest.is_not(None))).all()
    session.execute(delete(Media).where(Media.id.in_(media_ids)))
    wanted = select(Media.digest).where(Media.digest.in_(digests))
    session.execute(delete(MediaContent).where(MediaContent.digest.in_(digests), MediaContent.digest.not_in(wanted)))


def remove_messages(session: Session, row_ids: Sequence[int]) -> None:
    """Remove these messages with their sent texts, but for those that are on their way."""
    settled = select(OutboxRow.id).where(OutboxRow.id.in_(row_ids), OutboxRow.state.not_in(outbox.WAITING))
    session.execute(delete(Delivery).where(Delivery.outbox_id.in_(settled)))
    session.execute(delete(OutboxRow).where(OutboxRow.id.in_(settled)).execution_options(synchronize_session=False))
