"""Keys and the command palette: the whole desk without a mouse, on any layout, never while typing."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from common.database.models import OrderState, Person
from common.orders.moves import Move
from common.people import preferences
from tests.browser.conftest import Desk
from tests.support.cast import AVI, DIMA, RINA
from tests.webapp.desks import move, place, state

pytestmark = pytest.mark.browser


def press(page: Page, *codes: str) -> None:
    """Keys by their place, as a Russian or Hebrew layout sends them: the character is another one."""
    for code in codes:
        fire = """code => {
            const event = new KeyboardEvent("keydown", {code, key: "ф", bubbles: true, cancelable: true});
            document.activeElement.dispatchEvent(event);
        }"""
        page.evaluate(fire, code)


def test_an_order_from_new_to_issued_without_a_mouse(desk: Desk) -> None:
    first, second = (place(desk.database, desk.people[DIMA.name]) for _ in range(2))
    page = desk.visit(RINA)  # Hebrew: right to left
    press(page, "KeyJ", "KeyJ")
    expect(page.locator(f"#card-{second.id}")).to_be_focused()
    press(page, "KeyK")
    expect(page.locator(f"#card-{first.id}")).to_be_focused()
    press(page, "KeyC")
    expect(page.locator(f"#in_work #card-{first.id}")).to_be_focused()
    press(page, "KeyR")
    expect(page.locator(f"#ready #card-{first.id}")).to_be_focused()
    press(page, "KeyI")
    expect(page.locator(f"#card-{first.id}")).to_have_count(0)
    assert state(desk.database, first.id).state is OrderState.ISSUED
    press(page, "KeyU")
    expect(page.locator(f"#ready #card-{first.id}")).to_be_visible()
    page.locator(f"#ready #card-{first.id}").focus()
    page.keyboard.press("ArrowRight")  # the way the eye goes: the new ones stand on the right
    expect(page.locator(f"#card-{second.id}")).to_be_focused()
    page.keyboard.press("Enter")
    page.wait_for_url(f"**/orders/{second.id}")
    press(page, "KeyC")
    expect(page.locator(".order-head .pill")).to_have_attribute("data-state", "in_work")
    press(page, "KeyG", "KeyB")
    expect(page.locator("#board")).to_be_visible()


def test_a_move_that_wants_a_reason_opens_where_it_is_typed(desk: Desk) -> None:
    order = place(desk.database, desk.people[DIMA.name])
    move(desk.database, order.id, Move.TAKE, desk.people[AVI.name])
    page = desk.visit(AVI)
    press(page, "KeyJ", "KeyW")
    page.wait_for_url(f"**/orders/{order.id}?ask=wait")
    expect(page.locator("#ask-wait :focus")).to_have_count(1)


def test_keys_are_letters_while_somebody_types_and_nothing_when_switched_off(desk: Desk) -> None:
    place(desk.database, desk.people[DIMA.name])
    page = desk.visit(AVI)
    page.keyboard.press("/")
    page.keyboard.type("jcu?")
    assert page.input_value(".find input") == "jcu?"
    expect(page.locator("#keys")).to_be_hidden()
    page.locator("#main").focus()
    page.keyboard.press("Shift+Slash")
    expect(page.locator("#keys")).to_be_visible()
    page.keyboard.press("Escape")
    with desk.database.write() as session:
        preferences.set_single_keys(session, session.get_one(Person, desk.people[AVI.name].id), False)
    page.reload()
    press(page, "KeyJ")
    expect(page.locator(".card:focus")).to_have_count(0)
    page.keyboard.press("Shift+Slash")
    expect(page.locator("#keys")).to_be_hidden()
    page.keyboard.press("Control+k")
    expect(page.locator("#palette")).to_be_visible()


@pytest.mark.parametrize("typed", ["взять", "טיפול", "take"])
def test_the_palette_finds_a_move_of_the_card_in_three_languages(desk: Desk, typed: str) -> None:
    order = place(desk.database, desk.people[DIMA.name])
    page = desk.visit(AVI)
    press(page, "KeyJ")
    page.keyboard.press("Control+k")
    page.keyboard.type(typed)
    expect(page.locator("#palette [aria-selected=true]")).to_have_attribute("data-move", "take")
    page.keyboard.press("Enter")
    expect(page.locator(f"#in_work #card-{order.id}")).to_be_visible()


def test_the_palette_goes_to_pages_and_numbers(desk: Desk) -> None:
    order = place(desk.database, desk.people[DIMA.name])
    page = desk.visit(AVI)
    page.keyboard.press("Control+k")
    page.keyboard.type(str(order.id))
    page.keyboard.press("Enter")
    page.wait_for_url(f"**/orders/{order.id}")
    page.keyboard.press("Control+k")
    page.keyboard.type("люди")
    page.keyboard.press("Enter")
    page.wait_for_url("**/people")
    page.keyboard.press("Control+k")
    page.keyboard.type("xyzzy")
    page.keyboard.press("Enter")
    page.wait_for_url("**/orders?q=xyzzy")


def test_a_script_is_loaded_once_and_under_the_version_of_them_all(desk: Desk) -> None:
    page = desk.visit(AVI)
    expect(page.locator("#live")).to_have_attribute("data-live", "live")
    names = "performance.getEntriesByType('resource').map(one => one.name).filter(name => name.includes('/scripts/'))"
    loaded = page.evaluate(names)
    assert len({address.rpartition("/")[2] for address in loaded}) == len(loaded) > 10
    assert len({address.rpartition("/")[0] for address in loaded}) == 1
