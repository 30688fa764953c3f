"""The style page: every component in every state, in the reader's language. It exists only if FELIX_DEMO is set."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from flask import Blueprint, abort, render_template

from common import clock
from common.cars.plates import Plate, read_plate
from common.database.models import Grade, LineState, Order, OrderLine, OrderState, OutboxState, Person, Role, Unit
from common.i18n import N_
from common.messaging.kinds import MessageKind
from webapp.orders.board_page import AgeLimit
from webapp.station import colours
from webapp.station.colours import Pair
from webapp.web.access import signed_in
from webapp.web.context import desk
from webapp.wording.receipts import WORDS, Receipt

blueprint = Blueprint("style", __name__, url_prefix="/desk")

IDEAS: tuple[tuple[str, str], ...] = (
    (N_("One idea per screen"), N_("A page answers one question. What else there is stands a press away.")),
    (N_("Calm"), N_("Grey ground, black words. Colour means a state or the next thing to do, and nothing else.")),
    (N_("Dense"), N_("Nine orders at a glance without scrolling. Space separates; lines only where space cannot.")),
    (N_("A state is a word, a shape and a colour"), N_("Take the colour away and nothing is lost.")),
    (N_("Quantity first"), N_("What the hand must fetch comes before its name: 2 × brake disc.")),
    (N_("The age says what to do"), N_("Quiet, then bold, then “late” with a triangle. Each state has its limits.")),
    (N_("Undo instead of questions"), N_("What can be taken back happens at once.")),
    (N_("Nothing moves under the hand"), N_("Live updates keep the focus, the open menu and the half-written word.")),
    (N_("Three languages as equals"), N_("Pages mirror themselves. Numbers, plates and names keep their direction.")),
)
NOTES = {
    "good": N_("Somebody at the desk said that it arrived."),
    "wait": N_("Telegram asks us to wait."),
    "bad": N_("The desk did not answer. Press again in a moment: nothing is done twice."),
    "ask": N_("Not done: the order changed after you opened this page."),
    "none": N_("Nothing was sent yet."),
}  # by tone
PLATES = ("1234567", "12345678", "А123ВС77", "AB-123-CD")
GRADES = (Grade.ORIGINAL, Grade.AFTERMARKET, Grade.ANY)
AGES = (timedelta(minutes=2), timedelta(minutes=8), timedelta(hours=3))
LIMIT = AgeLimit(5 * 60, 15 * 60)


@dataclass(frozen=True)
class StylePage:
    """The content of the style page: samples of every component."""

    pairs: list[Pair]
    plates: list[Plate]
    lines: list[OrderLine]
    ages: list[datetime]
    people: list[Person]
    receipts: list[Receipt]
    order: Order

    ideas = IDEAS
    states = tuple(OrderState)
    notes = NOTES
    limit = LIMIT
    receipt_words = WORDS


@blueprint.get("/style")
@signed_in
def page() -> str:
    """Every component in every state, for developers of pages; 404 outside the demo."""
    if not desk().settings.demo:
        abort(404)
    return render_template("station/style.html", page=make_style_page())


def make_style_page() -> StylePage:
    return StylePage(
        pairs=list(colours.pairs()),
        plates=[read_plate(plate) for plate in PLATES],
        lines=_sample_lines(),
        ages=[clock.utcnow() - age for age in AGES],
        people=[_sample_person("Рина Кац", Role.STOREKEEPER), _sample_person("נועה", Role.MECHANIC)],
        receipts=_sample_receipts(),
        order=Order(id=1041, version=1, state=OrderState.NEW),
    )


def _sample_lines() -> list[OrderLine]:
    """A line of each state, with words in each script and every grade."""
    names = ("Brake disc, front", "Колодки тормозные передние", "רפידות בלם קדמיות")
    return [
        OrderLine(
            id=number,
            quantity=number,
            words={"": names[number % len(names)]},
            unit=Unit.LITRE if number == 4 else Unit.PIECE,
            remark="5w-30" if number == 4 else "",
            grade=GRADES[number % len(GRADES)],
            state=state,
            expected_on=clock.utcnow().date() if state is LineState.ORDERED else None,
        )
        for number, state in enumerate(LineState, start=1)
    ]


def _sample_person(name: str, role: Role) -> Person:
    return Person(name=name, role=role, language="ru")


def _sample_receipts() -> list[Receipt]:
    """A receipt that may be sent again, and one that may have arrived."""
    now = clock.utcnow()
    return [
        Receipt(number, MessageKind.NOTICE_READY, state, now, None, now, 2, 2, None, "", None)
        for number, state in enumerate((OutboxState.EXPIRED, OutboxState.HELD), start=1)
    ]
