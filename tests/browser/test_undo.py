"""Undo in a real browser: one press, and the offer goes when its time is over."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from common.database.models import OrderState
from tests.browser.conftest import Desk
from tests.support.cast import AVI, DIMA
from tests.webapp.desks import place, state

pytestmark = pytest.mark.browser


def test_a_press_is_undone_by_another_and_the_offer_goes(desk: Desk) -> None:
    order = place(desk.database, desk.people[DIMA.name])
    page = desk.visit(AVI)
    page.locator(f"#move-{order.id}-take").click()
    page.locator("[data-undo]").click()
    expect(page.locator(f"#new #card-{order.id}")).to_be_visible()
    expect(page.locator("[data-undo]")).to_have_count(0)
    assert state(desk.database, order.id).state is OrderState.NEW
    page.clock.install()
    page.locator(f"#move-{order.id}-take").click()
    expect(page.locator("[data-undo]")).to_be_visible()
    page.clock.run_for(11_000)
    expect(page.locator("[data-undo]")).to_be_hidden()
