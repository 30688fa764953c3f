"""The views before sending: the whole order with every line to change, the comment, and dropping it."""

from __future__ import annotations

from bot_daemon.chat import buttons
from bot_daemon.chat.content import Button, Content
from bot_daemon.chat.conversation import cars
from bot_daemon.chat.conversation.drafts import DraftLine
from bot_daemon.chat.conversation.state import WHOLE
from bot_daemon.chat.rendering import words
from bot_daemon.chat.rendering.lines import line_texts
from bot_daemon.chat.rendering.order_facts import car_line
from bot_daemon.chat.rendering.screens.car_views import correction_buttons, notes, orders_for
from bot_daemon.chat.rendering.screens.picking_views import categories, draft_lines, send_or_car
from bot_daemon.chat.rendering.screens.stage import Stage, home_button, page_suffix, page_turns, present_page
from bot_daemon.chat.rendering.text import back_sign, day, escape, grid, label, localized, title
from common import i18n
from common.catalogue import catalogue
from common.database.models import Additives, Order
from common.i18n import gettext as _
from common.i18n import ngettext

LINES_PAGE = 8


def summary(stage: Stage) -> Content:
    if not stage.draft.lines:
        return categories(stage)
    lines = stage.draft.lines
    page, pages = present_page(stage, len(lines), LINES_PAGE)
    urgent = " · ⚡ " + _("urgent") if stage.draft.urgent else ""
    text = [
        title("📝", _("Check the order"), urgent),
        *_car(stage),
        "",
        *line_texts(lines, stage.marks()),
        *_whole_order(stage),
        *_comment_shown(stage),
    ]
    edits = [_edit(stage, line, number) for number, line in enumerate(lines, 1)][page * LINES_PAGE :][:LINES_PAGE]
    pager = [
        stage.button(buttons.SUMMARY, f"{sign}{page_suffix(to, pages)}", page=to)
        for sign, to in page_turns(page, pages)
    ]
    rows = [*_ways_back(stage), *_corrections(stage), *grid(edits, 4), pager, *_summary_buttons(stage)]
    return Content("\n".join(text), rows)


def _ways_back(stage: Stage) -> list[list[Button]]:
    """Undo of what was just done: a text that was cut into lines, a line that was taken out."""
    rows = []
    joined = stage.number("joined")
    if joined and any(source.message == joined for source in stage.draft.sources):
        rows.append([stage.button(buttons.JOINED, "🔗 " + _("As one line"), message=joined)])
    if stage.draft.removed:
        words = label(i18n.worded(dict(stage.draft.removed[-1].words)), 30)
        rows.append([stage.button(buttons.PUT_BACK, label("↩️ " + _("Put back: %(words)s") % {"words": words}))])
    return rows


def _edit(stage: Stage, line: DraftLine, number: int) -> Button:
    return stage.button(buttons.LINE, f"{'❔' if line.is_open else '✏️'} {number}", line=line.id)


def _car(stage: Stage) -> list[str]:
    car = None if stage.draft.car_waits else cars.taken_car(stage.draft.plate)
    more = [*words.make(car.vin), *notes(car), *map(_last, orders_for(stage, 1))] if car else []
    return [*car_line(stage.draft), *more]


def _last(order: Order) -> str:
    """The line about the last order for this car."""
    more = len(order.lines) - 1
    rest = " " + ngettext("and %(count)s more", "and %(count)s more", more) % {"count": more} if more > 0 else ""
    first = localized(order.lines[0].words, 60) if order.lines else ""
    facts = {"number": order.id, "day": day(order.created_at.date()), "words": f"{first}{rest}"}
    return "🕘 " + _("Last time, %(day)s: %(words)s (order %(number)s)") % facts


def _whole_order(stage: Stage) -> list[str]:
    """The choices and attachments of the whole order."""
    facts = []
    if len(stage.draft.grades()) > 1:
        facts.append("⚖️ " + _("Grades: mixed"))
    if stage.draft.additives is Additives.WITHOUT:
        facts.append("🚫 " + words.additives(stage.draft.additives))
    files = sum(one.line == WHOLE for one in stage.attached)
    if files:
        text = ngettext("%(count)s file for the whole order", "%(count)s files for the whole order", files)
        facts.append("📎 " + text % {"count": files})
    return ["", *facts] if facts else []


def _comment_shown(stage: Stage) -> list[str]:
    return ["", f"💬 {escape(stage.draft.comment, 500)}"] if stage.draft.comment else []


def _summary_buttons(stage: Stage) -> list[list[Button]]:
    history = [stage.button(buttons.HISTORY, "🕘 " + _("Ordered for this car"))] if orders_for(stage, 1) else []
    comment = "💬 " + _("Comment") + (" ✓" if stage.draft.comment else "")
    return [
        _additives(stage),
        history,
        [stage.button(buttons.CATEGORIES, "➕ " + _("More")), stage.button(buttons.PLATE, "🚗 " + _("Car"))],
        [stage.button(buttons.COMMENT, comment), home_button()],
        *send_or_car(stage),
    ]


def _corrections(stage: Stage) -> list[list[Button]]:
    car = cars.taken_car(stage.draft.plate)
    return correction_buttons(stage, car) if car else []


def _additives(stage: Stage) -> list[Button]:
    """Buttons for with and without additives; pressing the chosen one again clears it."""
    choice = stage.draft.additives
    if choice is Additives.UNSAID and not catalogue.parts_flagged(stage.session, "additive"):
        return []
    return [
        stage.button(
            buttons.ADDITIVES,
            ("✓ " if choice is offered else "") + words.additives(offered),
            choice="unsaid" if choice is offered else offered.value,
        )
        for offered in (Additives.WITH, Additives.WITHOUT)
    ]


def comment(stage: Stage) -> Content:
    text = [title("💬", _("A comment for the storekeeper")), _("Type it."), *_comment_shown(stage)]
    back = stage.button(buttons.SUMMARY, back_sign() + " " + _("Back"), page=0)
    away = stage.button(buttons.NO_COMMENT, "🗑 " + _("No comment"))
    turn = "off" if stage.draft.urgent else "on"
    urgent = stage.button(buttons.URGENT, "⚡ " + _("urgent") + (" ✓" if stage.draft.urgent else ""), switch=turn)
    return Content("\n".join(text), [[urgent], *([[away]] if stage.draft.comment else []), [back]])


def drop(stage: Stage) -> Content:
    """Ask before the list is discarded. The safe answer is the lowest."""
    text = ["🗑 " + _("Discard this list? It has not been sent."), *draft_lines(stage)]
    yes = stage.button(buttons.DROP_CONFIRMED, "🗑 " + _("Yes, discard"))
    return Content("\n".join(text), [[yes], [buttons.HOME.button("↩️ " + _("No, keep it"))]])
