"""The paper, printed by a real browser: its size, one page a slip, nothing cut, each language in its own direction."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Page, expect

from common.database.models import Order
from common.orders.moves import Move
from tests.browser.conftest import Desk
from tests.support.cast import AVI, DIMA, NOA
from tests.webapp.desks import line, move, place

pytestmark = pytest.mark.browser

POINT = 72 / 25.4  # points a millimetre
PRINT_IS_COUNTED = "window.print = () => { document.documentElement.dataset.printed = 'yes'; }"
# Where each character of a text stands on the paper: from the left, as a reader's eye finds it.
SEEN = """selector => {
    const found = [...document.querySelectorAll(selector)].map((element) => {
        const texts = document.createTreeWalker(element, NodeFilter.SHOW_TEXT), places = [];
        for (let text = texts.nextNode(); text; text = texts.nextNode())
            for (let at = 0; at < text.length; at++) {
                const range = document.createRange();
                range.setStart(text, at);
                range.setEnd(text, at + 1);
                const box = range.getBoundingClientRect();
                if (box.width && text.data[at].trim()) places.push([Math.round(box.top / 8), box.left, text.data[at]]);
            }
        return places.sort((a, b) => a[0] - b[0] || a[1] - b[1]).map((place) => place[2]).join("");
    });
    return found;
}"""
CUT = """[...document.querySelectorAll('.paper, .paper *')]
    .filter(e => e.scrollWidth > e.clientWidth + 1 && getComputedStyle(e).display !== 'inline' && e.clientWidth)
    .map(e => e.outerHTML.slice(0, 100))"""


def mixed(desk: Desk) -> Order:
    """Three scripts in one order."""
    wanted = (line("רפידות בלם קדמיות", 2), line("Датчик износа колодок задний, с разъёмом", 12))
    order = place(desk.database, desk.people[NOA.name], *wanted, plate="12345678", comment="עמדה 3, טל. 050-123-45-67")
    move(desk.database, order.id, Move.TAKE, desk.people[AVI.name])
    return order


def pages(pdf: bytes) -> list[tuple[int, int]]:
    """The size of each page in whole millimetres."""
    boxes = re.findall(rb"/MediaBox \[0 0 ([0-9.]+) ([0-9.]+)\]", pdf)
    return [(round(float(width) / POINT), round(float(height) / POINT)) for width, height in boxes]


def printed(page: Page) -> list[tuple[int, int]]:
    return pages(page.pdf(prefer_css_page_size=True))


def test_a_slip_is_one_page_of_its_paper_and_nothing_is_cut(desk: Desk) -> None:
    order = mixed(desk)
    page = desk.visit(AVI)
    for width, size in (("80", 80), ("58", 58), ("a4", 210)):
        page.goto(f"{desk.url}/orders/{order.id}/slip?width={width}&language=he")
        expect(page.locator(".paper svg").last).to_be_visible()
        height = page.locator(".paper").bounding_box()["height"] / 96 * 25.4  # type: ignore[index]
        ((wide, long),) = printed(page)
        assert wide == size
        assert long == 297 if width == "a4" else 0 < long - height < 3
        assert page.evaluate(CUT) == []


def test_each_script_keeps_its_direction(desk: Desk) -> None:
    order = mixed(desk)
    page = desk.visit(AVI, f"/orders/{order.id}/slip?language=he")
    hebrew, russian = page.evaluate(SEEN, ".paper .part")
    assert hebrew == "תוימדק םלב תודיפר".replace(" ", "")  # from the left, so backwards
    assert russian.startswith("Датчикизноса")
    assert page.evaluate(SEEN, ".paper .plate") == ["123-45-678"]
    assert "050-123-45-67" in page.evaluate(SEEN, ".paper .words")[0]
    assert page.evaluate(SEEN, ".paper .qty") == ["2×", "12×"]
    page.goto(f"{desk.url}/orders/{order.id}/slip?language=ru")
    assert page.evaluate(SEEN, ".paper .part") == [hebrew, russian]


def test_on_paper_there_is_the_paper_alone_black_on_white(desk: Desk) -> None:
    order = mixed(desk)
    page = desk.visit(AVI, f"/orders/{order.id}/slip", color_scheme="dark")
    page.emulate_media(media="print", color_scheme="dark")
    for control in ("header.top", ".slip-bar", ".head", ".nav"):
        expect(page.locator(control).first).to_be_hidden()
    colours = page.locator(".paper").evaluate("e => [getComputedStyle(e).color, getComputedStyle(e).backgroundColor]")
    assert colours == ["rgb(0, 0, 0)", "rgb(255, 255, 255)"]


def test_print_opens_the_dialog_once_and_many_come_on_pages_of_their_own(desk: Desk) -> None:
    orders = [mixed(desk), place(desk.database, desk.people[DIMA.name], line("свеча", 4))]
    page = desk.visit(AVI)
    page.context.add_init_script(PRINT_IS_COUNTED)
    page.goto(f"{desk.url}/slips?orders={orders[0].id},{orders[1].id}&width=80")
    page.locator(".slip-bar form button").click()
    expect(page.locator("html")).to_have_attribute("data-printed", "yes")
    sizes = printed(page)
    assert [wide for wide, _ in sizes] == [80, 80]
    assert sizes[0][1] > sizes[1][1]
    page.reload()
    page.evaluate("document.fonts.ready")
    expect(page.locator("html")).not_to_have_attribute("data-printed", "yes")
