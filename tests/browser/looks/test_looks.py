"""Every page, in each language, size and light: accessible, mirrored, nothing cut, nothing sideways."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from itertools import product

import pytest
from playwright.sync_api import Page
from sqlalchemy import select, update

from common import clock
from common.database.models import (
    Bot,
    ChangeRequest,
    Chat,
    LineState,
    Order,
    OrderState,
    OutboxRow,
    OutboxState,
    ReasonCode,
)
from common.finding import saved_lists
from common.orders import lines
from common.orders.moves import Move
from common.talk import change_requests, chat, notes, questions, quick_replies
from common.talk.change_requests import Wish
from tests.browser.conftest import Desk
from tests.support.cast import AVI, DIMA, NOA, RINA, acts
from tests.support.chromium import violations
from tests.webapp.desks import line, move, place

pytestmark = pytest.mark.browser

SIZES = {"phone": (360, 740), "counter": (1280, 800)}
ALL = list(product(("ru", "he", "en"), SIZES, ("light", "dark")))
# Each pair of language, size and light occurs; the full product is for make soak.
PAIRWISE = [
    ("ru", "phone", "light"),
    ("ru", "counter", "dark"),
    ("he", "phone", "dark"),
    ("he", "counter", "light"),
    ("en", "phone", "dark"),
    ("en", "counter", "light"),
]
L = LineState
LOOKS = [pytest.param(*look, id="-".join(look), marks=[] if look in PAIRWISE else [pytest.mark.soak]) for look in ALL]


CUT = """[...document.querySelectorAll('.button, .pill, .mark, h1:not(.sr), h2, th')]
    .filter(e => e.scrollWidth > e.clientWidth + 1 && getComputedStyle(e).overflowX !== 'visible')
    .map(e => e.outerHTML.slice(0, 100))"""


# Whatever a colour says of a state is also said by a word and a sign in it.
COLOUR_ALONE = """[...document.querySelectorAll('.pill, .mark, .note, .button[data-state], .column > header')]
    .filter(e => !e.querySelector('svg') || !e.textContent.trim()).map(e => e.outerHTML.slice(0, 100))"""


def furnish(desk: Desk) -> int:
    """A desk with something of everything. Returns an order with a message of each fate."""
    dima, noa, avi = (desk.people[m.name] for m in (DIMA, NOA, AVI))
    long_name = "Датчик/провод износа колодок задний, с разъёмом и кронштейном, левый " * 2
    place(desk.database, dima, line("свеча зажигания", 4), plate="12345678", comment="Пост 3, срочно")
    old = place(desk.database, noa, line("רפידות בלם קדמיות"), line(long_name, 999), plate="А123ВС77")
    taken, waits, ready = (place(desk.database, dima, *[line() for _ in range(7)]) for _ in range(3))
    move(desk.database, taken.id, Move.TAKE, avi)
    move(desk.database, waits.id, Move.TAKE, avi)
    move(desk.database, waits.id, Move.WAIT, avi, reason="едет из Хайфы, будет утром")
    move(desk.database, ready.id, Move.TAKE, avi)
    move(desk.database, ready.id, Move.READY, avi)
    speak(desk, taken.id)
    with desk.database.write() as session:
        session.execute(update(Order).where(Order.id == old.id).values(state_since=clock.utcnow() - timedelta(hours=2)))
        mine = update(OutboxRow).where(OutboxRow.order_id == ready.id)
        session.execute(mine.values(state=OutboxState.HELD, ambiguous=2))
        session.execute(
            update(OutboxRow)
            .where(OutboxRow.order_id == waits.id)
            .values(state=OutboxState.UNREACHABLE, reason_code=ReasonCode.BLOCKED)
        )
        session.add(Chat(chat_id=1002, unreachable="blocked"))
        session.add(
            Bot(
                bot_id=7,
                username="felix_bot",
                name="Felix",
                link_base="https://t.me",
                active_at=clock.utcnow(),
                webhook={},
            )
        )
    return ready.id


def speak(desk: Desk, order_id: int) -> None:
    """Lines in every state, questions that are open and answered, words of both sides, a wish."""
    dima, avi = (desk.people[m.name] for m in (DIMA, AVI))
    with desk.database.write() as session:
        order = session.get_one(Order, order_id)
        for wanted, state in zip(order.lines, (L.HERE, L.ORDERED, L.UNAVAILABLE, L.ISSUED), strict=False):
            lines.change_line(
                session, acts(avi), order_id, wanted.id, state, expected_version=order.version,
                expected_on=clock.utcnow().date() + timedelta(days=1),
            )  # fmt: skip
        asked = questions.ask(session, acts(avi), order_id, "side", "Которая сторона?", expected_version=order.version)
        questions.answer(session, acts(dima), asked.id, "та, что у двери")
        questions.ask(session, acts(avi), order_id, "yes_no", "גם חיישן שחיקה?", expected_version=order.version)
        proposed = order.lines[5].id
        questions.propose_substitute(
            session, acts(avi), order_id, proposed, "Bosch 0986424", expected_version=order.version
        )
        chat.write(session, acts(avi), order_id, "Есть только " + "очень длинное слово" * 9, key="k" * 16)
        chat.receive(session, dima, "подойдёт", chat_id=1001, message_id=1, order_id=order_id)
        chat.edit(session, 1001, 1, "не подойдёт")
        notes.write(session, acts(avi), order_id, "Платит только наличными " * 3, key="n" * 16)
        struck = notes.write(session, acts(avi), order_id, "לבדוק את הצד", key="m" * 16)
        notes.strike(session, acts(avi), order_id, struck.id)
        change_requests.ask(session, acts(dima), order_id, Wish.ADD_LINE, {"words": {"": "шайба"}, "quantity": 3})


def kept_view(desk: Desk) -> int:
    """A list that was saved under a long name."""
    avi = desk.people[AVI.name]
    with desk.database.write() as session:
        name = "Утренняя проверка: что ждёт дольше дня"
        return saved_lists.save(
            session, acts(avi), name=name, fields={"state": ["waiting"], "overdue": ["1"]}, shared=True
        ).id


def served(desk: Desk) -> int:
    """The order that was spoken about."""
    with desk.database.read() as session:
        return session.scalars(select(ChangeRequest.order_id)).one()


def reply(desk: Desk) -> int:
    """A quick reply of many, one of which has no Hebrew text. Returns that one."""
    with desk.database.write() as session:
        quick_replies.add_first_replies(session)
        found = quick_replies.by_shortcut(session, "odd")
        texts = {"ru": "{part}: " + "ждём " * 30}
        return (found or quick_replies.create(session, acts(desk.people[AVI.name]), "odd", texts)).id


AUDITED = 2  # menus of an order that axe looks at: the others are made alike
OPENED = "document.querySelectorAll('#order details').forEach((menu, n) => menu.open = n === %d)"


def crooked(page: Page, language: str) -> list[str]:
    """What axe does not see: sideways scrolling, a page that is not mirrored, a hint on the wrong side, cut words."""
    wrong = []
    width, visible, direction = page.evaluate(
        "[document.documentElement.scrollWidth, document.documentElement.clientWidth, document.dir]"
    )
    if width != visible:
        wrong.append(f"{page.url}: {width} px wide in a window of {visible}")
    if direction != ("rtl" if language == "he" else "ltr"):
        wrong.append(f"{page.url}: {direction}")
    hints = page.evaluate(
        "[...document.querySelectorAll('input[placeholder]:placeholder-shown')].map(i => getComputedStyle(i).direction)"
    )
    wrong += [f"{page.url}: a hint runs {hint}" for hint in hints if hint != direction]
    cut = page.evaluate(CUT)
    wrong += [f"{page.url}: a colour alone: {one}" for one in page.evaluate(COLOUR_ALONE)]
    return wrong + [f"{page.url}: cut: {one}" for one in cut]


@pytest.mark.parametrize(("language", "size", "theme"), LOOKS)
def test_every_page_is_accessible_and_fits(desk: Desk, language: str, size: str, theme: str) -> None:
    order_id = furnish(desk)
    width, height = SIZES[size]
    window = {"viewport": {"width": width, "height": height}, "color_scheme": theme}
    page = desk.visit(AVI, "/", language, **window)
    wrong: list[str] = []
    for path in (
        "/",
        f"/orders/{order_id}",
        f"/orders/{order_id}/slip",
        "/orders",
        "/orders?q=zzz",
        f"/orders?state=new&state=ready&person={desk.people[DIMA.name].id}&from=2020-01-01&overdue=lost",
        f"/orders?view={kept_view(desk)}&changed=1&state=waiting",
        "/views",
        "/people",
        "/orders/new?who=d",
        "/replies",
        f"/replies/{reply(desk)}",
        "/system",
        "/account",
        "/api/docs",
        "/nothing-here",
    ):
        page.goto(desk.url + path)
        wrong += violations(page) + crooked(page, language)
    stranger = desk.visit(None, "/login", language, **window)
    wrong += violations(stranger) + crooked(stranger, language)
    desk.complaints[:] = [complaint for complaint in desk.complaints if "404" not in complaint]
    assert wrong == []


@pytest.mark.parametrize(("language", "size", "theme"), LOOKS)
def test_everything_that_opens_is_accessible_and_fits(desk: Desk, language: str, size: str, theme: str) -> None:
    furnish(desk)
    width, height = SIZES[size]
    window = {"viewport": {"width": width, "height": height}, "color_scheme": theme}
    page = desk.visit(AVI, f"/orders/{served(desk)}", language, **window)
    wrong: list[str] = []
    for number in range(page.locator("#order details").count()):
        page.evaluate(OPENED % number)
        wrong += (violations(page) if number < AUDITED else []) + crooked(page, language)
    page.goto(f"{desk.url}/people")
    page.fill("#name", "Саша")
    page.locator("form[action='/people/invitations'] button").click()
    page.wait_for_selector(".qr svg")
    wrong += violations(page) + crooked(page, language)
    page.goto(desk.url)
    page.locator("#me summary").click()
    wrong += violations(page)
    page.locator("#alarm summary").click()
    wrong += violations(page) + crooked(page, language)
    for shortcut, dialog in (("Control+k", "#palette"), ("Shift+Slash", "#keys")):
        page.locator("#main").focus()
        page.keyboard.press(shortcut)
        page.wait_for_selector(f"{dialog}[open]")
        wrong += violations(page) + crooked(page, language)
        page.keyboard.press("Escape")
    assert wrong == []


def test_in_hebrew_the_board_runs_from_the_right(desk: Desk) -> None:
    furnish(desk)
    page = desk.visit(RINA, "/")
    middle = 640
    brand, first, last = (page.locator(s).bounding_box() for s in (".brand", "#new", "#ready"))
    assert brand
    assert first
    assert last
    assert brand["x"] > middle
    assert first["x"] > middle > last["x"]
    plates = page.locator(".plate bdi").evaluate_all("all => all.map(e => getComputedStyle(e).direction)")
    assert set(plates) == {"ltr"}


def test_a_counter_screen_shows_nine_cards_at_once(desk: Desk) -> None:
    dima, avi = desk.people[DIMA.name], desk.people[AVI.name]
    for number in range(12):
        order = place(desk.database, dima, line(), line("air filter", 1))
        for step in (Move.TAKE, Move.READY)[: number % 3]:
            move(desk.database, order.id, step, avi)
    page = desk.visit()
    bottoms = page.locator(".card").evaluate_all("all => all.map(e => e.getBoundingClientRect().bottom)")
    assert sum(bottom <= 800 for bottom in bottoms) >= 9


@pytest.mark.parametrize("width", [360, 1280])
def test_what_a_finger_presses_is_large_enough(desk: Desk, width: int) -> None:
    furnish(desk)
    page = desk.visit(viewport={"width": width, "height": 740}, has_touch=True, is_mobile=width == 360)
    heights = page.locator(".card button, .nav a, .jump a:visible").evaluate_all(
        "all => all.map(e => e.getBoundingClientRect().height)"
    )
    assert heights
    assert min(heights) >= 44


def test_a_state_is_a_word_and_a_shape_not_only_a_colour(desk: Desk) -> None:
    furnish(desk)
    page = desk.visit(forced_colors="active")
    for column in ("new", "in_work", "waiting", "ready"):
        head = page.locator(f"#{column} > header")
        assert head.locator("h2").inner_text()
        assert head.locator("svg.shape").count() == 1
    assert page.locator(".age[data-level=late] svg").first.is_visible()


@pytest.mark.parametrize(("language", "size", "theme"), [("he", "phone", "dark"), ("en", "counter", "light")])
def test_the_style_page_is_accessible_and_fits(
    open_desk: Callable[..., Desk], language: str, size: str, theme: str
) -> None:
    desk = open_desk(FELIX_DEMO="1")
    width, height = SIZES[size]
    page = desk.visit(AVI, "/desk/style", language, viewport={"width": width, "height": height}, color_scheme=theme)
    assert violations(page) + crooked(page, language) == []


def test_without_colours_every_state_is_still_there(open_desk: Callable[..., Desk]) -> None:
    desk = open_desk(FELIX_DEMO="1")
    page = desk.visit(AVI, "/desk/style", forced_colors="active")
    page.context.new_cdp_session(page).send("Emulation.setEmulatedVisionDeficiency", {"type": "achromatopsia"})
    pills = page.locator(".pill")
    assert pills.count() > 6
    assert len(set(pills.all_inner_texts())) == len(OrderState)
    borders = pills.evaluate_all("all => all.map(e => getComputedStyle(e).borderInlineStartStyle)")
    assert set(borders) == {"solid"}
    shapes = pills.evaluate_all("all => all.map(e => e.querySelector('svg').getBoundingClientRect().width)")
    assert min(shapes) > 8
    assert page.locator(".age[data-level=late] .word").first.is_visible()
