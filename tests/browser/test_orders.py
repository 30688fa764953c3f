"""The list of orders in a browser: one tick for the page, and what is done to the ticked."""

from __future__ import annotations

import pytest

from common.database.models import OrderState
from tests.browser.conftest import Desk
from tests.support.cast import DIMA
from tests.webapp.desks import place, state

pytestmark = pytest.mark.browser


def test_what_is_ticked_is_counted_and_only_that_is_moved(desk: Desk) -> None:
    orders = [place(desk.database, desk.people[DIMA.name]) for _ in range(4)]
    page = desk.visit(path="/orders")
    page.check("#all")
    assert page.locator("#ticked").inner_text() == "4"
    page.locator(f'input[name="pick"][value^="{orders[0].id}:"]').uncheck()
    assert page.locator("#ticked").inner_text() == "3"
    assert page.locator("#all").evaluate("box => box.indeterminate")
    page.locator('#many button[value="take"]').click()
    page.wait_for_url("**/orders/moves")
    assert "3 orders moved." in page.inner_text("main")
    states = [state(desk.database, order.id).state for order in orders]
    assert states == [OrderState.NEW, *[OrderState.IN_WORK] * 3]


def test_without_scripts_the_whole_page_is_moved_by_its_box(desk: Desk) -> None:
    orders = [place(desk.database, desk.people[DIMA.name]) for _ in range(3)]
    page = desk.visit(path="/orders", java_script_enabled=False)
    page.check("#all")
    page.locator('#many button[value="take"]').click()
    assert "3 orders moved." in page.inner_text("main")
    assert {state(desk.database, order.id).state for order in orders} == {OrderState.IN_WORK}


def test_enter_in_a_field_of_the_ticked_moves_nothing(desk: Desk) -> None:
    order = place(desk.database, desk.people[DIMA.name])
    page = desk.visit(path="/orders")
    page.check("#all")
    page.click("#many-cancel summary")
    page.fill("#reason", "wrong car")
    page.press("#reason", "Enter")
    page.wait_for_timeout(300)
    assert page.url.endswith("/orders")
    assert state(desk.database, order.id).state is OrderState.NEW
    page.locator('#many-cancel button[value="cancel"]').click()
    page.wait_for_url("**/orders/moves")
    assert state(desk.database, order.id).state is OrderState.CANCELLED
