"""The views before sending: the whole order with every line to change, the comment, and dropping it."""

from __future__ import annotations

from bot_daemon.chat import buttons
from bot_daemon.chat.content import Button, Content
from bot_daemon.chat.conversation import cars
from bot_daemon.chat.conversation.drafts import DraftLine
from bot_daemon.chat.conversation.state import WHOLE
from bot_daemon.chat.rendering import words
from bot_daemon.chat.rendering.lines import line_texts
from bot_daemon.chat.rendering.screens.car_views import correction_buttons, notes, orders_for
from bot_daemon.chat.rendering.screens.picking_views import categories, draft_lines
from bot_daemon.chat.rendering.screens.stage import Stage, home_button, page_suffix, page_turns, present_page
from bot_daemon.chat.rendering.text import back_sign, day, escape, label, localized, plate, title
from common import i18n
from common.catalogue import catalogue
from common.database.models import Additives, Grade, Order
from common.i18n import gettext as _
from common.i18n import ngettext

LINES_PAGE = 8


def summary(stage: Stage) -> Content:
    if not stage.draft.lines:
        return categories(stage)
    lines = stage.draft.lines
    page, pages = present_page(stage, len(lines), LINES_PAGE)
    text = [
        title("📝", _("Look it over")),
        *_car(stage),
        "",
        *line_texts(lines, stage.marks()),
        *_whole_order(stage),
        *_comment_shown(stage),
    ]
    edits = [[_edit(stage, line)] for line in lines[page * LINES_PAGE :][:LINES_PAGE]]
    pager = [
        stage.button(buttons.SUMMARY, f"{sign}{page_suffix(to, pages)}", page=to)
        for sign, to in page_turns(page, pages)
    ]
    return Content("\n".join(text), [*edits, pager, *_summary_buttons(stage)])


def _edit(stage: Stage, line: DraftLine) -> Button:
    sign = "❔" if line.candidates else "✏️"
    return stage.button(buttons.LINE, label(f"{sign} {line.quantity} × {i18n.worded(dict(line.words))}"), line=line.id)


def _car(stage: Stage) -> list[str]:
    car = cars.taken_car(stage.draft.plate)
    return [f"🚗 {plate(car.raw)}", *words.make(car.vin), *notes(car), *map(_last, orders_for(stage, 1))] if car else []


def _last(order: Order) -> str:
    """The line about the last order for this car."""
    rest = f" +{len(order.lines) - 1}" if len(order.lines) > 1 else ""
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
    comment = "💬 " + (_("Change the comment") if stage.draft.comment else _("Add a comment"))
    car = "🚗 " + (_("Another car") if stage.draft.plate else _("The car"))
    history = [stage.button(buttons.HISTORY, "🕘 " + _("Ordered for this car"))] if orders_for(stage, 1) else []
    rows = [
        *_corrections(stage),
        _grades(stage),
        _additives(stage),
        history,
        [stage.button(buttons.CATEGORIES, "➕ " + _("More parts")), stage.button(buttons.PLATE, car)],
        [stage.button(buttons.COMMENT, comment), home_button()],
    ]
    send = [stage.button(buttons.SEND, "✅ " + _("Send the order"))] if stage.draft.plate else []
    return [*rows, send]


def _corrections(stage: Stage) -> list[list[Button]]:
    car = cars.taken_car(stage.draft.plate)
    return correction_buttons(stage, car) if car else []


def _grades(stage: Stage) -> list[Button]:
    """Buttons for one grade of all lines, if there are several lines."""
    if len(stage.draft.lines) < 2:
        return []
    all_of = stage.draft.grades()
    return [
        stage.button(buttons.GRADES, ("✓ " if all_of == {grade} else "") + words.all_of(grade), grade=grade.value)
        for grade in Grade
    ]


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
    return Content("\n".join(text), [[back, away] if stage.draft.comment else [back]])


def drop(stage: Stage) -> Content:
    text = ["🗑 " + _("Drop this list? It is not sent."), *draft_lines(stage)]
    return Content(
        "\n".join(text),
        [
            [
                buttons.HOME.button(back_sign() + " " + _("Keep it")),
                stage.button(buttons.DROP_CONFIRMED, "🗑 " + _("Drop it")),
            ]
        ],
    )
