"""The screen: each view is a function of the present facts, so that a late delivery shows the latest state."""

from __future__ import annotations

from collections.abc import Callable

from sqlalchemy.orm import Session

from bot_daemon.chat import draft_store, screens
from bot_daemon.chat.content import Content, NothingToSay
from bot_daemon.chat.rendering.screens import (
    car_views,
    home_views,
    line_view,
    my_orders,
    notes,
    notice_views,
    order_views,
    picking_views,
    staff_views,
    summary_views,
)
from bot_daemon.chat.rendering.screens.stage import Stage
from bot_daemon.chat.screens import ScreenView
from common.database.models import OutboxRow, Person


def render_screen(session: Session, row: OutboxRow, reader: Person | None) -> Content:
    """The chat's screen in its present state."""
    if reader is None or reader.archived_at is not None:
        raise NothingToSay
    view, arguments = screens.present_view(session, row.chat_id)
    written = draft_store.load_draft(session, reader)
    stage = Stage(session, reader, written.key, written.draft, arguments, written.attached)
    return notes.with_note_above(stage, RENDERERS[view](stage))


RENDERERS: dict[ScreenView, Callable[[Stage], Content]] = {
    ScreenView.LANGUAGES: home_views.languages,
    ScreenView.HOME: home_views.home,
    ScreenView.HELP: home_views.help_view,
    ScreenView.ORDERS: my_orders.my_orders,
    ScreenView.CARS: my_orders.cars,
    ScreenView.NOTICES: notice_views.notices,
    ScreenView.CHANGE: order_views.change,
    ScreenView.CHANGE_LINE: order_views.change_line,
    ScreenView.ADD_LINE: order_views.add_line,
    ScreenView.CANCEL: order_views.cancel,
    ScreenView.WRITE: order_views.write,
    ScreenView.WHICH: order_views.which,
    ScreenView.DESK: staff_views.desk,
    ScreenView.WHY: staff_views.why,
    ScreenView.CATEGORIES: picking_views.categories,
    ScreenView.FAVOURITES: picking_views.all_favourites,
    ScreenView.PARTS: picking_views.parts,
    ScreenView.LINE: line_view.line_view,
    ScreenView.MATCHES: picking_views.matches,
    ScreenView.HOW_MANY: picking_views.how_many,
    ScreenView.PLATE: car_views.which_car,
    ScreenView.HISTORY: car_views.history,
    ScreenView.SUMMARY: summary_views.summary,
    ScreenView.COMMENT: summary_views.comment,
    ScreenView.DROP: summary_views.drop,
}
