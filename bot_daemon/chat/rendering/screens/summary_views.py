"""The views before sending: the whole order with every line to change, the comment, and dropping it."""

from __future__ import annotations

from bot_daemon.chat import buttons
from bot_daemon.chat.content import Button, Content
from bot_daemon.chat.conversation import cars
from bot_daemon.chat.conversation.drafts import Line
from bot_daemon.chat.conversation.state import WHOLE
from bot_daemon.chat.rendering import words
from bot_daemon.chat.rendering.lines import listed
from bot_daemon.chat.rendering.screens.car_views import notes, offers, orders_for
from bot_daemon.chat.rendering.screens.picking_views import categories, so_far
from bot_daemon.chat.rendering.screens.stage import Stage, of_pages, page_of, to_home, turns
from bot_daemon.chat.rendering.text import back_sign, data, day, label, named, plate, title
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
    page, pages = page_of(stage, len(lines), LINES_PAGE)
    text = [
        title("📝", _("Look it over")),
        *_car(stage),
        "",
        *listed(lines, stage.marks()),
        *_as_a_whole(stage),
        *_comment_shown(stage),
    ]
    edits = [[_edit(stage, line)] for line in lines[page * LINES_PAGE :][:LINES_PAGE]]
    pager = [stage.button(buttons.SUMMARY, f"{sign}{of_pages(to, pages)}", page=to) for sign, to in turns(page, pages)]
    return Content("\n".join(text), [*edits, pager, *_summary_buttons(stage)])


def _edit(stage: Stage, line: Line) -> Button:
    sign = "❔" if line.candidates else "✏️"
    return stage.button(buttons.LINE, label(f"{sign} {line.quantity} × {i18n.worded(dict(line.words))}"), line=line.id)


def _car(stage: Stage) -> list[str]:
    car = cars.known(stage.draft.plate)
    return [f"🚗 {plate(car.raw)}", *words.make(car.vin), *notes(car), *map(_last, orders_for(stage, 1))] if car else []


def _last(order: Order) -> str:
    """What was ordered for this car the last time."""
    rest = f" +{len(order.lines) - 1}" if len(order.lines) > 1 else ""
    first = named(order.lines[0].words, 60) if order.lines else ""
    facts = {"number": order.id, "day": day(order.created_at.date()), "words": f"{first}{rest}"}
    return "🕘 " + _("Last time, %(day)s: %(words)s (order %(number)s)") % facts


def _as_a_whole(stage: Stage) -> list[str]:
    """What is said of all lines, and what belongs to all of them."""
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
    return ["", f"💬 {data(stage.draft.comment, 500)}"] if stage.draft.comment else []


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
        [stage.button(buttons.COMMENT, comment), to_home()],
    ]
    send = [stage.button(buttons.SEND, "✅ " + _("Send the order"))] if stage.draft.plate else []
    return [*rows, send]


def _corrections(stage: Stage) -> list[list[Button]]:
    car = cars.known(stage.draft.plate)
    return offers(stage, car) if car else []


def _grades(stage: Stage) -> list[Button]:
    """One grade for all lines, where there are several."""
    if len(stage.draft.lines) < 2:
        return []
    all_of = stage.draft.grades()
    return [
        stage.button(buttons.GRADES, ("✓ " if all_of == {grade} else "") + words.all_of(grade), grade=grade.value)
        for grade in Grade
    ]


def _additives(stage: Stage) -> list[Button]:
    """With or without; the one that is chosen is taken back by the next press."""
    choice = stage.draft.additives
    if choice is Additives.UNSAID and not catalogue.flagged(stage.session, "additive"):
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
    text = ["🗑 " + _("Drop this list? It is not sent."), *so_far(stage)]
    return Content(
        "\n".join(text),
        [[buttons.HOME.button(back_sign() + " " + _("Keep it")), stage.button(buttons.DROPPED, "🗑 " + _("Drop it"))]],
    )
