"""Hebrew runs from right to left; plates, names and what people write keep their own direction."""

from __future__ import annotations

import pytest

from bot_daemon.chat import buttons, screens
from bot_daemon.chat.rendering.text import RLM, escape, label, shorten, utf16_units
from bot_daemon.chat.screens import ScreenView
from common.cars import vehicles
from common.database.engine import Database
from common.database.models import (
    Person,
    Via,
)
from common.messaging.kinds import MessageKind
from common.orders import placing
from common.orders.placing import WantedLine
from common.permissions import Actor
from tests.bot_daemon.chat.rendering.worst import rendered, worst_order


def test_every_line_of_hebrew_runs_from_right_to_left(database: Database, noa: Person) -> None:
    with database.write() as session:
        worst_order(session, noa)
        content = rendered(session, MessageKind.CARD, chat_id=1002)
    assert all(line.startswith(RLM) for line in content.text.split("\n") if line)
    assert all(button.text.startswith(RLM) for row in content.buttons for button in row)


@pytest.mark.parametrize(("language", "turns"), [("en", ["◀️ 0", "▶️ 2"]), ("he", ["◀️ 2", "▶️ 0"])])
def test_arrows_point_the_way_the_reader_reads(
    database: Database, noa: Person, language: str, turns: list[str]
) -> None:
    with database.write() as session:
        reader = session.get_one(Person, noa.id)
        reader.language = language
        for number in range(11):
            placing.place_order(
                session, key=str(number), person=reader, lines=[WantedLine({"": "bolt"})], actor=Actor.of(noa, Via.BOT)
            )
        screens.show(session, 1002, ScreenView.ORDERS, {"page": 1}, cause="u1")
        pages = [
            b
            for row in rendered(session, MessageKind.SCREEN, chat_id=1002).buttons
            for b in row
            if buttons.ORDERS_SHOWN.pattern.match(b.data) and b.text.strip(RLM) in "◀️▶️"
        ]
    assert [f"{b.text.strip(RLM)} {b.data.split(':')[2]}" for b in pages] == turns


def test_a_plate_keeps_its_direction_and_a_name_its_own(database: Database, noa: Person) -> None:
    with database.write() as session:
        order = worst_order(session, noa)
        order.vehicle = vehicles.remember(session, vehicles.read_plate("12345678"))
        order.owner = session.get_one(Person, noa.id)
        session.flush()
        text = rendered(session, MessageKind.CARD, chat_id=1002).text
    assert "\u2066123-45-678\u2069" in text
    assert "\u2068Noa\u2069" in text


def test_what_people_write_cannot_break_out_of_its_isolation_or_its_line() -> None:
    said = escape("a\u2069\u202eb\nc<i>")
    assert said == "\u2068ab c&lt;i&gt;\u2069"


@pytest.mark.parametrize("text", ["", "abc", "🧨" * 10, "a🧨" * 10])
@pytest.mark.parametrize("most", [1, 2, 7, 100])
def test_a_shortened_text_is_as_long_as_allowed_and_no_longer(text: str, most: int) -> None:
    short = shorten(text, most)
    assert utf16_units(short) <= most
    assert short == text or short.endswith("…")


@pytest.mark.parametrize("name", ["", "\xad\x9a", "\u200b\n"])
def test_a_button_whose_name_shows_nothing_is_a_dash(name: str) -> None:
    assert label(name) == "—"
