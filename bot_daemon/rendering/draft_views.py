"""The views of an order being written: categories, parts, a line, the plate, the summary, the comment."""

from __future__ import annotations

from sqlalchemy import func, select

from bot_daemon import buttons
from bot_daemon.content import Button, Content
from bot_daemon.drafts import Line
from bot_daemon.rendering import words
from bot_daemon.rendering.lines import listed, one
from bot_daemon.rendering.stage import Stage, of_pages, page_of, to_home, turns
from bot_daemon.rendering.text import back_sign, data, grid, label, named, on_sign, plate, title
from common import catalogue, i18n
from common.i18n import gettext as _
from common.models import Category, Grade, Order, Vehicle
from common.vehicles import read_plate

CATEGORIES = 40  # a keyboard has room for a hundred buttons in all
PARTS_PAGE = 8
LINES_PAGE = 8
RECENT_CARS = 4
QUANTITIES = (1, 2, 3, 4)


def categories(stage: Stage) -> Content:
    text = [title("🧰", _("New order")), _("Pick a category, or just type what you need."), *_so_far(stage)]
    choices = [
        stage.button(buttons.CATEGORY, label(f"{c.icon} {i18n.worded(c.names)}"), category=c.id, page=0)
        for c in catalogue.categories(stage.session)[:CATEGORIES]
    ]
    return Content("\n".join(text), [*grid(choices, 2), *_onward(stage), [to_home()]])


def _so_far(stage: Stage) -> list[str]:
    car = [f"🚗 {plate(stage.draft.plate)}"] if stage.draft.plate else []
    lines = listed(stage.draft.lines)
    return ["", *car, *lines] if car or lines else []


def _onward(stage: Stage) -> list[list[Button]]:
    """The way on, as soon as there is something to send."""
    if not stage.draft.lines:
        return []
    text = _("Next: look it over") if stage.draft.plate else _("Next: the plate")
    return [[stage.button(buttons.NEXT, f"{on_sign()} {text}")]]


def parts(stage: Stage) -> Content:
    category = stage.session.get(Category, stage.number("category"))
    if category is None or category.archived_at is not None:
        return categories(stage)
    parts = catalogue.parts_of(stage.session, category.id)
    page, pages = page_of(stage, len(parts), PARTS_PAGE)
    text = [title(data(category.icon, 8), named(category.names), of_pages(page, pages)), *_so_far(stage)]
    choices = [
        [stage.button(buttons.PART, label(("✓ " if stage.draft.holds(p.id) else "") + i18n.worded(p.names)), part=p.id)]
        for p in parts[page * PARTS_PAGE :][:PARTS_PAGE]
    ]
    pager = [stage.button(buttons.CATEGORY, sign, category=category.id, page=to) for sign, to in turns(page, pages)]
    back = stage.button(buttons.CATEGORIES, back_sign() + " " + _("Categories"))
    return Content("\n".join(text), [*choices, pager, [back], *_onward(stage)])


def line(stage: Stage) -> Content:
    line = stage.draft.line(stage.number("line"))
    if line is None:
        return categories(stage)
    text = [one(line), *([] if line.part_id else [_not_in_catalogue()]), "", _("How many? Tap or type a number.")]
    others = [other for other in stage.draft.lines if other is not line]
    also = ["", "<i>" + _("Also in the order") + "</i>", *listed(others)] if others else []
    more = stage.button(buttons.CATEGORIES, "➕ " + _("More parts"))
    remove = stage.button(buttons.QUANTITY, "🗑 " + _("Remove"), line=line.id, quantity=0)
    rows = [_quantities(stage, line), _grades(stage, line), [remove, more], *_onward(stage)]
    return Content("\n".join([*text, *also]), rows)


def _not_in_catalogue() -> str:
    return "✍️ <i>" + _("Not in the catalogue: sent as written.") + "</i>"


def _quantities(stage: Stage, line: Line) -> list[Button]:
    return [
        stage.button(buttons.QUANTITY, f"• {n} •" if n == line.quantity else str(n), line=line.id, quantity=n)
        for n in QUANTITIES
    ]


def _grades(stage: Stage, line: Line) -> list[Button]:
    return [
        stage.button(
            buttons.GRADE,
            ("✓ " if grade is line.grade else "") + words.grade(grade),
            line=line.id,
            grade=grade.value,
        )
        for grade in Grade
    ]


def which_car(stage: Stage) -> Content:
    text = [title("🚗", _("Which car?")), _("Type the plate."), *_so_far(stage)]
    cars = [
        stage.button(buttons.CAR, f"🚗 {i18n.left_to_right(label(vehicle.display))}", vehicle=vehicle.id)
        for vehicle in _recent_cars(stage)
    ]
    back = stage.button(buttons.CATEGORIES, back_sign() + " " + _("Categories"))
    return Content("\n".join(text), [*grid(cars, 2), [back], *(_onward(stage) if stage.draft.plate else [])])


def _recent_cars(stage: Stage) -> list[Vehicle]:
    """The cars this person ordered for last."""
    latest = func.max(Order.id)
    recent = (
        select(Vehicle)
        .join(Order, Order.vehicle_id == Vehicle.id)
        .where(Order.person_id == stage.person.id)
        .group_by(Vehicle.id)
        .order_by(latest.desc())
        .limit(RECENT_CARS)
    )
    return list(stage.session.scalars(recent))


def summary(stage: Stage) -> Content:
    if not stage.draft.lines:
        return categories(stage)
    lines = stage.draft.lines
    page, pages = page_of(stage, len(lines), LINES_PAGE)
    text = [title("📝", _("Look it over")), *_car(stage), "", *listed(lines), *_comment_shown(stage)]
    edits = [
        [stage.button(buttons.LINE, label(f"✏️ {line.quantity} × {i18n.worded(dict(line.words))}"), line=line.id)]
        for line in lines[page * LINES_PAGE :][:LINES_PAGE]
    ]
    pager = [stage.button(buttons.SUMMARY, sign, page=to) for sign, to in turns(page, pages)]
    return Content("\n".join(text), [*edits, pager, *_summary_buttons(stage)])


def _car(stage: Stage) -> list[str]:
    if not stage.draft.plate:
        return []
    read = read_plate(stage.draft.plate)
    lines = [f"🚗 {plate(stage.draft.plate)}"]
    if len(read.key) < 5:
        lines.append("☝️ " + _("Short for a plate. If it is right, just go on."))
    elif read.country == "other":
        lines.append("☝️ " + _("An unusual plate. If it is right, just go on."))
    return lines


def _comment_shown(stage: Stage) -> list[str]:
    return ["", f"💬 {data(stage.draft.comment, 500)}"] if stage.draft.comment else []


def _summary_buttons(stage: Stage) -> list[list[Button]]:
    comment = "💬 " + _("Change the comment") if stage.draft.comment else "💬 " + _("Add a comment")
    plate_text = "🚗 " + _("Another plate") if stage.draft.plate else "🚗 " + _("The plate")
    rows = [
        [stage.button(buttons.CATEGORIES, "➕ " + _("More parts")), stage.button(buttons.PLATE, plate_text)],
        [stage.button(buttons.COMMENT, comment), to_home()],
    ]
    return [*rows, [stage.button(buttons.SEND, "✅ " + _("Send the order"))]] if stage.draft.plate else rows


def comment(stage: Stage) -> Content:
    text = [title("💬", _("A comment for the storekeeper")), _("Type it."), *_comment_shown(stage)]
    back = stage.button(buttons.SUMMARY, back_sign() + " " + _("Back"), page=0)
    away = stage.button(buttons.NO_COMMENT, "🗑 " + _("No comment"))
    return Content("\n".join(text), [[back, away] if stage.draft.comment else [back]])


def drop(stage: Stage) -> Content:
    text = ["🗑 " + _("Drop this list? It is not sent."), *_so_far(stage)]
    return Content(
        "\n".join(text),
        [[buttons.HOME.button(back_sign() + " " + _("Keep it")), stage.button(buttons.DROPPED, "🗑 " + _("Drop it"))]],
    )
