"""Changing a placed order: at once while it is untaken, later by asking the desk."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from bot_daemon.chat import buttons
from bot_daemon.chat.conversation.drafts import clean
from bot_daemon.chat.incoming import Answer, UpdateKind
from bot_daemon.chat.rendering.words import note_text
from bot_daemon.chat.screens import ScreenView
from bot_daemon.chat.steps.orders.own import OwnOrder, answer_or_refuse, at_own_order, too_late_answer
from common.errors import InvalidInput
from common.i18n import gettext as _
from common.i18n import isolated
from common.orders import placing
from common.orders.placing import MAX_LINES, WantedLine
from common.orders.states import CHANGEABLE, CHANGED_ON_REQUEST
from common.talk import change_requests
from common.talk.change_requests import MOST_OPEN, Granted, Wish

Values = dict[str, str]
WishArguments = dict[str, Any]


@at_own_order(buttons.CHANGE)
def show_change(own: OwnOrder, values: Values) -> Answer:
    return _open(own, ScreenView.CHANGE, page=int(values["page"]))


@at_own_order(buttons.CHANGE_LINE)
def show_line(own: OwnOrder, values: Values) -> Answer:
    return _open(own, ScreenView.CHANGE_LINE, line=int(values["line"]))


@at_own_order(buttons.ADD_LINE)
def show_add_line(own: OwnOrder, values: Values) -> Answer:
    return _open(own, ScreenView.ADD_LINE)


def _open(own: OwnOrder, view: ScreenView, **arguments: object) -> Answer:
    """Open a view for changing the order, unless it is too late."""
    if own.order.state not in CHANGEABLE:
        own.show_card()
        return too_late_answer(own.order)
    return own.show(view, **arguments)


@at_own_order(buttons.LINE_QUANTITY)
def set_quantity(own: OwnOrder, values: Values) -> Answer:
    """Set the line's quantity; 0 removes the line."""
    return _ask_and_show(own, *_quantity_wish(int(values["line"]), int(values["quantity"])))


def _quantity_wish(line_id: int, wanted: int) -> tuple[Wish, WishArguments]:
    if wanted == 0:
        return Wish.REMOVE_LINE, {"line": line_id}
    return Wish.QUANTITY, {"line": line_id, "quantity": wanted}


@at_own_order(buttons.CANCEL)
def ask_cancel(own: OwnOrder, values: Values) -> Answer:
    """Ask before the order is cancelled, unless it is too late."""
    return _open(own, ScreenView.CANCEL)


@at_own_order(buttons.CANCEL_CONFIRMED)
def cancel_order(own: OwnOrder, values: Values) -> Answer:
    """Cancel the order; if it has been taken meanwhile, ask the desk."""
    outcome = change_requests.ask(own.session, own.actor, own.order.id, Wish.CANCEL, {})
    own.show(ScreenView.HOME)
    if isinstance(outcome, Granted):
        return Answer(_("Order %(number)s is cancelled.") % {"number": own.order.id})
    own.show_card()
    if own.order.owner is None:
        return Answer(note_text(_toast_code(outcome), {}))
    name = isolated(own.order.owner.name)
    return Answer(_("%(name)s is serving it already and is asked to cancel.") % {"name": name}, alert=True)


def take_text(own: OwnOrder, view: ScreenView, arguments: Mapping[str, object]) -> Answer | None:
    """Take typed text at these views: a quantity, or lines to add. None: the view takes neither."""
    text = clean(own.incoming.text)
    line_id = arguments.get("line")
    if view is ScreenView.ADD_LINE:
        return answer_or_refuse(own, _add_lines)
    if (
        view is ScreenView.CHANGE_LINE
        and isinstance(line_id, int)
        and text.isascii()
        and text.isdigit()
        and len(text) <= 4
    ):
        return answer_or_refuse(own, lambda own: _ask_and_show(own, *_quantity_wish(line_id, int(text))))
    return None


def _add_lines(own: OwnOrder) -> Answer:
    """Add each line of the text as a line of the order: all of them, or none with the reason."""
    wanted = [clean(words) for words in own.incoming.text.splitlines() if clean(words)]
    if not wanted:
        return own.show_present(note="empty")
    if len(own.order.lines) + len(wanted) > MAX_LINES:
        raise InvalidInput("too_many_lines")
    if (
        own.order.state in CHANGED_ON_REQUEST
        and len(change_requests.open_requests(own.session, own.order)) + len(wanted) > MOST_OPEN
    ):
        raise InvalidInput("too_many_requests")
    for words in wanted:
        placing.check_line(WantedLine({"": words}))
    for words in wanted[:-1]:
        change_requests.ask(own.session, own.actor, own.order.id, Wish.ADD_LINE, {"words": {"": words}})
    return _ask_and_show(own, Wish.ADD_LINE, {"words": {"": wanted[-1]}})


def _ask_and_show(own: OwnOrder, wish: Wish, facts: WishArguments) -> Answer:
    """Make or request the change, and confirm it: in a toast after a press, above the screen after typed text."""
    code = _toast_code(change_requests.ask(own.session, own.actor, own.order.id, wish, facts))
    if own.incoming.what is UpdateKind.PRESS:
        own.show(ScreenView.CHANGE, page=0)
        return Answer(note_text(code, {}))
    return own.show(ScreenView.CHANGE, page=0, note=code)


def _toast_code(outcome: object) -> str:
    return "changed" if isinstance(outcome, Granted) else "asked_of_desk"
