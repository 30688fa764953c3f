"""Whatever comes twice, late or in the wrong order has the right effect, once."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from itertools import count
from pathlib import Path

import msgspec
import pytest
from sqlalchemy import select

from common.database.models import Draft, InboxRow, Order, Person, Role
from sandbox.client import Json, Sandbox
from sandbox.testing import running
from tests.acceptance.fixtures import ENGINE, KNOWN
from tests.acceptance.mechanic import Mechanic
from tests.stations.station import WEBHOOK_SECRET, Station, request, station
from tests.support.cast import Member, hire
from tests.support.waiting import eventually

SECRET = "X-Telegram-Bot-Api-Secret-Token"
_ids = count(41_001)


@pytest.fixture(scope="module")
def here(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Station]:
    """One running station for all tests here; each brings a mechanic of its own."""
    directory: Path = tmp_path_factory.mktemp("once")
    with (
        running(time_scale=ENGINE, args=KNOWN) as box,
        station(directory, f"sqlite:///{directory / 'felix.sqlite3'}", box) as opened,
    ):
        opened.open()
        yield opened


@pytest.fixture
def mechanic(here: Station) -> Iterator[Mechanic]:
    """Somebody known, whose chat with the bot is open."""
    number = next(_ids)
    member = Member(f"M{number}", "en", Role.MECHANIC, telegram_id=number)
    hire(here.database, member)
    box = Sandbox(here.sandbox.url)
    new = Mechanic(box, member)
    new.appear()
    yield new
    box.close()


def orders_of(here: Station, mechanic: Mechanic) -> list[Order]:
    with here.database.read() as session:
        statement = select(Order).join(Order.person).where(Person.telegram_id == mechanic.id).order_by(Order.id)
        return list(session.scalars(statement))


def draft_of(here: Station, mechanic: Mechanic) -> Json:
    with here.database.read() as session:
        content = session.scalar(select(Draft.content).join(Person).where(Person.telegram_id == mechanic.id))
    return dict(content or {})


def arrived(here: Station, mechanic: Mechanic) -> list[int]:
    """The ids of this person's updates in the order of arrival."""
    with here.database.read() as session:
        lane = select(InboxRow.update_id).where(InboxRow.lane == f"u:{mechanic.id}").order_by(InboxRow.seq)
        return [number for number in session.scalars(lane) if number is not None]


def to_the_summary(mechanic: Mechanic, words: str = "gizmo") -> None:
    mechanic.write(words)
    mechanic.write("12345678")
    mechanic.reads("123-45-678", words)


def delivered(here: Station, update_id: int, times: int) -> None:
    """Until the emulator's webhook has had so many good answers for this update."""

    def answers() -> bool:
        journal = here.sandbox.journal(kind="delivery")
        return len([e for e in journal if e["update_id"] == update_id and e["status"] == 200]) >= times

    eventually(answers, 10, f"update {update_id} is delivered {times} times")


def test_an_update_that_comes_three_times_is_one_line_and_one_answer(here: Station, mechanic: Mechanic) -> None:
    update = mechanic.write("gizmo")
    here.sandbox.redeliver(update["update_id"], times=2)
    delivered(here, update["update_id"], 3)
    mechanic.reads("gizmo", "Check the order")
    here.wait_settled()

    assert [line["words"] for line in draft_of(here, mechanic)["lines"]] == [{"": "gizmo"}]
    assert arrived(here, mechanic) == [update["update_id"]]
    assert len(mechanic.messages("Check the order")) == 1


def test_an_update_that_comes_four_times_at_once_and_by_both_ways_is_recorded_once(
    here: Station, mechanic: Mechanic
) -> None:
    person = {"id": mechanic.id, "is_bot": False, "first_name": "M", "language_code": "en"}
    chat = {"id": mechanic.id, "type": "private", "first_name": "M"}
    message = {"message_id": 7, "date": 1, "from": person, "chat": chat, "text": "gizmo"}
    body = msgspec.json.encode({"update_id": 900_000_000 + mechanic.id, "message": message})
    with ThreadPoolExecutor(4) as pool:
        posts = [
            pool.submit(request, "POST", port, "/telegram/webhook", body, {SECRET: WEBHOOK_SECRET})
            for port in (here.web_port, here.daemon_port) * 2
        ]
    assert [post.result()[0] for post in posts] == [200] * 4
    eventually(lambda: draft_of(here, mechanic).get("lines"), 10, "the line")
    here.wait_settled()
    assert [line["words"] for line in draft_of(here, mechanic)["lines"]] == [{"": "gizmo"}]
    assert len(arrived(here, mechanic)) == 1


def test_a_confirmation_that_comes_three_times_is_one_order(here: Station, mechanic: Mechanic) -> None:
    to_the_summary(mechanic)
    press = mechanic.press_data(":send")
    here.sandbox.redeliver(press["update_id"], times=2)
    delivered(here, press["update_id"], 3)
    here.wait_settled()
    assert len(orders_of(here, mechanic)) == 1


def test_a_press_sent_again_under_a_new_number_is_told_that_it_is_done(here: Station, mechanic: Mechanic) -> None:
    to_the_summary(mechanic)
    first = mechanic.press_data(":send")
    (order,) = eventually(lambda: orders_of(here, mechanic), 10, "the order")
    again = here.sandbox.repress(first["callback_query_id"])
    assert again["update_id"] != first["update_id"]
    toast = answer(here, again)
    here.wait_settled()
    assert toast == f"Already sent: order {order.id}."
    assert len(orders_of(here, mechanic)) == 1


def answer(here: Station, press: Json) -> str:
    """The toast of a press."""
    shown = eventually(
        lambda: (found := here.sandbox.answers(press["callback_query_id"]))["answered"] and found, 10, "the toast"
    )
    return str(shown.get("text", ""))


def test_a_quantity_pressed_again_stays_that_quantity(here: Station, mechanic: Mechanic) -> None:
    mechanic.write("gizmo")
    mechanic.press_data(":line:1")
    press = mechanic.press_data(":quantity:3")
    mechanic.reads("3 ×")
    again = here.sandbox.repress(press["callback_query_id"])
    answer(here, again)
    here.wait_settled()
    assert [line["quantity"] for line in draft_of(here, mechanic)["lines"]] == [3]


def test_two_quick_taps_on_send_are_one_order_and_both_are_answered(here: Station, mechanic: Mechanic) -> None:
    to_the_summary(mechanic)
    first, second = mechanic.send_twice()
    toasts = {answer(here, first), answer(here, second)}
    (order,) = orders_of(here, mechanic)
    assert toasts == {f"Sent: order {order.id}.", f"Already sent: order {order.id}."}
    here.wait_settled()
    assert len(orders_of(here, mechanic)) == 1


def test_two_quick_taps_on_a_part_are_one_line(here: Station, mechanic: Mechanic) -> None:
    mechanic.box.start(mechanic.id)
    mechanic.press("New order")
    mechanic.press("Brakes")
    for press in mechanic.tap_twice("Front pads"):
        answer(here, press)
    assert len(draft_of(here, mechanic)["lines"]) == 1


def test_a_typed_number_that_overtakes_its_press_is_still_the_quantity(here: Station, mechanic: Mechanic) -> None:
    """First tapped *Next*, then typed 5, says the phone; the other way round, say the queues of Telegram."""
    mechanic.write("gizmo")
    mechanic.reads("gizmo", "Check the order")
    here.sandbox.swap_next()
    typed = mechanic.write("5")
    pressed = mechanic.press("Next: the car")
    mechanic.reads("Which car?", "5 ×")
    here.wait_settled()

    assert arrived(here, mechanic)[-2:] == [pressed["update_id"], typed["update_id"]]
    draft = draft_of(here, mechanic)
    assert [(line["words"], line["quantity"]) for line in draft["lines"]] == [({"": "gizmo"}, 5)]
    assert not draft["plate"]


def test_a_plate_that_overtakes_the_press_asking_for_it_is_the_plate(here: Station, mechanic: Mechanic) -> None:
    mechanic.write("gizmo")
    mechanic.reads("gizmo", "Check the order")
    here.sandbox.swap_next()
    pressed = mechanic.press("Next: the car")
    typed = mechanic.write("12345678")
    mechanic.reads("Check the order", "123-45-678")
    here.wait_settled()

    assert arrived(here, mechanic)[-2:] == [typed["update_id"], pressed["update_id"]]
    draft = draft_of(here, mechanic)
    assert (draft["plate"], len(draft["lines"])) == ("12345678", 1)
