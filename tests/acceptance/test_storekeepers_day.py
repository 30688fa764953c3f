"""A storekeeper's day in a real browser, in Hebrew, with daemon, desk and emulator as real processes.

At the counter with a mouse in `make test`; with the keyboard alone, and on a phone, in `make soak`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import ExitStack
from datetime import timedelta

import pytest
from playwright.sync_api import Browser, expect
from sqlalchemy import select, update

from common.database.models import Media, MediaState, Order, OrderState
from common.orders.moves import Move
from common.talk import quick_replies
from tests.acceptance.counter import PATIENCE, Hands
from tests.acceptance.fixtures import OpenStation
from tests.acceptance.mechanic import Mechanic, plain
from tests.acceptance.storekeepers_day import LEV, NOTE, PLATE, REASON, SUPPLIER, UNLISTED, Day, hebrew
from tests.stations.station import Station
from tests.support import waiting
from tests.support.cast import AVI, DIMA, PASSWORD, RINA, hire
from tests.support.days import today, tomorrow
from tests.support.pictures import picture, voice
from tests.support.waiting import eventually
from tests.webapp.desks import move, state

pytestmark = pytest.mark.browser

PROMISED = 2.0 * 5 * waiting.PATIENCE  # seconds from the mechanic's press to every board
SLOWER = 0.5  # five seconds for an undo, on a machine that may be busy


@pytest.mark.parametrize(
    "how",
    ["mouse", pytest.param("keyboard", marks=pytest.mark.soak), pytest.param("finger", marks=pytest.mark.soak)],
)
@pytest.mark.timeout(300)
def test_a_storekeepers_day(
    open_station: OpenStation, database_url: str, browser: Browser, ending: ExitStack, how: str
) -> None:
    day = begun(open_station(database_url, time_scale=SLOWER), browser, how, ending)
    for step in STEPS:
        step(day)
    assert day.rina.complaints + day.avi.complaints == []


@pytest.fixture
def ending() -> Iterator[ExitStack]:
    """What is closed after the test, whatever became of it."""
    with ExitStack() as opened:
        yield opened


def begun(here: Station, browser: Browser, how: str, ending: ExitStack) -> Day:
    """The station is open, everybody is there, and the car has been here before."""
    here.open()
    with here.database.write() as session:
        quick_replies.add_first_replies(session)
    hire(here.database, RINA, password=PASSWORD)
    manager = hire(here.database, AVI, password=PASSWORD)
    url = f"http://127.0.0.1:{here.web_port}"
    rina, avi = Hands(browser, url, how), Hands(browser, url)
    for hands in (rina, avi):
        ending.callback(hands.close)
    mechanic = Mechanic(here.sandbox, DIMA)
    day = Day(here, mechanic, rina, avi, manager, hire(here.database, DIMA), hire(here.database, LEV))
    for _ in range(2):
        day.of(day.lev, Move.TAKE, Move.READY, Move.ISSUE, part=day.pads())
    mechanic.appear()
    mechanic.open_link("")
    return day


def signs_in(day: Day) -> None:
    """1. The page runs from the right; columns have a count and the age of their oldest; the alarm is tried out."""
    day.of(day.lev)
    day.rina.sign_in(RINA)
    expect(day.rina.page.locator(".find input")).to_be_focused()
    day.avi.sign_in(AVI)
    assert day.rina.page.evaluate("document.documentElement.dir") == "rtl"
    day.rina.reads("#count-new", "1")
    day.rina.sees("#new > header .age")
    day.rina.press("#alarm summary")
    day.rina.page.check("#alarm-sound")
    day.rina.press("#alarm-test")
    day.rina.sees("html[data-rang]")
    day.rina.page.evaluate("document.documentElement.removeAttribute('data-rang')")


def hears_of_a_new_order(day: Day) -> None:
    """2. What the mechanic confirms is on every board without a reload; the title counts it, the alarm rings."""
    mechanic, pads = day.mechanic, day.pads()
    mechanic.press("New order")
    mechanic.write("колодки")
    mechanic.press_data(f":is:{pads.id}")
    mechanic.press_data(":line:1")
    mechanic.press_data(":quantity:2")
    mechanic.press_data(":summary:0")
    mechanic.sees("Check the order")
    mechanic.write(UNLISTED)
    mechanic.press_data(":line:2")
    mechanic.sees("Not in the catalogue: sent as written.")
    mechanic.box.send_file(mechanic.id, "photo", picture(), content_type="image/jpeg")
    mechanic.box.send_file(mechanic.id, "voice", voice(), content_type="audio/ogg", duration=8)
    eventually(lambda: len(kept(day)) == 2, 30, "photo and voice note are kept")
    mechanic.press_data(":summary:0")
    mechanic.press_data(":next")
    mechanic.write(PLATE)
    mechanic.press_data(":send")
    for hands in (day.rina, day.avi):
        expect(hands.page.locator("#new .card")).to_have_count(2, timeout=PROMISED * 1000)
        assert hands.page.title().startswith("(2)")
    day.rina.sees("html[data-rang]")
    expect(day.rina.page.locator("#heard[aria-live=polite]")).to_have_text(re.compile(r"\d"), timeout=PATIENCE)
    day.number = int(day.rina.page.locator("#new .card .number").last.inner_text())


def kept(day: Day) -> list[Media]:
    with day.here.database.read() as session:
        return list(session.scalars(select(Media).where(Media.state == MediaState.KEPT)))


def takes_it(day: Day) -> None:
    """3. The other board says who has it; of two who press at once one gets it, and the other is told."""
    day.rina.goes_to("j", f"#card-{day.number}")
    day.rina.press(f"#move-{day.number}-take", key="c")
    day.avi.reads(f"#in_work #card-{day.number} .who .name", DIMA.name)
    day.avi.reads(f"#in_work #card-{day.number} .last", RINA.name)

    both = day.of(day.lev)
    for hands in (day.rina, day.avi):
        hands.sees(f"#move-{both}-take")
    with day.avi.not_yet_told():
        day.rina.press(f"#move-{both}-take")
        day.rina.sees(f"#in_work #card-{both}")
        day.avi.press(f"#move-{both}-take")
        day.avi.reads("#notices .note", RINA.name)
    assert state(day.here.database, both).version == 2


def opens_it(day: Day) -> None:
    """4. Lines, photo, voice note, plate, what the car had before, and what happened so far."""
    day.rina.press(f"#open-{day.number}")
    day.rina.reads(".order-head .plate", "123-45-678")
    day.rina.reads(".wanted", UNLISTED)
    enlarged = day.rina.sees(".attached a:has(img)").get_attribute("href")
    spoken = day.rina.sees(".attached audio").get_attribute("src")
    for address, kind in ((enlarged, "image/"), (spoken, "audio/")):
        answer = day.rina.page.request.get(f"{day.rina.url}{address}")
        assert answer.headers["content-type"].startswith(kind)
    day.rina.count("[aria-labelledby=car] a", 3)
    day.rina.reads(".timeline", DIMA.name)


def sets_its_lines(day: Day) -> None:
    """5. One is here, one is ordered, from whom and until when; the order waits, not without a reason and a day."""
    first, second = (line.id for line in day.order().lines)
    day_after = tomorrow().isoformat()
    day.rina.press(f"#of-line-{first} summary")
    day.rina.press(f"#of-line-{first} button[data-line=here]")
    day.rina.reads(f"#line-{first}", hebrew("Here"))
    day.rina.press(f"#of-line-{second} summary")
    day.rina.write(f"#day-{second}", day_after)
    day.rina.write(f"#supplier-{second}", SUPPLIER)
    day.rina.press(f"#of-line-{second} button[data-line=ordered]")
    day.rina.reads(f"#line-{second}", hebrew("tomorrow"))
    day.rina.reads(f"#line-{second}", SUPPLIER)

    day.rina.press("#ask-wait summary")
    day.rina.press("#ask-wait form button.main")
    day.rina.sees("#reason-wait:invalid")
    day.rina.write("#reason-wait", REASON)
    day.rina.press("#ask-wait form button.main")
    day.rina.reads(".note[role=alert]:not([hidden])", hebrew("Say until which day, or that it is not known yet."))
    assert day.order().state is OrderState.IN_WORK
    day.rina.write("#expected-wait", day_after)
    day.rina.press("#ask-wait form button.main")
    day.rina.sees(".order-head .pill[data-state=waiting]")


def writes_to_the_mechanic_and_a_note(day: Day) -> None:
    """6. A quick reply is filled in the mechanic's words, and shows its receipt; a note is for the desk only."""
    day.rina.page.select_option("#of-which", str(day.order().lines[1].id))
    day.rina.page.select_option("#reply", "eta")
    expect(day.rina.page.locator("#text")).to_have_value(re.compile(f"^{UNLISTED}: "), timeout=PATIENCE)
    day.rina.press("#say button.main")
    day.rina.sees(".talk .mine .receipt .mark[data-tone=good]")
    day.mechanic.reads(f"{UNLISTED}: ждём")
    day.rina.write("#note", NOTE)
    day.rina.press(".note-down button[type=submit]")
    day.rina.reads(".noted", NOTE)
    day.rina.reads(".notes .desk-only", hebrew("desk only"))
    day.here.wait_settled()
    assert not any(NOTE in plain(message["text"]) for message in day.mechanic.box.messages(day.mechanic.id))


def is_cut_off_from_telegram(day: Day) -> None:
    """7. The desk saves at once and says what the message waits for; afterwards it arrives, once."""
    day.here.sandbox.network(False)
    day.rina.press("#do-ready")
    day.rina.sees(".order-head .pill[data-state=ready]")
    notice = f"#messages li:has-text('{hebrew('Notice: ready')}')"
    day.rina.reads("#messages", hebrew("Telegram could not be reached."))
    day.rina.reads(notice, hebrew("queued"))
    day.here.sandbox.network(True)
    day.rina.sees(f"{notice} .mark[data-tone=good]")
    day.here.wait_settled()
    assert day.rings(day.number) == 1


def undoes_a_mistake(day: Day) -> None:
    """8. Within its time nobody hears of it."""
    mistaken = day.of(day.dima, Move.TAKE)
    day.rina.open(f"/orders/{mistaken}")
    day.rina.press("#do-ready")
    day.rina.press("#undo [data-undo]", key="u")
    day.rina.sees(".order-head .pill[data-state=in_work]")
    day.here.wait_settled()
    assert state(day.here.database, mistaken).state is OrderState.IN_WORK
    assert day.rings(mistaken) == 0


def prints_it(day: Day) -> None:
    """9. The preview is the paper; what did not come out is said; the second is a copy; its code opens the order."""
    day.rina.open(f"/orders/{day.number}")
    day.rina.press("a[data-press=slip]", key="p")
    day.rina.reads(".paper .plate", "123-45-678")
    day.rina.reads(".paper .goods", UNLISTED)
    day.rina.count(".paper .copy", 0)
    day.rina.press(".slip-bar form button")
    day.rina.sees("html[data-printed=yes]")
    day.rina.press("form[action='/slips/failed'] button")
    day.rina.press(".slip-bar form button")
    day.rina.reads(".paper .copy", hebrew("COPY"))
    address = day.rina.sees(".paper figcaption").inner_text()
    day.rina.page.goto(address)
    day.rina.reads(".order-head h1", str(day.number))
    assert [fact.arguments["copy"] for fact in day.facts("slip.printed")] == [1, 2]
    assert len(day.facts("slip.failed")) == 1
    day.rina.reads(".timeline", hebrew("%(width)s, copy, paper no. %(copy)s", width=hebrew("80 mm"), copy=2))


def saves_a_view(day: Day) -> None:
    """10. What waits past its day for brake parts is a list with a name, and the manager sees the same."""
    day.rina.how = "mouse"  # the other ways are for what comes before
    late = day.of(day.lev, Move.TAKE, Move.WAIT, part=day.pads())
    with day.here.database.write() as session:
        yesterday = today() - timedelta(days=1)
        session.execute(update(Order).where(Order.id == late).values(expected_on=yesterday))
    day.rina.open("/orders")
    day.rina.press(".filters a[data-state=waiting]")
    day.rina.press(".sieve > summary")
    day.rina.page.select_option("#category", str(day.pads().category_id))
    day.rina.page.check("input[name=overdue]")
    day.rina.press(".sieve form button.main")
    day.rina.press("#save summary")
    day.rina.write("#view-name", "להתקשר לספקים")
    day.rina.page.check("#save input[name=shared]")
    day.rina.press("#save button.main")
    for hands in (day.rina, day.avi):
        hands.page.goto(day.rina.page.url)
        hands.reads("h1", "להתקשר לספקים")
        hands.reads("tbody .num", str(late))
        hands.count("tbody tr", 1)


def issues_many(day: Day) -> None:
    """11. Of six that are ready one was cancelled meanwhile: five are done, one is explained."""
    ready = [day.of(day.lev, Move.TAKE, Move.READY) for _ in range(6)]
    day.rina.open("/orders?state=ready")
    for number in ready:
        day.rina.page.check(f"input[name=pick][value^='{number}:']")
    move(day.here.database, ready[0], Move.CANCEL, day.manager, reason="x")
    day.rina.press("#many-issue summary")
    day.rina.write("#collector", "סשה")
    day.rina.press("#many-issue button.main")
    day.rina.count("tbody .pill[data-state=issued]", 5)
    day.rina.count("tbody .mark[data-tone=ask]", 1)
    assert {state(day.here.database, number).issued_to for number in ready[1:]} == {"סשה"}


STEPS = (
    signs_in,
    hears_of_a_new_order,
    takes_it,
    opens_it,
    sets_its_lines,
    writes_to_the_mechanic_and_a_note,
    is_cut_off_from_telegram,
    undoes_a_mistake,
    prints_it,
    saves_a_view,
    issues_many,
)
