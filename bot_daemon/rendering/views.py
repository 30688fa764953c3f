"""The screen's views: each a function of what is known now, so a late delivery shows the latest state."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from bot_daemon import buttons, drafts, screens
from bot_daemon.content import Button, Content, NothingToSay
from bot_daemon.drafts import Draft, Line
from bot_daemon.rendering import words
from bot_daemon.rendering.lines import listed, one
from bot_daemon.rendering.replies import help_text
from bot_daemon.rendering.text import back_sign, data, grid, label, named, on_sign, plate, title
from bot_daemon.screens import View
from common import catalogue, i18n, models
from common.i18n import gettext as _
from common.i18n import ngettext
from common.models import Category, Grade, Order, OutboxRow, Person, Vehicle
from common.vehicles import read_plate

PARTS_PAGE = 8
LINES_PAGE = 8
ORDERS_PAGE = 5
RECENT_CARS = 4
QUANTITIES = (1, 2, 3, 4)


@dataclass(frozen=True)
class Stage:
    """What a view is made from."""

    session: Session
    person: Person
    key: str
    draft: Draft
    arguments: Mapping[str, Any]

    def number(self, name: str) -> int:
        value = self.arguments.get(name, 0)
        return value if isinstance(value, int) else 0

    def button(self, press: buttons.Press, text: str, **values: object) -> Button:
        """A button of this draft."""
        return press.button(text, key=self.key, **values)


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


def _languages(stage: Stage) -> Content:
    text = "Выбери язык\nבחירת שפה\nChoose your language"
    return Content(f"🌐\n{text}", [[buttons.LANGUAGE.button(name, language=code)] for code, name in i18n.NAMES.items()])


def _home(stage: Stage) -> Content:
    waiting, sent = len(stage.draft.lines), stage.number("sent")
    if sent:
        text = "✅ " + _("<b>Order %(number)s is sent.</b> Its card shows how it stands.") % {"number": sent}
    elif waiting:
        text = "📝 " + ngettext(
            "Your list of %(count)s line is not sent yet.", "Your list of %(count)s lines is not sent yet.", waiting
        ) % {"count": waiting}
    else:
        text = "🔧 " + _("%(name)s, what does the car need?") % {"name": data(stage.person.name)}
    return Content(text, [*_draft_buttons(stage), *_home_buttons()])


def _draft_buttons(stage: Stage) -> list[list[Button]]:
    if not stage.draft.lines:
        return [[buttons.NEW_ORDER.button("➕ " + _("New order"))]]
    return [
        [buttons.NEW_ORDER.button("▶️ " + _("Go on with the list"))],
        [stage.button(buttons.DROP, "🗑 " + _("Drop the list"))],
    ]


def _home_buttons() -> list[list[Button]]:
    return [
        [buttons.ORDERS.button("📋 " + _("My orders"), page=0)],
        [buttons.HELP.button("❓ " + _("Help")), buttons.LANGUAGES.button("🌐 " + _("Language"))],
    ]


def _help(stage: Stage) -> Content:
    return Content(help_text(stage.person), [[_to_home()]])


def _to_home() -> Button:
    return buttons.HOME.button("🏠 " + _("Home"))


def _orders(stage: Stage) -> Content:
    theirs = select(Order).where(Order.person_id == stage.person.id)
    total = stage.session.scalar(select(func.count()).select_from(theirs.subquery())) or 0
    page, pages = _page(stage, total, ORDERS_PAGE)
    shown = stage.session.scalars(theirs.order_by(Order.id.desc()).limit(ORDERS_PAGE).offset(page * ORDERS_PAGE)).all()
    text = [title("📋", _("My orders"), _of(page, pages)), ""]
    text += [_in_list(order) for order in shown] or [_("Nothing yet. Your first order will stand here.")]
    rows = [[buttons.ORDER.button(f"{words.SIGNS[o.state]} {o.id}", order=o.id) for o in shown]]
    turns = [buttons.ORDERS.button(sign, page=to) for sign, to in _turns(page, pages)]
    if shown:
        text += ["", _("Tap a number to see the card.")]
    return Content("\n".join(text), [*rows, turns, [_to_home()]])


def _in_list(order: Order) -> str:
    car = f" · {plate(order.vehicle.raw)}" if order.vehicle else ""
    return f"<b>{order.id}</b> · {words.state(order.state)}{car}"


def _categories(stage: Stage) -> Content:
    text = [title("🧰", _("New order")), _("Pick a category, or just type what you need."), *_so_far(stage)]
    choices = [
        stage.button(buttons.CATEGORY, label(f"{c.icon} {i18n.worded(c.names)}"), category=c.id, page=0)
        for c in catalogue.categories(stage.session)[:40]
    ]
    return Content("\n".join(text), [*grid(choices, 2), *_onward(stage), [_to_home()]])


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


def _parts(stage: Stage) -> Content:
    category = stage.session.get(Category, stage.number("category"))
    if category is None or category.archived_at is not None:
        return _categories(stage)
    parts = catalogue.parts_of(stage.session, category.id)
    page, pages = _page(stage, len(parts), PARTS_PAGE)
    text = [title(data(category.icon, 8), named(category.names), _of(page, pages)), *_so_far(stage)]
    choices = [
        [stage.button(buttons.PART, label(("✓ " if stage.draft.holds(p.id) else "") + i18n.worded(p.names)), part=p.id)]
        for p in parts[page * PARTS_PAGE :][:PARTS_PAGE]
    ]
    turns = [stage.button(buttons.CATEGORY, sign, category=category.id, page=to) for sign, to in _turns(page, pages)]
    back = stage.button(buttons.CATEGORIES, back_sign() + " " + _("Categories"))
    return Content("\n".join(text), [*choices, turns, [back], *_onward(stage)])


def _line(stage: Stage) -> Content:
    line = stage.draft.line(stage.number("line"))
    if line is None:
        return _categories(stage)
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


def _plate(stage: Stage) -> Content:
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


def _summary(stage: Stage) -> Content:
    if not stage.draft.lines:
        return _categories(stage)
    lines = stage.draft.lines
    page, pages = _page(stage, len(lines), LINES_PAGE)
    text = [title("📝", _("Look it over")), *_car(stage), "", *listed(lines), *_comment_shown(stage)]
    edits = [
        [stage.button(buttons.LINE, label(f"✏️ {line.quantity} × {i18n.worded(dict(line.words))}"), line=line.id)]
        for line in lines[page * LINES_PAGE :][:LINES_PAGE]
    ]
    turns = [stage.button(buttons.SUMMARY, sign, page=to) for sign, to in _turns(page, pages)]
    return Content("\n".join(text), [*edits, turns, *_summary_buttons(stage)])


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
        [stage.button(buttons.COMMENT, comment), _to_home()],
    ]
    return [*rows, [stage.button(buttons.SEND, "✅ " + _("Send the order"))]] if stage.draft.plate else rows


def _comment(stage: Stage) -> Content:
    text = [title("💬", _("A comment for the storekeeper")), _("Type it."), *_comment_shown(stage)]
    back = stage.button(buttons.SUMMARY, back_sign() + " " + _("Back"), page=0)
    away = stage.button(buttons.NO_COMMENT, "🗑 " + _("No comment"))
    return Content("\n".join(text), [[back, away] if stage.draft.comment else [back]])


def _drop(stage: Stage) -> Content:
    text = ["🗑 " + _("Drop this list? It is not sent."), *_so_far(stage)]
    return Content(
        "\n".join(text),
        [[buttons.HOME.button(back_sign() + " " + _("Keep it")), stage.button(buttons.DROPPED, "🗑 " + _("Drop it"))]],
    )


def _page(stage: Stage, total: int, size: int) -> tuple[int, int]:
    """The page that is shown and how many there are; what is beyond the end is the last."""
    pages = max(-(-total // size), 1)
    return min(max(stage.number("page"), 0), pages - 1), pages


def _of(page: int, pages: int) -> str:
    return f" · {page + 1}/{pages}" if pages > 1 else ""


def _turns(page: int, pages: int) -> list[tuple[str, int]]:
    """The arrows to the pages beside this one; from right to left, the next page lies to the left."""
    left, right = (page - 1, page + 1) if i18n.direction() == "ltr" else (page + 1, page - 1)
    return [(sign, to) for sign, to in (("◀️", left), ("▶️", right)) if 0 <= to < pages]


VIEWS: dict[View, Callable[[Stage], Content]] = {
    View.LANGUAGES: _languages,
    View.HOME: _home,
    View.HELP: _help,
    View.ORDERS: _orders,
    View.CATEGORIES: _categories,
    View.PARTS: _parts,
    View.LINE: _line,
    View.PLATE: _plate,
    View.SUMMARY: _summary,
    View.COMMENT: _comment,
    View.DROP: _drop,
}
