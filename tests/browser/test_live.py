"""The board in a real browser: what happens elsewhere is seen here, and nothing moves under the hand."""

from __future__ import annotations

import os
import re
import signal
from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Locator, Page, Route, expect

from common.database.engine import Database
from common.database.models import OrderState
from common.orders.moves import Move
from tests.browser.conftest import Desk
from tests.stations.station import free_port, request
from tests.support.cast import AVI, DIMA, RINA
from tests.support.waiting import PATIENCE, eventually
from tests.webapp.desks import METRICS_TOKEN, environment, move, place, state
from tests.webapp.live_server import serving

pytestmark = pytest.mark.browser
WITHIN = 5_000 * PATIENCE  # ms; the promise is one second, and a benchmark's business


def live(page: Page) -> None:
    expect(page.locator("#live")).to_have_attribute("data-live", "live", timeout=WITHIN)


def card(page: Page, order_id: int, column: str = "new") -> Locator:
    return page.locator(f"#{column} #card-{order_id}")


def test_a_new_order_appears_without_a_reload(desk: Desk) -> None:
    page = desk.visit()
    live(page)
    page.evaluate("window.sameDocument = true")
    order = place(desk.database, desk.people[DIMA.name])
    expect(card(page, order.id)).to_be_visible(timeout=WITHIN)
    expect(page).to_have_title(re.compile(r"^\(1\) "))
    assert page.evaluate("window.sameDocument")


def test_typed_text_focus_and_open_menus_stay(desk: Desk) -> None:
    first = place(desk.database, desk.people[DIMA.name])
    page = desk.visit()
    live(page)
    page.fill("[name=q]", "12-345")
    page.locator("#me summary").click()
    page.locator(f"#open-{first.id}").focus()
    second = place(desk.database, desk.people[DIMA.name])
    expect(card(page, second.id)).to_be_visible(timeout=WITHIN)
    assert page.input_value("[name=q]") == "12-345"
    assert page.evaluate("document.activeElement.id") == f"open-{first.id}"
    expect(page.locator("#me")).to_have_attribute("open", "")


def test_buttons_stay_as_they_are_while_a_page_is_refreshed_behind_them(desk: Desk) -> None:
    order = place(desk.database, desk.people[DIMA.name])
    page = desk.visit(path=f"/orders/{order.id}")
    page.route("**/live", lambda route: None)  # the answer never comes
    page.evaluate("document.body.dispatchEvent(new CustomEvent('desk'))")
    expect(page.locator("#order")).to_have_class(re.compile("htmx-request"))
    assert page.evaluate("getComputedStyle(document.querySelector('#order button[type=submit]')).opacity") == "1"
    page.close()
    desk.complaints.clear()  # the request that was never answered


def test_a_press_moves_the_card_here_and_on_the_other_desk(desk: Desk) -> None:
    order = place(desk.database, desk.people[DIMA.name])
    mine, theirs = desk.visit(AVI), desk.visit(RINA)
    live(theirs)
    mine.locator(f"#card-{order.id} button[type=submit]").click()
    expect(card(mine, order.id, "in_work")).to_be_visible()
    expect(card(theirs, order.id, "in_work")).to_contain_text("Avi", timeout=WITHIN)
    assert state(desk.database, order.id).state is OrderState.IN_WORK


def test_whoever_presses_second_is_told_who_was_first(desk: Desk) -> None:
    order = place(desk.database, desk.people[DIMA.name])
    page = desk.visit(AVI)
    page.route("**/board/columns", lambda route: route.abort())  # a page that has not heard yet
    move(desk.database, order.id, Move.TAKE, desk.people[RINA.name])
    page.locator(f"#move-{order.id}-take").click()
    expect(page.locator("#notices")).to_contain_text("Rina took it")
    expect(card(page, order.id, "in_work")).to_be_visible()
    page.close()  # it would go on asking
    desk.complaints.clear()  # the 409, and the requests we aborted


def test_a_half_written_reason_survives_what_others_do(desk: Desk) -> None:
    order = place(desk.database, desk.people[DIMA.name])
    move(desk.database, order.id, Move.TAKE, desk.people[AVI.name])
    page = desk.visit(AVI, f"/orders/{order.id}")
    live(page)
    page.locator("#ask-wait summary").click()
    page.fill("#reason-wait", "from Haifa, tomorrow")
    move(desk.database, order.id, Move.READY, desk.people[RINA.name])
    other = desk.visit(AVI, f"/orders/{order.id}")
    live(other)
    assert page.input_value("#reason-wait") == "from Haifa, tomorrow"
    page.locator("#ask-wait [name=day_unknown]").check()
    page.locator("#ask-wait form button.main").click()
    expect(page.locator("main .note").filter(has_text="Rina marked it ready")).to_contain_text("from Haifa, tomorrow")
    assert state(desk.database, order.id).state is OrderState.READY
    desk.complaints.clear()  # the 409


def test_the_tabs_of_a_browser_share_one_stream_and_hand_it_over(desk: Desk) -> None:
    first = desk.visit()
    live(first)
    tabs = [desk.tab(first.context) for _ in range(7)]
    for tab in tabs:
        tab.goto(desk.url)
        live(tab)
    eventually(lambda: streams(desk) == 1, 15)
    first.close()
    order = place(desk.database, desk.people[DIMA.name])
    for tab in tabs:
        expect(card(tab, order.id)).to_be_visible(timeout=WITHIN)


def streams(desk: Desk) -> float:
    _status, body = request("GET", desk.served.port, "/metrics", headers={"Authorization": f"Bearer {METRICS_TOKEN}"})
    found = re.search(rb"^felix_web_streams (\S+)$", body, re.MULTILINE)
    assert found
    return float(found[1])


def test_after_an_outage_the_board_says_so_and_catches_up(
    open_desk: Callable[..., Desk], database: Database, database_url: str, tmp_path: Path
) -> None:
    port = free_port()
    desk = open_desk(port)
    page = desk.visit()
    live(page)
    os.killpg(desk.served.popen.pid, signal.SIGKILL)
    desk.served.popen.wait(10)
    expect(page.locator("#live")).to_contain_text("Reconnecting", use_inner_text=True, timeout=WITHIN)
    order = place(database, desk.people[DIMA.name])
    with serving(environment(database_url), tmp_path / "again.log", port):
        expect(card(page, order.id)).to_be_visible(timeout=3 * WITHIN)
        live(page)
        page.context.close()
    desk.contexts.clear()
    desk.complaints.clear()  # refused connections, as asked for


def test_the_effect_of_a_press_is_seen_at_once(desk: Desk) -> None:
    order = place(desk.database, desk.people[DIMA.name])
    page = desk.visit()
    held: list[Route] = []
    page.route("**/moves", lambda route: held.append(route))
    button = page.locator(f"#move-{order.id}-take")
    button.click()
    expect(button).to_have_attribute("aria-busy", "true", timeout=WITHIN)
    held[0].continue_()
    expect(card(page, order.id, "in_work")).to_be_visible()


def test_when_the_desk_does_not_answer_a_press_it_says_so(desk: Desk) -> None:
    order = place(desk.database, desk.people[DIMA.name])
    page = desk.visit()
    page.route("**/moves", lambda route: route.fulfill(status=503, body="busy"))
    page.locator(f"#move-{order.id}-take").click()
    expect(page.locator("#trouble")).to_be_visible()
    expect(card(page, order.id)).to_be_visible()
    desk.complaints.clear()


def test_without_scripts_the_whole_way_still_works(desk: Desk) -> None:
    order = place(desk.database, desk.people[DIMA.name])
    page = desk.visit(java_script_enabled=False)
    for _ in range(3):
        page.locator(f"#card-{order.id} button[type=submit]").click()
    page.goto(f"{desk.url}/orders/{order.id}")
    expect(page.locator(".order-head .pill")).to_have_text("Handed out")
