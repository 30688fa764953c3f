"""The main job, through real processes and sockets: from an invitation to the part in the mechanic's hand.

On both databases, by each way in, in each language. Most of a journey's ten seconds is Telegram's limit of a private
chat, one message a second, which the daemon keeps here too.
"""

from __future__ import annotations

import re

import pytest
from sqlalchemy import select

from common import i18n
from common.catalogue import catalogue
from common.database.models import Order, OutboxRow, OutboxState, Role
from sandbox.client import Json
from tests.acceptance.desk import Desk
from tests.acceptance.fixtures import OpenStation
from tests.acceptance.mechanic import Mechanic, plain
from tests.stations.station import Ingress, Station
from tests.support.cast import DIMA, NOA, PASSWORD, RINA, Member, hire
from tests.support.waiting import eventually

TOM = Member("Tom", "en", Role.MECHANIC, telegram_id=1004)
ON_THE_BOARD = 2.0 * 5  # seconds; two are promised
UNLISTED = {"ru": "рейлинги на крышу", "he": "גגון לרכב", "en": "towbar"}  # in no catalogue
READY = "%(order)s is ready. Pick it up from the storekeeper."

soak = pytest.mark.soak  # the pairs of database and way in that the others leave out


@pytest.mark.parametrize(
    ("any_database_url", "ingress", "member"),
    [
        pytest.param("sqlite", "daemon", DIMA, id="sqlite-daemon-ru"),
        pytest.param("postgresql", "web", NOA, id="postgresql-web-he", marks=pytest.mark.postgres),
        pytest.param("sqlite", "polling", TOM, id="sqlite-polling-en"),
        pytest.param("postgresql", "daemon", DIMA, id="postgresql-daemon-ru", marks=[pytest.mark.postgres, soak]),
        pytest.param("sqlite", "web", NOA, id="sqlite-web-he", marks=soak),
        pytest.param("postgresql", "polling", TOM, id="postgresql-polling-en", marks=[pytest.mark.postgres, soak]),
    ],
    indirect=["any_database_url"],
)
def test_an_order_travels_from_the_chat_to_the_desk_and_back(
    open_station: OpenStation, any_database_url: str, ingress: Ingress, member: Member
) -> None:
    here = open_station(any_database_url, ingress=ingress, forked=False)
    here.open()
    hire(here.database, RINA, password=PASSWORD)
    mechanic, desk = Mechanic(here.sandbox, member), Desk(here.web_port)
    desk.sign_in()

    join(mechanic, here)
    part = write_an_order(mechanic, here)
    mechanic.press_data(":send")
    (number,) = eventually(lambda: desk.column("new"), ON_THE_BOARD, "the order is on the board")
    assert [words for _, words in lines(here, number)] == [part, UNLISTED[member.language]]
    assert [quantity for quantity, _ in lines(here, number)] == [2, 3]

    serve(desk, number, mechanic)
    assert_one_card_and_one_sound(mechanic, number)
    assert_every_message_is_receipted(here, desk, number)
    assert not complaints(here.logs())


def complaints(logs: str) -> list[str]:
    """What should not be said when all is well; that something took long is a busy machine's fault."""
    bad = re.compile(r"WARNING|ERROR|CRITICAL|Traceback")
    return [line for line in logs.splitlines() if bad.search(line) and "its budget is" not in line]


def join(mechanic: Mechanic, here: Station) -> None:
    """By an invitation that names no language, so that the bot asks for it."""
    mechanic.appear()
    mechanic.open_link(here.invite(mechanic.member.name))
    mechanic.press_data(f"language:{mechanic.member.language}")
    mechanic.sees(
        "Hi, %(name)s! Order parts here, and you hear at once when they are ready.", name=mechanic.member.name
    )


def write_an_order(mechanic: Mechanic, here: Station) -> str:
    """A part of the catalogue, twice by a tap; another one typed, three of it; the plate. Returns the part's words."""
    language = mechanic.member.language
    with here.database.read() as session:
        category = catalogue.categories(session)[0]
        part = catalogue.parts_of(session, category.id)[0]
    mechanic.press("New order")
    mechanic.press(category.names[language])
    mechanic.press(part.names[language])
    mechanic.press_data(":line:1")
    mechanic.press_data(":quantity:2")
    mechanic.reads("2 ×", part.names[language])
    mechanic.press_data(":summary:0")
    mechanic.sees("Check the order")
    mechanic.write(UNLISTED[language])
    mechanic.write("3")
    mechanic.write("12345678")
    mechanic.reads("123-45-678", f"3 × {UNLISTED[language]}")
    return str(part.names[language])


def lines(here: Station, number: int) -> list[tuple[int, str]]:
    """Quantity and words of each line, as the mechanic reads them."""
    with here.database.read() as session:
        order = session.scalars(select(Order).where(Order.id == number)).one()
        return [(line.quantity, i18n.worded(line.words, order.person.language)) for line in order.lines]


def serve(desk: Desk, number: int, mechanic: Mechanic) -> None:
    """Take it, mark it ready, issue it; the card follows."""
    desk.move(number, "take")
    assert desk.column("in_work") == [number]
    mechanic.reads("123-45-678", mechanic.in_words("In work"), RINA.name)
    desk.move(number, "ready")
    assert desk.column("ready") == [number]
    mechanic.sees(READY, order=order_and_car(mechanic, number))
    desk.move(number, "issue")
    assert not any(desk.column(state) for state in ("new", "in_work", "waiting", "ready"))
    mechanic.reads("123-45-678", mechanic.in_words("Issued"))


def order_and_car(mechanic: Mechanic, number: int) -> str:
    return f"{mechanic.in_words('Order %(number)s', number=number)} (123-45-678)"


def assert_one_card_and_one_sound(mechanic: Mechanic, number: int) -> None:
    (card,) = [m for m in mechanic.messages("Order %(number)s", number=number) if is_card(m)]
    assert mechanic.in_words("Issued") in card["text"]
    assert card["edits"] > 0
    assert len(mechanic.messages(READY, order=order_and_car(mechanic, number))) == 1


def is_card(message: Json) -> bool:
    return " · " in plain(message["text"]).partition("\n")[0]


def assert_every_message_is_receipted(here: Station, desk: Desk, number: int) -> None:
    """The card and the notice are *sent*, on the page as in the database; nothing of this order is anything else."""
    with i18n.use_language(RINA.language):
        word = i18n.gettext("sent")
    receipts = eventually(lambda: all_saying(word, desk.receipts(number)), 10, "every receipt says sent")
    assert len(receipts) == 2
    with here.database.read() as session:
        rows = session.scalars(select(OutboxRow).where(OutboxRow.order_id == number)).all()
    assert {row.state for row in rows} <= {OutboxState.SENT, OutboxState.SUPERSEDED}
    assert [row.ambiguous for row in rows] == [0] * len(rows)


def all_saying(word: str, receipts: list[str]) -> list[str]:
    return receipts if receipts and all(word in receipt for receipt in receipts) else []
