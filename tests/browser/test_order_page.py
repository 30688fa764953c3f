"""The order's page in a real browser: quick replies while typing, and what two browsers do to one order."""

from __future__ import annotations

import pytest
from playwright.sync_api import Route, expect
from sqlalchemy import select

from common.database.models import ChatMessage, LineState, Order, OutboxRow
from common.orders.moves import Move
from common.talk import notes, quick_replies
from tests.browser.conftest import Desk
from tests.support.cast import AVI, DIMA, RINA, acts
from tests.webapp.desks import line, move, place

pytestmark = pytest.mark.browser


def test_a_quick_reply_is_typed_by_its_name_filled_and_sent_only_when_it_is_whole(desk: Desk) -> None:
    order = place(desk.database, desk.people[DIMA.name], line("колодки"), line("масло"))
    with desk.database.write() as session:
        quick_replies.add_first_replies(session)
        (oil,) = (one.id for one in session.get_one(Order, order.id).lines if one.words == {"": "масло"})
    page = desk.visit(AVI, f"/orders/{order.id}")
    box = page.locator("#text")
    box.press_sequentially("Привет! /eta ")
    expect(box).to_have_value("Привет! {part}: ждём {date}. Как придёт, сразу напишу.")
    expect(page.locator("#told")).to_contain_text("{part}, {date}")
    assert page.evaluate("getSelection().toString()") == "{part}"
    box.fill("")
    page.select_option("#of-which", str(oil))
    page.select_option("#reply", "eta")
    expect(box).to_have_value("масло: ждём {date}. Как придёт, сразу напишу.")
    page.locator("#say button.main").click()
    expect(page.locator("main")).to_contain_text("Fill in {date} first")
    box.fill(box.input_value().replace("{date}", "завтра"))
    page.locator("#say button.main").click()
    expect(page.locator(".talk")).to_contain_text("масло: ждём завтра.")
    with desk.database.read() as session:
        assert session.scalars(select(ChatMessage.text)).all() == ["масло: ждём завтра. Как придёт, сразу напишу."]
        assert len(session.scalars(select(OutboxRow).where(OutboxRow.kind == "chat")).all()) == 1
    desk.complaints.clear()  # the 400


def test_what_was_asked_for_before_the_hand_came_is_not_put_under_it(desk: Desk) -> None:
    order = place(desk.database, desk.people[DIMA.name], line("колодки"))
    with desk.database.write() as session:
        quick_replies.add_first_replies(session)
    page = desk.visit(AVI, f"/orders/{order.id}")
    box = page.locator("#text")

    def late(route: Route) -> None:
        answer = route.fetch()
        box.press_sequentially("/eta ")
        expect(box).to_have_value("колодки: ждём {date}. Как придёт, сразу напишу.")
        route.fulfill(response=answer)

    page.route("**/live", late, times=1)
    page.evaluate("""() => {
        window.looked = new Promise(done => document.addEventListener("htmx:finally:request", done, {once: true}));
        document.body.dispatchEvent(new CustomEvent("desk"));
    }""")
    page.evaluate("looked.then(() => true)")
    expect(page.locator("#told")).to_contain_text("{date}")
    assert page.evaluate("getSelection().toString()") == "{date}"


def test_a_quick_reply_is_inserted_though_a_photo_is_chosen_and_there_is_no_script(desk: Desk) -> None:
    """The photo is too large for a form that takes none, and does not go with it."""
    order = place(desk.database, desk.people[DIMA.name], line("колодки"))
    with desk.database.write() as session:
        quick_replies.add_first_replies(session)
    page = desk.visit(AVI, f"/orders/{order.id}", java_script_enabled=False)
    page.set_input_files("#photo", {"name": "p.jpg", "mimeType": "image/jpeg", "buffer": bytes(1_000_000)})
    page.select_option("#reply", "eta")
    page.locator("#insert").click()
    expect(page.locator("#text")).to_have_value("колодки: ждём {date}. Как придёт, сразу напишу.")


def test_a_page_with_a_supplier_on_it_still_hears_of_others_and_a_day_that_is_typed_stays(desk: Desk) -> None:
    order = place(desk.database, desk.people[DIMA.name], line("oil filter"))
    move(desk.database, order.id, Move.TAKE, desk.people[AVI.name])
    with desk.database.write() as session:
        session.get_one(Order, order.id).lines[0].supplier = "Haifa"
    page = desk.visit(AVI, f"/orders/{order.id}")
    expect(page.locator("#live")).to_have_attribute("data-live", "live")
    with desk.database.write() as session:
        notes.write(session, acts(desk.people[RINA.name]), order.id, "cash only", key="k" * 16)
    expect(page.locator("#notes")).to_contain_text("cash only")
    page.locator("#ask-wait summary").click()
    page.fill("#expected-wait", "2099-11-27")
    move(desk.database, order.id, Move.READY, desk.people[RINA.name])
    other = desk.visit(AVI, f"/orders/{order.id}")
    expect(other.locator("#live")).to_have_attribute("data-live", "live")
    assert page.input_value("#expected-wait") == "2099-11-27"


def test_two_browsers_race_for_one_line_and_nothing_typed_is_lost(desk: Desk) -> None:
    order = place(desk.database, desk.people[DIMA.name], line("oil filter"), line("bolt"))
    move(desk.database, order.id, Move.TAKE, desk.people[AVI.name])
    mine, hers = (desk.visit(who, f"/orders/{order.id}", "en") for who in (AVI, RINA))
    for page in (mine, hers):
        page.route("**/live", lambda route: route.abort())  # neither hears of the other
        page.locator(".wanted .menu summary").first.click()
    hers.locator(".wanted [name=substitute]").first.fill("Bosch 0986424")
    mine.locator(".wanted [name=supplier]").first.fill("Haifa")
    mine.locator(".wanted button[value=ordered]").first.click()
    expect(mine.locator(".wanted")).to_contain_text("Haifa")
    hers.locator(".wanted .menu form button.main").first.click()
    expect(hers.locator("main .note:not([hidden])").first).to_contain_text("Avi set oil filter: Ordered")
    expect(hers.locator(".wanted [name=substitute]").first).to_have_value("Bosch 0986424")
    with desk.database.read() as session:
        first = session.get_one(Order, order.id).lines[0]
        assert (first.state, first.substitute, first.supplier) == (LineState.ORDERED, "", "Haifa")
    for page in (mine, hers):
        page.close()
    desk.complaints.clear()  # the 409, and the requests we aborted
