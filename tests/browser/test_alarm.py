"""The alarm: heard once for whatever came, again until it is taken, everywhere quiet when it is."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from common.i18n import isolated, left_to_right
from common.orders.moves import Move
from tests.browser.conftest import Desk
from tests.browser.test_live import live
from tests.support.cast import AVI, DIMA, RINA
from tests.support.waiting import eventually
from tests.webapp.desks import move, place

pytestmark = pytest.mark.browser

COUNT = """{
    globalThis.rung = 0;
    const start = OscillatorNode.prototype.start;
    OscillatorNode.prototype.start = function (at) { globalThis.rung += 0.5; start.call(this, at); };
    globalThis.noted = [];
    globalThis.Notification = class {
        static permission = "granted";
        constructor(title, { tag, body }) { noted.push([title, tag, body]); }
        close() { noted.push("closed"); }
    };
}"""


def listening(desk: Desk, **chosen: bool) -> Page:
    """Avi's browser with the alarm switched on, and a count of what it sounds."""
    page = desk.visit(AVI, "/account")
    page.context.add_init_script(COUNT)
    wish = {"sound": True, "note": False, **chosen}
    page.evaluate("wish => localStorage.setItem('felix-alarm', JSON.stringify(wish))", wish)
    page.goto(desk.url)
    live(page)
    page.locator("#main").press("Shift")  # a browser lets a page sound once somebody has touched it
    return page


def rung(*pages: Page) -> float:
    return sum(float(page.evaluate("rung")) for page in pages)


def test_ten_orders_are_one_sound_in_one_tab_and_it_is_said_once(desk: Desk) -> None:
    page = listening(desk)
    other = desk.tab(page.context)
    other.goto(f"{desk.url}/people")
    for _ in range(10):
        place(desk.database, desk.people[DIMA.name])
    eventually(lambda: rung(page, other) > 0)
    expect(page.locator("#new .card")).to_have_count(10)
    page.wait_for_timeout(1_500)
    assert rung(page, other) == 1
    expect(page.locator("#heard")).to_contain_text("ew order")


def test_it_sounds_again_until_the_order_is_taken_by_anybody(desk: Desk) -> None:
    page = listening(desk)
    order = place(desk.database, desk.people[DIMA.name])
    eventually(lambda: rung(page) == 1)
    page.evaluate("localStorage.setItem('felix-alarm-rang', Date.now() - 19000)")
    eventually(lambda: rung(page) == 2)
    move(desk.database, order.id, Move.TAKE, desk.people[RINA.name])
    expect(page.locator(f"#in_work #card-{order.id}")).to_be_visible()
    page.evaluate("localStorage.setItem('felix-alarm-rang', 0)")
    page.wait_for_timeout(1_500)
    assert rung(page) == 2


def test_it_is_off_until_somebody_wants_it_and_can_be_tried(desk: Desk) -> None:
    page = desk.visit(AVI, "/account")
    page.context.add_init_script(COUNT)
    page.goto(desk.url)
    live(page)
    place(desk.database, desk.people[DIMA.name])
    expect(page.locator("#new .card")).to_have_count(1)
    page.locator("#alarm summary").click()
    page.locator("#alarm-test").click()
    eventually(lambda: rung(page) == 1)
    page.locator("#alarm-sound").check()
    eventually(lambda: rung(page) == 2)  # it waits still
    page.reload()
    expect(page.locator("#alarm")).to_have_attribute("data-alarm", "on")


def test_a_browser_that_does_not_let_us_sound_says_so_until_the_first_press(desk: Desk) -> None:
    page = desk.visit(AVI, "/account")
    page.context.add_init_script(
        """globalThis.allowed = false;
        Object.defineProperty(AudioContext.prototype, "state", {get: () => allowed ? "running" : "suspended"});
        document.addEventListener("pointerdown", () => { allowed = true; }, true);"""
    )
    page.evaluate("localStorage.setItem('felix-alarm', JSON.stringify({sound: true, note: false}))")
    page.goto(desk.url)
    expect(page.locator("#blocked")).to_be_visible()
    page.locator("#main").click(position={"x": 2, "y": 2})
    expect(page.locator("#blocked")).to_be_hidden()


def test_a_notification_an_order_and_gone_when_it_is_taken(desk: Desk) -> None:
    page = listening(desk, sound=False, note=True)
    order = place(desk.database, desk.people[DIMA.name], plate="12345678")
    told = [f"New order {order.id}", f"felix-order-{order.id}", f"{left_to_right('123-45-678')} · {isolated('Dima')}"]
    eventually(lambda: page.evaluate("noted") == [told])
    move(desk.database, order.id, Move.TAKE, desk.people[RINA.name])
    eventually(lambda: page.evaluate("noted") == [told, "closed"])
    assert rung(page) == 0
