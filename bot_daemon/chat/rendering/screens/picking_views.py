"""The views for picking parts: favourites, recents and categories; a category; the meanings of typed words."""

from __future__ import annotations

from sqlalchemy import select

from bot_daemon.chat import buttons
from bot_daemon.chat.content import Button, Content
from bot_daemon.chat.rendering.lines import line_text, line_texts
from bot_daemon.chat.rendering.screens.stage import (
    Stage,
    home_button,
    page_suffix,
    page_turns,
    present_page,
    quantities,
    remove_or_more,
)
from bot_daemon.chat.rendering.text import back_sign, escape, grid, label, localized, on_sign, plate, title
from common import i18n
from common.catalogue import catalogue, favourites
from common.database.models import Category, Order, Part
from common.i18n import gettext as _

CATEGORIES = 40  # a keyboard has room for a hundred buttons in all
AT_HAND = 6  # favourites and recents together, before the categories
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
    rows = [*_as_last_time(stage), *_at_hand(stage), *grid(choices, 2), *next_buttons(stage), [home_button()]]
    return Content("\n".join(text), rows)


def _as_last_time(stage: Stage) -> list[list[Button]]:
    """A button to repeat the last order, while this one is empty."""
    theirs = select(Order).where(Order.person_id == stage.person.id).order_by(Order.id.desc()).limit(1)
    last = None if stage.draft.lines else stage.session.scalar(theirs)
    if last is None or not last.lines:
        return []
    words = i18n.worded(last.lines[0].words)
    rest = f" +{len(last.lines) - 1}" if len(last.lines) > 1 else ""
    text = _("As last time: %(words)s") % {"words": label(words, 30)}
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
    signs = ("✓ " if stage.draft.holds(part.id) else "") + (f"{sign} " if sign else "")
    return [stage.button(buttons.PART, label(signs + i18n.worded(part.names)), part=part.id)]


def draft_lines(stage: Stage) -> list[str]:
    """The lines of the present draft."""
    car = [f"🚗 {plate(stage.draft.plate)}"] if stage.draft.plate else []
    lines = line_texts(stage.draft.lines, stage.marks())
    return ["", *car, *lines] if car or lines else []


def next_buttons(stage: Stage) -> list[list[Button]]:
    """The buttons to go on, as soon as the draft has a line."""
    if not stage.draft.lines:
        return []
    text = _("Next: look it over") if stage.draft.plate else _("Next: the car")
    return [[stage.button(buttons.NEXT, f"{on_sign()} {text}")]]


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
    choices = [
        [stage.button(buttons.IS_PART, label(i18n.worded(part.names)), line=line.id, part=part.id)]
        for part in live
        if part is not None
    ]
    written = stage.button(buttons.AS_WRITTEN, "✍️ " + _("Not in the list: send as written"), line=line.id)
    text = [
        title("🔎", _("Which one is it?")),
        line_text(line, mark=stage.mark(line)),
        _("How many? Tap or type a number."),
        *other_lines(stage, line.id),
    ]
    return Content(
        "\n".join(text),
        [*choices, [written], quantities(stage, line), remove_or_more(stage, line), *next_buttons(stage)],
    )


def other_lines(stage: Stage, line_id: int) -> list[str]:
    """The lines other than this one."""
    rest = [line for line in stage.draft.lines if line.id != line_id]
    return ["", "<i>" + _("Also in the order") + "</i>", *line_texts(rest, stage.marks())] if rest else []
