"""What the scripts of keys, drag and palette live on, and the switch that puts single keys out."""

from __future__ import annotations

import html
import json
import re
from pathlib import Path

import pytest

import docs
import webapp
from common.database.engine import Database
from common.database.models import Person
from common.orders.moves import Move
from tests.webapp.desks import move, place
from tests.webapp.visitor import Visitor

SCRIPTS = Path(webapp.__file__).parent / "static" / "scripts"
BOARD_PAGE = Path(docs.__file__).parent / "how-to" / "run-the-board.md"


def shown_caps(text: str) -> list[str]:
    """What the dialog of the keys shows, key by key."""
    dialog = text.partition('<dl class="keys">')[2].partition("</dl>")[0]
    return [html.unescape(cap) for cap in re.findall(r"<kbd>(.*?)</kbd>", dialog)]


def shortcuts_of(text: str) -> dict[str, str]:
    """What the scripts are told: each key and what it does."""
    found = re.search(r'data-shortcuts="([^"]*)"', text)
    assert found
    told: dict[str, str] = json.loads(html.unescape(found[1]))
    return told


def test_a_card_says_what_it_can_do(manager: Visitor, database: Database, dima: Person, avi: Person) -> None:
    order = place(database, dima)
    assert 'data-moves="take:in_work cancel:cancelled!"' in manager.text("/")
    move(database, order.id, Move.TAKE, avi)
    assert 'data-moves="ready:ready wait:waiting! cancel:cancelled!"' in manager.text("/")


def test_single_keys_are_switched_off_for_one_person_everywhere(manager: Visitor, storekeeper: Visitor) -> None:
    assert 'data-keys="on"' in manager.text("/")
    assert manager.post("/account/keys", {"single_keys": "off"}).location == "/account"
    assert 'data-keys="off"' in manager.text("/orders")
    assert 'data-keys="on"' in storekeeper.text("/")
    manager.post("/account/keys", {"single_keys": "on"})
    assert 'data-keys="on"' in manager.text("/")


@pytest.mark.parametrize("ask", ["wait", "cancel"])
def test_an_address_opens_the_form_that_asks_for_a_reason(
    manager: Visitor, database: Database, dima: Person, avi: Person, ask: str
) -> None:
    order = place(database, dima)
    move(database, order.id, Move.TAKE, avi)
    assert f'id="ask-{ask}" open' in manager.text(f"/orders/{order.id}?ask={ask}")
    assert " open>" not in manager.text(f"/orders/{order.id}?ask=nothing")


def test_the_palette_has_the_pages_its_reader_may_see_in_every_language(storekeeper: Visitor, manager: Visitor) -> None:
    text = storekeeper.text("/")
    assert "Board" in text
    assert "Доска" in text
    assert 'data-href="/audit"' not in text
    assert 'data-href="/audit"' in manager.text("/")


def test_a_key_is_told_to_the_scripts_as_the_dialog_shows_it(manager: Visitor) -> None:
    text = manager.text("/")
    told = shortcuts_of(text)
    assert [told[code] for code in ("KeyC", "KeyW", "Slash", "KeyG KeyB")] == ["move take", "move wait", "find", "go /"]
    assert {code[-1] for code in told if code.startswith("Key")} <= set(shown_caps(text))


def test_the_scripts_know_every_action_of_the_table(manager: Visitor) -> None:
    actions = (SCRIPTS / "keys.js").read_text().partition("const ACTIONS = {")[2].partition("\n};")[0]
    known = set(re.findall(r"^  (\w+):", actions, flags=re.MULTILINE))
    assert {action.split(" ")[0] for action in shortcuts_of(manager.text("/")).values()} == known


def test_keys_lead_only_to_pages_that_the_reader_may_see(storekeeper: Visitor, manager: Visitor) -> None:
    for reader in (storekeeper, manager):
        text = reader.text("/")
        menu = text.partition('<nav class="nav"')[2].partition("</nav>")[0]
        goes = {action.removeprefix("go ") for action in shortcuts_of(text).values() if action.startswith("go ")}
        assert goes == set(re.findall(r'<a href="(.*?)"', menu))


def test_the_docs_show_the_keys_of_the_dialog(manager: Visitor) -> None:
    table = BOARD_PAGE.read_text().partition("| Key | Does |")[2].partition("\n\n")[0]
    rows = [line.split(" | ")[0] for line in table.splitlines() if line.startswith("| `")]
    assert re.findall("`(.*?)`", " ".join(rows)) == shown_caps(manager.text("/"))
