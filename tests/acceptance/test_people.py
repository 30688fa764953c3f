"""A station where nobody knows anybody: a stranger asks and is let in, a storekeeper serves from the chat."""

from __future__ import annotations

import re

from common.database.models import Role
from tests.acceptance.desk import Desk, Page
from tests.acceptance.fixtures import OpenStation
from tests.acceptance.mechanic import Mechanic, buttons, plain
from tests.acceptance.test_journey import complaints
from tests.support.cast import AVI, CHARLIE, PASSWORD, RINA, Member, hire
from tests.support.waiting import eventually

RINAS_PHONE = Member("Rina", "he", Role.STOREKEEPER, telegram_id=1005)


def test_a_stranger_is_let_in_at_the_desk_and_a_storekeeper_serves_them_from_the_chat(
    open_station: OpenStation, any_database_url: str
) -> None:
    here = open_station(any_database_url)
    here.open()
    for member in (AVI, RINA):
        hire(here.database, member, password=PASSWORD)
    charlie, rina = Mechanic(here.sandbox, CHARLIE), Mechanic(here.sandbox, RINAS_PHONE)

    charlie.appear()
    charlie.open_link("")
    charlie.press("Ask to join")
    charlie.sees("You have asked to join. As soon as a manager has decided, you hear it here.")
    let_in(Desk(here.web_port), "Charlie")
    charlie.sees("%(name)s, you are in: a manager has let you in.", name="Charlie")
    charlie.press_data("language:en")

    rina.appear()
    rina.open_link(code_of(Desk(here.web_port)))
    rina.press("Help")
    charlie.order("gizmo")
    rina.sees("New: %(order)s", order=rina.in_words("Order %(number)s", number=1))
    serve(rina, charlie)
    here.wait_settled()
    cards = [m for m in here.sandbox.messages(rina.id) if any("why:" in b["data"] for b in buttons(m))]
    assert len(cards) == 1
    assert not complaints(here.logs())


def serve(rina: Mechanic, charlie: Mechanic) -> None:
    """Each move by a button; before the next one Charlie has seen what it says."""

    def says(state: str) -> None:
        charlie.shown(lambda message: "Order 1 · " in plain(message["text"]) and state in message["text"], state)

    rina.press_data(":take")
    says("In work")
    rina.press_data(":ready")
    charlie.sees("%(order)s is ready. Pick it up from the storekeeper.", order="Order 1 (123-45-678)")
    rina.press_data(":issue")
    says("Handed out")


def _page_with(desk: Desk, name: str) -> Page | None:
    page = desk.get("/people")
    return page if name in page.text else None


def let_in(desk: Desk, name: str) -> None:
    """As the manager."""
    desk.sign_in(AVI)
    page = eventually(lambda: _page_with(desk, name), 10, "the request is on the page")
    form = page.form(name=name)
    assert desk.submit(form, decision="let_in").status == 303


def code_of(desk: Desk) -> str:
    """The storekeeper's own link, as their page shows it."""
    desk.sign_in(RINA)
    link = re.search(r"\?start=([A-Za-z0-9_-]+)\"", desk.post("/account/telegram", {"present": PASSWORD}).text)
    assert link
    return link[1]
