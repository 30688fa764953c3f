"""The screen: each view is a function of what is known now, so that a late delivery shows the latest state."""

from __future__ import annotations

from collections.abc import Callable

from sqlalchemy.orm import Session

from bot_daemon import drafts, screens
from bot_daemon.content import Content, NothingToSay
from bot_daemon.drafts import Draft
from bot_daemon.rendering import draft_views, home_views, words
from bot_daemon.rendering.stage import Stage
from bot_daemon.screens import View
from common import models
from common.models import OutboxRow, Person


def screen(session: Session, row: OutboxRow, reader: Person | None) -> Content:
    """The chat's screen as it stands at this moment."""
    if reader is None or reader.archived_at is not None:
        raise NothingToSay
    view, arguments = screens.present(session, row.chat_id)
    draft = session.get(models.Draft, reader.id)
    key, written = (draft.key, drafts.read(draft.content)) if draft else ("none", Draft())
    content = VIEWS[view](Stage(session, reader, key, written, arguments))
    note = words.note(str(arguments.get("note", "")))
    return Content(f"☝️ {note}\n\n{content.text}", content.buttons) if note else content


VIEWS: dict[View, Callable[[Stage], Content]] = {
    View.LANGUAGES: home_views.languages,
    View.HOME: home_views.home,
    View.HELP: home_views.help_,
    View.ORDERS: home_views.my_orders,
    View.CATEGORIES: draft_views.categories,
    View.PARTS: draft_views.parts,
    View.LINE: draft_views.line,
    View.PLATE: draft_views.which_car,
    View.SUMMARY: draft_views.summary,
    View.COMMENT: draft_views.comment,
    View.DROP: draft_views.drop,
}
