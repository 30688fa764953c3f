"""Changing an order that is there: at once while nobody has taken it, then by asking the desk."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from bot_daemon.chat import buttons
from bot_daemon.chat.conversation.drafts import clean
from bot_daemon.chat.incoming import Answer, What
from bot_daemon.chat.rendering.words import told
from bot_daemon.chat.screens import View
from bot_daemon.chat.steps.orders.own import Own, answered, at_own_order, too_late
from common.errors import InvalidInput
from common.i18n import gettext as _
from common.i18n import isolated
from common.orders import lines
from common.orders.moves import MAX_LINES, WantedLine
from common.talk import change_requests
from common.talk.change_requests import ASKING, FREE, MOST_OPEN, Granted, Wish

Values = dict[str, str]
Facts = dict[str, Any]


@at_own_order(buttons.CHANGE)
def change(own: Own, values: Values) -> Answer:
    return _open(own, View.CHANGE, page=int(values["page"]))


@at_own_order(buttons.CHANGE_LINE)
def line(own: Own, values: Values) -> Answer:
    return _open(own, View.CHANGE_LINE, line=int(values["line"]))


@at_own_order(buttons.ADD_LINE)
def add_line(own: Own, values: Values) -> Answer:
    return _open(own, View.ADD_LINE)


def _open(own: Own, view: View, **arguments: object) -> Answer:
    """A view for changing, unless it is too late."""
    if own.order.state not in FREE | ASKING:
        own.show_card()
        return too_late(own.order)
    return own.show(view, **arguments)


@at_own_order(buttons.LINE_QUANTITY)
def quantity(own: Own, values: Values) -> Answer:
    """The line has this quantity; 0 takes it out."""
    return _done(own, *_counting(int(values["line"]), int(values["quantity"])))


def _counting(line_id: int, wanted: int) -> tuple[Wish, Facts]:
    if wanted == 0:
        return Wish.REMOVE_LINE, {"line": line_id}
    return Wish.QUANTITY, {"line": line_id, "quantity": wanted}


@at_own_order(buttons.CANCEL)
def cancel(own: Own, values: Values) -> Answer:
    """Withdraw the order; if somebody serves it meanwhile, ask them."""
    outcome = change_requests.ask(own.session, own.order.id, Wish.CANCEL, {}, own.actor)
    if isinstance(outcome, Granted):
        return Answer(_("Order %(number)s is cancelled.") % {"number": own.order.id})
    own.show_card()
    if own.order.owner is None:
        return Answer(told(_code(outcome), {}))
    name = isolated(own.order.owner.name)
    return Answer(_("%(name)s is serving it already and is asked to cancel.") % {"name": name}, alert=True)


def typed(own: Own, view: View, arguments: Mapping[str, object]) -> Answer | None:
    """What somebody types at these views: a quantity, or lines to add. None: it is neither."""
    text = clean(own.incoming.text)
    line_id = arguments.get("line")
    if view is View.ADD_LINE:
        return answered(own, _added)
    if view is View.CHANGE_LINE and isinstance(line_id, int) and text.isascii() and text.isdigit() and len(text) <= 4:
        return answered(own, lambda own: _done(own, *_counting(line_id, int(text))))
    return None


def _added(own: Own) -> Answer:
    """Each line of the text is a line of the order; all of them, or none and why."""
    wanted = [clean(words) for words in own.incoming.text.splitlines() if clean(words)]
    if not wanted:
        return own.show_present(note="empty")
    if len(own.order.lines) + len(wanted) > MAX_LINES:
        raise InvalidInput("too_many_lines")
    if own.order.state in ASKING and len(change_requests.open_of(own.session, own.order)) + len(wanted) > MOST_OPEN:
        raise InvalidInput("too_many_requests")
    for words in wanted:
        lines.check(WantedLine({"": words}))
    for words in wanted[:-1]:
        change_requests.ask(own.session, own.order.id, Wish.ADD_LINE, {"words": {"": words}}, own.actor)
    return _done(own, Wish.ADD_LINE, {"words": {"": wanted[-1]}})


def _done(own: Own, wish: Wish, facts: Facts) -> Answer:
    """Done or asked for: said in a toast to whoever pressed, above the screen to whoever typed."""
    code = _code(change_requests.ask(own.session, own.order.id, wish, facts, own.actor))
    if own.incoming.what is What.PRESS:
        own.show(View.CHANGE, page=0)
        return Answer(told(code, {}))
    return own.show(View.CHANGE, page=0, note=code)


def _code(outcome: object) -> str:
    return "changed" if isinstance(outcome, Granted) else "asked_of_desk"
