"""The whole way without a mouse."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, Route, expect

from common.database.models import OrderState
from tests.browser.conftest import Desk
from tests.support.cast import DIMA, PASSWORD
from tests.webapp.desks import place, state

pytestmark = pytest.mark.browser
MOST_TABS = 60


STOP = """selector => {
    const outlined = (element) => element && getComputedStyle(element).outlineStyle !== "none";
    const here = document.activeElement;
    return [here.matches(selector), outlined(here) || outlined(here.closest(".card"))];
}"""


def tab_to(page: Page, selector: str) -> None:
    """Press Tab until this has the focus; each stop on the way must be visible."""
    for _ in range(MOST_TABS):
        page.keyboard.press("Tab")
        is_there, is_seen = page.evaluate(STOP, selector)
        assert is_seen, page.evaluate("document.activeElement.outerHTML")
        if is_there:
            return
    raise AssertionError(f"{selector} is not reached with Tab")


def test_from_the_login_to_an_order_taken_with_the_keyboard_alone(desk: Desk) -> None:
    order = place(desk.database, desk.people[DIMA.name])
    page = desk.visit(None, "/login", "en")
    expect(page.locator("#username")).to_be_focused()
    page.keyboard.type("avi")
    page.keyboard.press("Tab")
    page.keyboard.type(PASSWORD)
    page.keyboard.press("Enter")
    expect(page.locator("#board")).to_be_visible()
    expect(page.locator(".find input")).to_be_focused()
    expect(page.locator("#live")).to_have_attribute("data-live", "live")  # the scripts are there
    tab_to(page, f"#move-{order.id}-take")
    page.keyboard.press("Enter")
    expect(page.locator(f"#in_work #card-{order.id}")).to_be_visible()
    expect(page.locator(f"#card-{order.id}")).to_be_focused()
    assert state(desk.database, order.id).state is OrderState.IN_WORK


@pytest.mark.parametrize(("key", "then"), [("ArrowDown", ""), ("Escape", "j")])
def test_from_the_search_the_keys_lead_to_the_board(desk: Desk, key: str, then: str) -> None:
    order = place(desk.database, desk.people[DIMA.name])
    page = desk.visit()
    page.locator(".find input").focus()
    page.keyboard.press(key)
    if then:
        page.keyboard.press(then)
    expect(page.locator(f"#card-{order.id}")).to_be_focused()


def test_a_second_press_of_enter_does_not_move_it_further(desk: Desk) -> None:
    order = place(desk.database, desk.people[DIMA.name])
    page = desk.visit()
    page.locator(f"#move-{order.id}-take").focus()
    page.keyboard.press("Enter")
    page.keyboard.press("Enter")
    # Where the answer came between the two, the second is on the card, which then has the focus: it opens the order.
    either = page.locator(f"#in_work #card-{order.id}, .order-head .pill[data-state=in_work]")
    expect(either).to_be_visible()
    assert state(desk.database, order.id).state is OrderState.IN_WORK


@pytest.mark.parametrize("looks", ["before the move", "after the move"])
def test_the_focus_stays_with_the_card_though_the_page_looks_meanwhile(desk: Desk, looks: str) -> None:
    """The board asks for itself whenever something changes: also between a press and its answer."""
    order = place(desk.database, desk.people[DIMA.name])
    page = desk.visit()

    def slowly(route: Route) -> None:
        moved = route.fetch() if looks == "after the move" else None
        with page.expect_response("**/board/columns") as seen:
            page.evaluate("document.body.dispatchEvent(new CustomEvent('desk'))")
        seen.value.finished()
        page.wait_for_timeout(100)  # what was answered is swapped in
        if moved is None:
            route.continue_()
        else:
            route.fulfill(response=moved)

    page.route("**/moves", slowly)
    page.locator(f"#move-{order.id}-take").focus()
    with page.expect_response("**/moves") as answered:
        page.keyboard.press("Enter")
    answered.value.finished()
    expect(page.locator(f"#in_work #card-{order.id}")).to_be_visible()
    expect(page.locator(f"#card-{order.id}")).to_be_focused()
    expect(page.locator("[aria-busy]")).to_have_count(0)


def test_the_first_stop_skips_to_the_content(desk: Desk) -> None:
    page = desk.visit()
    page.keyboard.press("Tab")
    expect(page.locator(".skip")).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.locator("#main")).to_be_focused()


def test_escape_closes_a_menu_and_gives_the_focus_back(desk: Desk) -> None:
    page = desk.visit()
    summary = page.locator("#me summary")
    summary.focus()
    page.keyboard.press("Enter")
    tab_to(page, "#me form button")
    page.keyboard.press("Escape")
    expect(page.locator("#me")).not_to_have_attribute("open", "")
    expect(summary).to_be_focused()


def test_everything_on_an_orders_page_is_reached_and_seen(desk: Desk) -> None:
    order = place(desk.database, desk.people[DIMA.name])
    page = desk.visit(path=f"/orders/{order.id}")
    tab_to(page, "#do-take")
    tab_to(page, "#ask-cancel summary")
    page.keyboard.press("Enter")
    tab_to(page, "#reason-cancel")
    page.keyboard.type("wrong car")
    tab_to(page, "#ask-cancel form button")
    page.keyboard.press("Enter")
    expect(page.locator(".order-head .pill")).to_have_text("Cancelled")
