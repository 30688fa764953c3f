"""The screen: the one message of a chat that shows where the conversation stands.

A screen's row holds only facts, a view and its arguments. The text is made at delivery (`rendering`), so ten changes
while Telegram was slow become one edit with the latest state.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sqlalchemy.orm import Session

from bot_daemon.chat.conversation.screen_views import OF_THE_DRAFT, VIEWS_BY_NAME, ScreenView
from common.database.models import Screen
from common.facts.messages import ScreenShown
from common.messaging import outbox
from common.messaging.kinds import MessageKind

__all__ = ["OF_THE_DRAFT", "ScreenView", "create_screen", "is_present", "present_view", "show"]


def create_screen(session: Session, chat_id: int) -> Screen:
    """Create the screen of a chat that has none: at home, and not sent."""
    screen = Screen(chat_id=chat_id, view=ScreenView.HOME.value, arguments={}, fresh=True)
    session.add(screen)
    session.flush()
    return screen


def show(
    session: Session,
    chat_id: int,
    view: ScreenView,
    arguments: Mapping[str, Any] | None = None,
    *,
    cause: str,
    fresh: bool = False,
    person_id: int | None = None,
) -> None:
    """Queue the screen in a new state.

    Args:
        cause: the update that this answers, `u` and its id; a second screen with the same cause is not sent.
        fresh: below the person's message, not in place. The wish stays until a fresh screen was delivered. The outbox
            row carries it, too, in case the next screen is requested while one is on its way.
    """
    screen = session.get(Screen, chat_id) or create_screen(session, chat_id)
    screen.view, screen.arguments = view.value, dict(arguments or {})
    screen.fresh = screen.fresh or fresh or screen.message_id is None
    session.flush()
    outbox.enqueue(
        session,
        key=f"{cause}:screen",
        kind=MessageKind.SCREEN,
        chat_id=chat_id,
        stream=outbox.chat_stream(chat_id),
        arguments=ScreenShown(fresh=fresh),
        collapse_key=f"screen:{chat_id}",
        person_id=person_id,
    )


def present_view(session: Session, chat_id: int) -> tuple[ScreenView, dict[str, Any]]:
    """The view the chat shows now; home if there is none yet, or one this version does not know."""
    screen = session.get(Screen, chat_id)
    if screen is None or screen.view not in VIEWS_BY_NAME:
        return ScreenView.HOME, {}
    return VIEWS_BY_NAME[screen.view], dict(screen.arguments)


def is_present(session: Session, chat_id: int, message_id: int | None) -> bool:
    """Whether this message is the screen as it was last delivered: a press on it is answered in place."""
    screen = session.get(Screen, chat_id)
    return screen is not None and screen.message_id is not None and screen.message_id == message_id
