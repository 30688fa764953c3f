"""Access: steps run for members of the station, in their private chat, in their language."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import wraps

from sqlalchemy import bindparam, select
from sqlalchemy.orm import Session

from bot_daemon.chat import screens
from bot_daemon.chat.incoming import Answer, Incoming, Step, UpdateKind
from bot_daemon.chat.screens import ScreenView
from bot_daemon.chat.steps.replies import answer_stranger, cause_key, reply
from bot_daemon.chat.steps.returning import mark_reachable
from common import i18n
from common.database.engine import kept_in_session
from common.database.models import Chat, Person, Screen
from common.messaging.kinds import MessageKind

MemberStep = Callable[[Session, Incoming, Person], Answer]

# One query for all three, because every update needs them. A private chat has its person's id.
_MEMBER = (
    select(Person, Chat, Screen)
    .outerjoin(Chat, Chat.chat_id == Person.telegram_id)
    .outerjoin(Screen, Screen.chat_id == Person.telegram_id)
    .where(Person.telegram_id == bindparam("telegram_id"))
)


def for_members(step: MemberStep) -> Step:
    """Wrap a step for members: strangers get a polite refusal, removed people a final one; groups are ignored."""

    @wraps(step)
    def guarded(session: Session, incoming: Incoming) -> Answer:
        if incoming.chat_kind != "private":
            return Answer()
        found = session.execute(_MEMBER, {"telegram_id": incoming.sender_id}).one_or_none()
        person, chat, screen = found or (None, None, None)
        if person is None or person.archived_at is not None:
            answer_stranger(session, incoming, MessageKind.REPLY_WALL if person is None else MessageKind.REPLY_REMOVED)
            return Answer()
        screen = screen or screens.create_screen(session, incoming.chat_id)
        if incoming.what is not UpdateKind.PRESS and mark_reachable(session, incoming, person, chat):
            # A person who writes can be reached, whether or not Telegram told us.
            reply(session, incoming, MessageKind.REPLY_WELCOME)
        with kept_in_session([screen]), i18n.use_language(person.language):
            return step(session, incoming, person)

    return guarded


def show(
    session: Session,
    incoming: Incoming,
    person: Person,
    view: ScreenView,
    arguments: Mapping[str, object] | None = None,
    *,
    below: bool = False,
) -> Answer:
    """Show a view: in place after a press on the present screen, else below the person's message."""
    screens.show(
        session,
        incoming.chat_id,
        view,
        arguments,
        cause=cause_key(incoming),
        fresh=below or not is_in_place(session, incoming),
        person_id=person.id,
    )
    return Answer()


def show_present(session: Session, incoming: Incoming, person: Person, toast: str = "", **extra: object) -> Answer:
    """Show the present view again, with one line of explanation."""
    view, arguments = screens.present_view(session, incoming.chat_id)
    arguments.pop("note", None)
    show(session, incoming, person, view, {**arguments, **extra})
    return Answer(toast)


def is_in_place(session: Session, incoming: Incoming) -> bool:
    """Whether the answer goes to the screen's place, because the press was there."""
    return incoming.what is UpdateKind.PRESS and screens.is_present(session, incoming.chat_id, incoming.message_id)
