"""An order at the counter, for somebody else. Each press renders the page anew with all that was typed, so that it
works without scripts; with them, people and parts are found while typing.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

from flask import Blueprint, Response, make_response, redirect, render_template, request
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response as WerkzeugResponse

from common.cars import vehicles, vins
from common.cars.identified import Identified
from common.cars.vins import Description
from common.catalogue import catalogue, search
from common.catalogue.search import Match
from common.counter import counter_orders
from common.database.models import Grade, Person
from common.errors import InvalidInput
from common.i18n import worded
from common.orders.moves import MAX_LINES, WantedLine
from common.permissions import Action
from common.signing import fresh_code
from webapp.orders.order_page import MOST_ID
from webapp.web.context import desk, reader
from webapp.web.order_forms import key_given
from webapp.web.sessions import needs
from webapp.wording import words

blueprint = Blueprint("counter", __name__, url_prefix="/orders/new")
MOST_TYPED = 200


@dataclass
class Line:
    """A line as it stands in the form: `part` is a part's number or empty, `quantity` whatever was typed."""

    part: str
    words: str
    quantity: str = "1"
    grade: str = Grade.ANY


@dataclass
class Typed:
    """Everything that stands in the form."""

    key: str
    who: str = ""
    person: str = ""
    car: str = ""
    what: str = ""
    comment: str = ""
    take: bool = True
    lines: list[Line] = field(default_factory=list)


def _typed() -> Typed:
    """What was sent, cut to what a form of ours can hold."""
    form = request.form
    columns = [form.getlist(f"line_{name}") for name in ("part", "words", "quantity", "grade")]
    lines = [Line(*cells) for cells in zip(*columns, strict=False)][: MAX_LINES + 1]
    return Typed(
        key=form.get("key", "") or fresh_code(),
        who=form.get("who", "")[:MOST_TYPED],
        person=form.get("person", ""),
        car=form.get("car", "")[:MOST_TYPED],
        what=form.get("what", "")[:MOST_TYPED],
        comment=form.get("comment", ""),
        take=form.get("take") == "1",
        lines=lines,
    )


@blueprint.get("")
@needs(Action.ORDER_PLACE_FOR)
def page() -> Response:
    """An order for somebody who stands at the counter or calls."""
    return _show(Typed(key=fresh_code(), who=request.args.get("who", "")[:MOST_TYPED]))


@blueprint.get("/people")
@needs(Action.ORDER_PLACE_FOR)
def people() -> str:
    """Who is meant, while a name is typed."""
    with desk().database.read() as session:
        found = counter_orders.find_people(session, request.args.get("who", "")[:MOST_TYPED])
        return render_template("counter_people.html", people=found, typed=Typed(""))


@blueprint.get("/parts")
@needs(Action.ORDER_PLACE_FOR)
def parts() -> str:
    """Which part is meant, while it is typed."""
    typed = Typed("", what=request.args.get("what", "")[:MOST_TYPED])
    with desk().database.read() as session:
        return render_template("counter_parts.html", matches=_matches(session, typed.what), typed=typed)


@blueprint.post("")
@needs(Action.ORDER_PLACE_FOR)
def place() -> WerkzeugResponse:
    """Place it, or render it anew with a line more, a line less, or what was looked for."""
    typed, wanted = _typed(), request.form.get("do", "find")
    if wanted == "place":
        return _place(typed)
    verb, _, number = wanted.partition(":")
    change = CHANGES.get(verb, _find)
    with desk().database.read() as session:
        change(session, typed, int(number) if number.isascii() and number.isdigit() and len(number) < 16 else 0)
    return _show(typed)


def _add(session: Session, typed: Typed, part_id: int) -> None:
    """A part of the catalogue is a line more."""
    part = catalogue.live_part(session, min(part_id, MOST_ID))
    if part is not None:
        typed.lines.append(Line(str(part.id), worded(dict(part.names))))
        typed.what = ""


def _write(session: Session, typed: Typed, _number: int) -> None:
    """What was typed is a line more, as it is written."""
    if typed.what.strip():
        typed.lines.append(Line("", " ".join(typed.what.split())))
        typed.what = ""


def _remove(session: Session, typed: Typed, number: int) -> None:
    del typed.lines[number : number + 1]


def _find(session: Session, typed: Typed, _number: int) -> None:
    """What is called just so is meant; the rest is shown to be chosen."""
    exact = next((match for match in _matches(session, typed.what) if match.exact), None)
    if exact is not None:
        _add(session, typed, exact.part_id)


CHANGES: dict[str, Callable[[Session, Typed, int], None]] = {"add": _add, "write": _write, "remove": _remove}


def _place(typed: Typed) -> WerkzeugResponse:
    try:
        key = key_given()
        with desk().database.write("desk") as session:
            order, _new = counter_orders.place_at_desk(
                session,
                key=key,
                person_id=_number(typed.person),
                car=typed.car,
                lines=[_wanted(session, line) for line in typed.lines],
                actor=reader().actor,
                comment=typed.comment,
                take=typed.take,
            )
    except InvalidInput as error:
        return _show(typed, 400, words.refusal(error))
    return redirect(f"/orders/{order.id}", 303)


def _number(given: str) -> int | None:
    return min(int(given), MOST_ID) if given.isascii() and given.isdigit() and len(given) < 16 else None


def _wanted(session: Session, line: Line) -> WantedLine:
    """Raises: InvalidInput."""
    grade = Grade(line.grade) if line.grade in set(Grade) else Grade.ANY
    return counter_orders.wanted_line(
        session, _number(line.part), line.words, quantity=_number(line.quantity.strip()) or 0, grade=grade
    )


def _matches(session: Session, what: str) -> list[Match]:
    return search.matches(session, what, language=reader().language) if what.strip() else []


def _show(typed: Typed, code: int = 200, wrong: str = "") -> Response:
    car = _read(typed.car)
    with desk().database.read() as session:
        chosen = session.get(Person, _number(typed.person) or 0)
        found = counter_orders.find_people(session, typed.who)
        if chosen is not None and chosen not in found:
            found = [chosen, *found]
        body = render_template(
            "counter.html",
            typed=typed,
            people=found,
            matches=_matches(session, typed.what),
            car=car,
            described=vins.described(car.vin) if car and car.vin else Description(None, None),
            grades=list(Grade),
            wrong=wrong,
        )
    return make_response(body, code)


def _read(car: str) -> Identified | None:
    try:
        return vehicles.read_vehicle(car)
    except InvalidInput:
        return None
