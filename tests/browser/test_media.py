"""Photos and voice notes of an order in a real browser: seen, enlarged, played, in every language, size and light."""

from __future__ import annotations

import io
import os
from pathlib import Path

import pytest
from PIL import Image, ImageDraw
from playwright.sync_api import Page, expect

from common.database.engine import Database
from common.database.models import MediaContent, MediaState, Order, OrderLine
from tests.browser.conftest import Desk
from tests.browser.looks.looking import LOOKS, SIZES, crooked
from tests.support.cast import AVI, DIMA
from tests.support.chromium import violations
from tests.support.pictures import music
from tests.support.waiting import eventually
from tests.webapp.attachments import kept, waiting
from tests.webapp.desks import line, place

pytestmark = pytest.mark.browser

SHOTS = os.environ.get("FELIX_TEST_SHOTS")  # a directory for pictures to look at
LOADED = "[...document.querySelectorAll('.attached img')].map(i => i.complete && i.naturalWidth > 0)"


def drawn(number: int, size: tuple[int, int]) -> bytes:
    image = Image.new("RGB", size, (60 + number * 17 % 150, 90, 120))
    ImageDraw.Draw(image).ellipse(
        (size[0] // 4, size[1] // 4, size[0] * 3 // 4, size[1] * 3 // 4), outline="white", width=9
    )
    out = io.BytesIO()
    image.save(out, "JPEG")
    return out.getvalue()


def furnished(desk: Desk) -> int:
    """An order with photos at a line, others of all of it, sounds, and each way of not being there."""
    dima = desk.people[DIMA.name]
    order = place(desk.database, dima, line("не знаю, как называется", 1), line("свеча", 4), comment="Пост 3")
    with desk.database.read() as session:
        first = session.query(OrderLine).filter_by(order_id=order.id, position=1).one().id
    for number in range(3):
        shown(desk.database, order, number, line_id=first, caption="вот такая штука снизу" if number == 1 else "")
    for number in range(3, 13):
        shown(desk.database, order, number, group_id="7")
    kept(desk.database, order, music(), "audio/mpeg", kind="voice", seconds=62)
    waiting(desk.database, order)
    waiting(desk.database, order, kind="voice", attempts=3)
    waiting(desk.database, order, MediaState.REFUSED, kind="document", reason="too_large")
    waiting(desk.database, order, MediaState.GONE, reason="unavailable", caption="צילום של מספר השלדה")
    return order.id


def shown(
    database: Database, order: Order, number: int, line_id: int | None = None, caption: str = "", group_id: str = ""
) -> int:
    body = drawn(number, (900, 600) if number % 2 else (600, 900))
    media_id = kept(database, order, body, line_id=line_id, caption=caption, group_id=group_id)
    with database.write() as session:
        session.query(MediaContent).filter_by(body=body).one().thumbnail = drawn(number, (240, 360))
    return media_id


def taken(page: Page, name: str) -> None:
    if SHOTS:
        page.screenshot(path=str(Path(SHOTS) / f"{name}.png"), full_page=True)


@pytest.mark.parametrize(("language", "size", "theme"), LOOKS)
def test_an_order_with_photos_is_accessible_and_fits(desk: Desk, language: str, size: str, theme: str) -> None:
    order_id = furnished(desk)
    width, height = SIZES[size]
    page = desk.visit(
        AVI, f"/orders/{order_id}", language, viewport={"width": width, "height": height}, color_scheme=theme
    )
    for picture in page.locator(".attached img").all():
        picture.scroll_into_view_if_needed()
    eventually(lambda: page.evaluate(f"{LOADED}.every(Boolean)"), 10, "every picture is there")
    taken(page, f"{language}-{size}-{theme}")

    assert len(page.evaluate(LOADED)) == 13
    assert violations(page) + crooked(page, language) == []


def test_a_photo_enlarges_and_a_voice_note_plays(desk: Desk) -> None:
    page = desk.visit(AVI, f"/orders/{furnished(desk)}", "en")
    with page.expect_popup() as opened:
        page.locator(".attached a").first.click()
    large = opened.value
    large.wait_for_load_state()
    assert large.evaluate("document.images[0].naturalWidth") == 600
    assert large.evaluate("document.contentType") == "image/jpeg"

    sound = page.locator("audio")
    expect(sound).to_have_count(1)
    sound.evaluate("sound => { sound.preload = 'auto'; sound.load(); }")
    eventually(lambda: sound.evaluate("sound => sound.duration > 2"), 10, "it knows its length")
    sound.evaluate("sound => { sound.currentTime = 2; }")
    eventually(lambda: sound.evaluate("sound => !sound.seeking && sound.readyState > 1"), 10, "it plays from there")


def test_what_arrives_meanwhile_appears_by_itself(desk: Desk) -> None:
    dima = desk.people[DIMA.name]
    order = place(desk.database, dima, line())
    page = desk.visit(AVI, f"/orders/{order.id}", "en")
    expect(page.locator("#live")).to_have_attribute("data-live", "live")
    number = shown(desk.database, order, 1)

    expect(page.locator(f"#media-{number} img")).to_be_visible()
