"""Moving cards with the mouse, and two who take one order at the same instant."""

from __future__ import annotations

import time

import pytest
from playwright.sync_api import Page, expect

from common.database.models import OrderState
from common.orders.moves import Move
from tests.browser.conftest import Desk
from tests.support.cast import AVI, DIMA, RINA
from tests.webapp.desks import move, place, state

pytestmark = pytest.mark.browser


def drag(page: Page, order_id: int, column: str) -> None:
    card = page.locator(f"#card-{order_id}").bounding_box()
    assert card is not None
    page.mouse.move(card["x"] + 20, card["y"] + 50)
    page.mouse.down()
    box = page.locator(f"#{column}").bounding_box()
    assert box is not None
    page.mouse.move(box["x"] + box["width"] / 2, box["y"] + 40, steps=5)
    page.mouse.up()


def test_a_card_is_dragged_to_its_next_column_and_nowhere_else(desk: Desk) -> None:
    order = place(desk.database, desk.people[DIMA.name])
    page = desk.visit(AVI)
    drag(page, order.id, "ready")
    expect(page.locator(f"#new #card-{order.id}")).to_be_visible()
    assert state(desk.database, order.id).state is OrderState.NEW
    drag(page, order.id, "in_work")
    expect(page.locator(f"#in_work #card-{order.id} .who").last).to_contain_text("Avi")
    assert state(desk.database, order.id).state is OrderState.IN_WORK
    drag(page, order.id, "waiting")
    page.wait_for_url(f"**/orders/{order.id}?ask=wait")
    expect(page.locator("#ask-wait :focus")).to_have_count(1)


def test_a_card_that_somebody_else_took_goes_where_it_is_and_says_so(desk: Desk) -> None:
    order = place(desk.database, desk.people[DIMA.name])
    page = desk.visit(AVI)
    page.route("**/board/columns", lambda route: route.abort())
    move(desk.database, order.id, Move.TAKE, desk.people[RINA.name])
    move(desk.database, order.id, Move.READY, desk.people[RINA.name])
    drag(page, order.id, "in_work")
    expect(page.locator("#notices")).to_contain_text("Rina")
    expect(page.locator(f"#ready #card-{order.id}")).to_be_visible()
    page.close()
    desk.complaints.clear()  # the 409, and the requests we aborted


def test_a_drag_that_got_no_answer_goes_back(desk: Desk) -> None:
    order = place(desk.database, desk.people[DIMA.name])
    page = desk.visit(AVI)
    page.route("**/moves", lambda route: route.abort())
    drag(page, order.id, "in_work")
    expect(page.locator("#trouble")).to_be_visible()
    expect(page.locator(f"#new #card-{order.id}")).to_be_visible()
    assert state(desk.database, order.id).state is OrderState.NEW
    desk.complaints.clear()  # the request we aborted


def test_of_two_who_take_it_at_the_same_instant_one_wins_and_the_other_is_told(desk: Desk) -> None:
    order = place(desk.database, desk.people[DIMA.name])
    pages = {"Avi": desk.visit(AVI), "Rina": desk.visit(RINA, language="en")}
    at = (time.time() + 1.5) * 1000
    for page in pages.values():
        press = "([at, id]) => { setTimeout(() => document.getElementById(id).click(), at - Date.now()); }"
        page.evaluate(press, [at, f"move-{order.id}-take"])
    for page in pages.values():
        expect(page.locator(f"#in_work #card-{order.id}")).to_be_visible()
    owner = state(desk.database, order.id)
    assert (owner.state, owner.version) == (OrderState.IN_WORK, 2)
    winner, loser = ("Avi", "Rina") if owner.owner_id == desk.people["Avi"].id else ("Rina", "Avi")
    expect(pages[loser].locator("#notices")).to_contain_text(f"{winner} took it")
    expect(pages[winner].locator("#notices .note")).to_have_count(0)
    desk.complaints.clear()  # the 409
