"""Every page, in each language, size and light: accessible, mirrored, nothing cut, nothing sideways."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from common.database.models import (
    OrderState,
)
from common.orders.moves import Move
from tests.browser.conftest import Desk
from tests.browser.looks.furnishing import furnish, kept_view, reply, served
from tests.browser.looks.looking import AUDITED, LOOKS, OPENED, SIZES, crooked
from tests.support.cast import AVI, DIMA, RINA
from tests.support.chromium import violations
from tests.webapp.desks import line, move, place

pytestmark = pytest.mark.browser


@pytest.mark.parametrize(("language", "size", "theme"), LOOKS)
def test_every_page_is_accessible_and_fits(desk: Desk, language: str, size: str, theme: str) -> None:
    order_id = furnish(desk)
    width, height = SIZES[size]
    window = {"viewport": {"width": width, "height": height}, "color_scheme": theme}
    page = desk.visit(AVI, "/", language, **window)
    wrong: list[str] = []
    for path in (
        "/",
        f"/orders/{order_id}",
        f"/orders/{order_id}/slip",
        "/orders",
        "/orders?q=zzz",
        f"/orders?state=new&state=ready&person={desk.people[DIMA.name].id}&from=2020-01-01&overdue=lost",
        f"/orders?view={kept_view(desk)}&changed=1&state=waiting",
        "/views",
        "/people",
        "/orders/new?who=d",
        "/replies",
        f"/replies/{reply(desk)}",
        "/system",
        "/account",
        "/api/docs",
        "/nothing-here",
    ):
        page.goto(desk.url + path)
        wrong += violations(page) + crooked(page, language)
    stranger = desk.visit(None, "/login", language, **window)
    wrong += violations(stranger) + crooked(stranger, language)
    desk.complaints[:] = [complaint for complaint in desk.complaints if "404" not in complaint]
    assert wrong == []


@pytest.mark.parametrize(("language", "size", "theme"), LOOKS)
def test_everything_that_opens_is_accessible_and_fits(desk: Desk, language: str, size: str, theme: str) -> None:
    furnish(desk)
    width, height = SIZES[size]
    window = {"viewport": {"width": width, "height": height}, "color_scheme": theme}
    page = desk.visit(AVI, f"/orders/{served(desk)}", language, **window)
    wrong: list[str] = []
    for number in range(page.locator("#order details").count()):
        page.evaluate(OPENED % number)
        wrong += (violations(page) if number < AUDITED else []) + crooked(page, language)
    page.goto(f"{desk.url}/people")
    page.fill("#name", "Саша")
    page.locator("form[action='/people/invitations'] button").click()
    page.wait_for_selector(".qr svg")
    wrong += violations(page) + crooked(page, language)
    page.goto(desk.url)
    page.locator("#me summary").click()
    wrong += violations(page)
    page.locator("#alarm summary").click()
    wrong += violations(page) + crooked(page, language)
    for shortcut, dialog in (("Control+k", "#palette"), ("Shift+Slash", "#keys")):
        page.locator("#main").focus()
        page.keyboard.press(shortcut)
        page.wait_for_selector(f"{dialog}[open]")
        wrong += violations(page) + crooked(page, language)
        page.keyboard.press("Escape")
    assert wrong == []


def test_in_hebrew_the_board_runs_from_the_right(desk: Desk) -> None:
    furnish(desk)
    page = desk.visit(RINA, "/")
    middle = 640
    brand, first, last = (page.locator(s).bounding_box() for s in (".brand", "#new", "#ready"))
    assert brand
    assert first
    assert last
    assert brand["x"] > middle
    assert first["x"] > middle > last["x"]
    plates = page.locator(".plate bdi").evaluate_all("all => all.map(e => getComputedStyle(e).direction)")
    assert set(plates) == {"ltr"}


def test_a_counter_screen_shows_nine_cards_at_once(desk: Desk) -> None:
    dima, avi = desk.people[DIMA.name], desk.people[AVI.name]
    for number in range(12):
        order = place(desk.database, dima, line(), line("air filter", 1))
        for step in (Move.TAKE, Move.READY)[: number % 3]:
            move(desk.database, order.id, step, avi)
    page = desk.visit()
    bottoms = page.locator(".card").evaluate_all("all => all.map(e => e.getBoundingClientRect().bottom)")
    assert sum(bottom <= 800 for bottom in bottoms) >= 9


@pytest.mark.parametrize("width", [360, 1280])
def test_what_a_finger_presses_is_large_enough(desk: Desk, width: int) -> None:
    furnish(desk)
    page = desk.visit(viewport={"width": width, "height": 740}, has_touch=True, is_mobile=width == 360)
    heights = page.locator(".card button, .nav a, .jump a:visible").evaluate_all(
        "all => all.map(e => e.getBoundingClientRect().height)"
    )
    assert heights
    assert min(heights) >= 44


def test_a_state_is_a_word_and_a_shape_not_only_a_colour(desk: Desk) -> None:
    furnish(desk)
    page = desk.visit(forced_colors="active")
    for column in ("new", "in_work", "waiting", "ready"):
        head = page.locator(f"#{column} > header")
        assert head.locator("h2").inner_text()
        assert head.locator("svg.shape").count() == 1
    assert page.locator(".age[data-level=late] svg").first.is_visible()


@pytest.mark.parametrize(("language", "size", "theme"), [("he", "phone", "dark"), ("en", "counter", "light")])
def test_the_style_page_is_accessible_and_fits(
    open_desk: Callable[..., Desk], language: str, size: str, theme: str
) -> None:
    desk = open_desk(FELIX_DEMO="1")
    width, height = SIZES[size]
    page = desk.visit(AVI, "/desk/style", language, viewport={"width": width, "height": height}, color_scheme=theme)
    assert violations(page) + crooked(page, language) == []


def test_without_colours_every_state_is_still_there(open_desk: Callable[..., Desk]) -> None:
    desk = open_desk(FELIX_DEMO="1")
    page = desk.visit(AVI, "/desk/style", forced_colors="active")
    page.context.new_cdp_session(page).send("Emulation.setEmulatedVisionDeficiency", {"type": "achromatopsia"})
    pills = page.locator(".pill")
    assert pills.count() > 6
    assert len(set(pills.all_inner_texts())) == len(OrderState)
    borders = pills.evaluate_all("all => all.map(e => getComputedStyle(e).borderInlineStartStyle)")
    assert set(borders) == {"solid"}
    shapes = pills.evaluate_all("all => all.map(e => e.querySelector('svg').getBoundingClientRect().width)")
    assert min(shapes) > 8
    assert page.locator(".age[data-level=late] .word").first.is_visible()
