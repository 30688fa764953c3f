"""The screen: each view is a function of what is known now, so that a late delivery shows the latest state."""

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
from bot_daemon.chat.screens import View
from common.database.models import OutboxRow, Person


def screen(session: Session, row: OutboxRow, reader: Person | None) -> Content:
    """The chat's screen as it stands at this moment."""
    if reader is None or reader.archived_at is not None:
        raise NothingToSay
    view, arguments = screens.present(session, row.chat_id)
    written = draft_store.stored(session, reader)
    stage = Stage(session, reader, written.key, written.draft, arguments, written.attached)
    return notes.above(stage, VIEWS[view](stage))


VIEWS: dict[View, Callable[[Stage], Content]] = {
    View.LANGUAGES: home_views.languages,
    View.HOME: home_views.home,
    View.HELP: home_views.help_,
    View.ORDERS: my_orders.my_orders,
    View.CARS: my_orders.cars,
    View.NOTICES: notice_views.notices,
    View.CHANGE: order_views.change,
    View.CHANGE_LINE: order_views.change_line,
    View.ADD_LINE: order_views.add_line,
    View.WRITE: order_views.write,
    View.WHICH: order_views.which,
    View.DESK: staff_views.desk,
    View.WHY: staff_views.why,
    View.CATEGORIES: picking_views.categories,
    View.FAVOURITES: picking_views.all_favourites,
    View.PARTS: picking_views.parts,
    View.LINE: line_view.line,
    View.MATCHES: picking_views.matches,
    View.PLATE: car_views.which_car,
    View.HISTORY: car_views.history,
    View.SUMMARY: summary_views.summary,
    View.COMMENT: summary_views.comment,
    View.DROP: summary_views.drop,
}
