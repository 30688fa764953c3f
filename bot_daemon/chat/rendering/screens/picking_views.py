"""The views for picking parts: favourites, recents and categories; a category; the meanings of typed words."""

from __future__ import annotations

from bot_daemon.chat import buttons
from bot_daemon.chat.content import Button, Content
from bot_daemon.chat.conversation.drafts import CarWithoutNumber, DraftLine
from bot_daemon.chat.rendering.lines import line_text, line_texts
from bot_daemon.chat.rendering.order_facts import car_line, car_on_button, other_facts
from bot_daemon.chat.rendering.screens.stage import (
    Stage,
    home_button,
    page_suffix,
    page_turns,
    present_page,
    quantities,
)
from bot_daemon.chat.rendering.text import back_sign, escape, grid, label, localized, title
from common import i18n
from common.cars import vehicle_history
from common.catalogue import catalogue, favourites
from common.database.models import Category, Part
from common.i18n import gettext as _
from common.i18n import ngettext
from common.orders.content.quantities import quantity_text
from common.understanding.catalogue_names import NAMES

CATEGORIES = 40  # a keyboard has room for a hundred buttons in all
AT_HAND = 6  # favourites and recents together, before the categories
MORE_QUANTITIES = (6, 8)
RECENT = 2  # recents that always have room
PAGE = 8


def categories(stage: Stage) -> Content:
    text = [
        title("🧰", _("New order")),
        _("Tap a part or a category, or just type what you need. A photo or a voice note will do, too."),
        *draft_lines(stage),
    ]
    choices = [
        stage.button(buttons.CATEGORY, label(f"{c.icon} {i18n.worded(c.names)}"), category=c.id, page=0)
        for c in catalogue.categories(stage.session)[:CATEGORIES]
    ]
    car = stage.button(buttons.PLATE, "🚗 " + _("Car"))
    rows = [*_as_last_time(stage), *_at_hand(stage), *grid(choices, 2), [home_button(), car], *next_buttons(stage)]
    return Content("\n".join(text), rows)


def _as_last_time(stage: Stage) -> list[list[Button]]:
    """A button to repeat the last order, while this one is empty."""
    last = None if stage.draft.lines else vehicle_history.last_order(stage.session, stage.person.id)
    if last is None or not last.lines:
        return []
    words = i18n.worded(last.lines[0].words)
    more = len(last.lines) - 1
    text = _("Same as last: %(words)s") % {"words": label(words, 24)}
    rest = " " + ngettext("and %(count)s more", "and %(count)s more", more) % {"count": more} if more else ""
    return [[stage.button(buttons.AGAIN, label(f"🔁 {text}{rest}"), order=last.id)]]


def _at_hand(stage: Stage) -> list[list[Button]]:
    """Favourites, then the parts ordered last: one tap adds one."""
    stars = favourites.starred_parts(stage.session, stage.person.id, limit=AT_HAND + 1)
    known = {part.id for part in stars}
    latest = favourites.recently_ordered(stage.session, stage.person.id, limit=2 * AT_HAND + 1)
    recents = [part for part in latest if part.id not in known]
    shown = stars[: AT_HAND - min(len(recents), RECENT)]
    rows = [_part(stage, part, "⭐") for part in shown]
    rows += [_part(stage, part, "🕘") for part in recents[: AT_HAND - len(shown)]]
    if len(stars) > len(shown):
        rows.append([stage.button(buttons.FAVOURITES, "⭐ " + _("All favourites"), page=0)])
    return rows


def _part(stage: Stage, part: Part, sign: str = "") -> list[Button]:
    """A part to put into the order; one that is in it is ticked, and opens its line."""
    line = stage.draft.line_of_part(part.id)
    name = part_label(part)
    if line is not None:
        ticked = f"✓ {quantity_text(line.quantity, line.unit)} {name}"
        return [stage.button(buttons.LINE, label(ticked), line=line.id)]
    return [stage.button(buttons.PART, label(f"{sign} {name}" if sign else name), part=part.id)]


def part_label(part: Part) -> str:
    """The short name of a part, for a button."""
    return i18n.worded({**part.names, **part.button_names})


def draft_lines(stage: Stage) -> list[str]:
    """The present draft: its car, its lines, and what else was said."""
    shown = [*car_line(stage.draft), *line_texts(stage.draft.lines, stage.marks()), *other_facts(stage.draft)]
    return ["", *shown] if shown else []


def next_buttons(stage: Stage) -> list[list[Button]]:
    """The one button that goes on: to an open question, to the car, or to the desk."""
    asked = next((line for line in stage.draft.lines if line.is_open), None)
    if asked is not None and not stage.draft.car_waits:
        text = "❔ " + (_("Next: which one") if asked.candidates else _("Next: how many"))
        return [[stage.button(buttons.LINE, text, line=asked.id)]]
    return send_or_car(stage)


def send_or_car(stage: Stage) -> list[list[Button]]:
    """The button that sends, named by the car; without a car the one that asks for it."""
    if not stage.draft.lines:
        return []
    if not stage.draft.has_car:
        return [[stage.button(buttons.NEXT, "🚗 " + _("Next: the car"))]]
    car = label(car_on_button(stage.draft), 30) if car_on_button(stage.draft) else ""
    text = _("Send · %(car)s") % {"car": car} if car else _without_car(stage)
    return [[stage.button(buttons.SEND, f"✅ {text}")]]


def _without_car(stage: Stage) -> str:
    is_photo = stage.draft.without_number is CarWithoutNumber.PHOTO
    return _("Send · plate in the photo") if is_photo else _("Send without a car")


def categories_button(stage: Stage) -> Button:
    return stage.button(buttons.CATEGORIES, back_sign() + " " + _("All parts"))


def all_favourites(stage: Stage) -> Content:
    stars = favourites.starred_parts(stage.session, stage.person.id, limit=favourites.MAX_STARS)
    page, pages = present_page(stage, len(stars), PAGE)
    text = [title("⭐", _("Favourites"), page_suffix(page, pages)), *draft_lines(stage)]
    if not stars:
        text.insert(1, _("None yet. A part's ⭐ button puts it here."))
    choices = [_part(stage, part) for part in stars[page * PAGE :][:PAGE]]
    pager = [stage.button(buttons.FAVOURITES, sign, page=to) for sign, to in page_turns(page, pages)]
    return Content("\n".join(text), [*choices, pager, [categories_button(stage)], *next_buttons(stage)])


def parts(stage: Stage) -> Content:
    category = stage.session.get(Category, stage.number("category"))
    if category is None or category.archived_at is not None:
        return categories(stage)
    page, pages = present_page(stage, catalogue.count_parts_of(stage.session, category.id), PAGE)
    parts = catalogue.parts_of(stage.session, category.id, limit=PAGE, offset=page * PAGE)
    text = [title(escape(category.icon, 8), localized(category.names), page_suffix(page, pages)), *draft_lines(stage)]
    choices = [_part(stage, part) for part in parts]
    pager = [
        stage.button(buttons.CATEGORY, sign, category=category.id, page=to) for sign, to in page_turns(page, pages)
    ]
    return Content("\n".join(text), [*choices, pager, [categories_button(stage)], *next_buttons(stage)])


def matches(stage: Stage) -> Content:
    """Choose the part that a line's words mean. Without a choice the line stays in the order as written."""
    line = stage.draft.line(stage.number("line"))
    if line is None:
        return categories(stage)
    live = [catalogue.live_part(stage.session, part_id) for part_id in line.candidates]
    choices = [[_choice(stage, line, part)] for part in live if part is not None]
    written = stage.button(buttons.AS_WRITTEN, "✍️ " + _("As typed"), line=line.id)
    later = stage.button(buttons.ASK_LATER, "⏭ " + _("Later"), line=line.id)
    text = [title("🔎", _("Which one is it?")), line_text(line, mark=stage.mark(line)), *other_lines(stage, line.id)]
    return Content("\n".join(text), [*choices, [written, later]])


def _choice(stage: Stage, line: DraftLine, part: Part) -> Button:
    """The part, with what was typed beside its name: it stays with the line."""
    beside = NAMES.current(stage.session)[0].beside(part.id, line.rest) if line.rest else ""
    name = part_label(part)
    return stage.button(buttons.IS_PART, label(f"{name} · {beside}" if beside else name), line=line.id, part=part.id)


def how_many(stage: Stage) -> Content:
    """Ask the quantity of a part of which one orders several."""
    line = stage.draft.line(stage.number("line"))
    if line is None:
        return categories(stage)
    text = [
        title("🔎", _("How many?")),
        line_text(line, mark=stage.mark(line)),
        _("Tap or type a number."),
        *other_lines(stage, line.id),
    ]
    later = stage.button(buttons.ASK_LATER, "⏭ " + _("Later"), line=line.id)
    return Content("\n".join(text), [quantities(stage, line), quantities(stage, line, MORE_QUANTITIES), [later]])


def other_lines(stage: Stage, line_id: int) -> list[str]:
    """The lines other than this one."""
    rest = [line for line in stage.draft.lines if line.id != line_id]
    return ["", "<i>" + _("Also in the order") + "</i>", *line_texts(rest, stage.marks())] if rest else []
