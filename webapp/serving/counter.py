"""An order placed at the counter for a mechanic. Each press renders the page anew with all typed values, so that it
works without scripts; with them, people and parts are found while typing.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from itertools import chain, repeat

from flask import Blueprint, Response, make_response, redirect, render_template, request
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response as WerkzeugResponse

from common.cars import vehicles, vins
from common.cars.identified import IdentifiedCar
from common.cars.vins import VinDescription
from common.catalogue import catalogue, details, search
from common.catalogue.search import Match
from common.counter import counter_orders
from common.database.models import Grade, Person, Unit
from common.errors import InvalidInput
from common.i18n import worded
from common.orders.content.quantities import read_quantity
from common.orders.placing import MAX_LINES, MAX_REMARK, WantedLine
from common.permissions import Action
from common.signing import fresh_code
from common.text.numbers import parse_number
from webapp.orders.order_forms import key_given
from webapp.web.access import needs
from webapp.web.context import desk, reader
from webapp.wording import words

blueprint = Blueprint("counter", __name__, url_prefix="/orders/new")
MAX_TYPED_TEXT = 200


@dataclass
class FormLine:
    """A line of the form: `part` is a part's number or empty, `quantity` the typed text."""

    part: str
    words: str
    quantity: str = "1"
    grade: str = Grade.ANY
    unit: str = Unit.PIECE
    remark: str = ""


@dataclass
class CounterForm:
    """All values of the form."""

    key: str
    who: str = ""
    person: str = ""
    car: str = ""
    what: str = ""
    comment: str = ""
    take: bool = True
    lines: list[FormLine] = field(default_factory=list)


@dataclass(frozen=True)
class CounterPage:
    """The content of the form's page, and of the parts of it that are fetched while somebody types."""

    typed: CounterForm
    people: Sequence[Person] = ()
    matches: Sequence[Match] = ()
    car: IdentifiedCar | None = None
    wrong: str = ""

    grades = tuple(Grade)
    units = details.UNITS
    most_remark = MAX_REMARK

    @property
    def make(self) -> VinDescription:
        """The car's make and year, if its VIN tells them."""
        return vins.describe_vin(self.car.vin) if self.car and self.car.vin else VinDescription(None, None)

    @property
    def words(self) -> str:
        """The typed words for a part."""
        return self.typed.what.strip()

    def is_chosen(self, person: Person) -> bool:
        """Whether this person is chosen, or the only one who matches."""
        return self.typed.person == str(person.id) or len(self.people) == 1


def _read_form() -> CounterForm:
    """The sent form, cut to the limits of our form."""
    form = request.form
    columns: list[Iterable[str]] = [form.getlist(f"line_{name}") for name in ("part", "words", "quantity", "grade")]
    # A page that was opened before these fields were there sends none of them.
    columns += [chain(form.getlist("line_unit"), repeat(Unit.PIECE)), chain(form.getlist("line_remark"), repeat(""))]
    rows = [FormLine(*cells) for cells in zip(*columns, strict=False)][: MAX_LINES + 1]
    return CounterForm(
        key=form.get("key", "") or fresh_code(),
        who=form.get("who", "")[:MAX_TYPED_TEXT],
        person=form.get("person", ""),
        car=form.get("car", "")[:MAX_TYPED_TEXT],
        what=form.get("what", "")[:MAX_TYPED_TEXT],
        comment=form.get("comment", ""),
        take=form.get("take") == "1",
        lines=rows,
    )


@blueprint.get("")
@needs(Action.ORDER_PLACE_FOR)
def page() -> Response:
    """The form for an order of a mechanic who stands at the counter or calls."""
    return _form_page(CounterForm(key=fresh_code(), who=request.args.get("who", "")[:MAX_TYPED_TEXT]))


@blueprint.get("/people")
@needs(Action.ORDER_PLACE_FOR)
def people() -> str:
    """Matching people, while a name is typed."""
    with desk().database.read() as session:
        found = counter_orders.find_people(session, request.args.get("who", "")[:MAX_TYPED_TEXT])
        return render_template("serving/counter_people.html", page=CounterPage(CounterForm(""), people=found))


@blueprint.get("/parts")
@needs(Action.ORDER_PLACE_FOR)
def parts() -> str:
    """Matching parts, while a name is typed."""
    typed = CounterForm("", what=request.args.get("what", "")[:MAX_TYPED_TEXT])
    with desk().database.read() as session:
        page = CounterPage(typed, matches=_matches(session, typed.what))
        return render_template("serving/counter_parts.html", page=page)


@blueprint.post("")
@needs(Action.ORDER_PLACE_FOR)
def place() -> WerkzeugResponse:
    """Place the order, or render the form anew with a line added, a line removed or the search's results."""
    typed, wanted = _read_form(), request.form.get("do", "find")
    if wanted == "place":
        return _place_order(typed)
    verb, _, number = wanted.partition(":")
    change = CHANGES.get(verb, _find_part)
    with desk().database.read() as session:
        change(session, typed, parse_number(number) or 0)
    return _form_page(typed)


def _add_part(session: Session, typed: CounterForm, part_id: int) -> None:
    """Add a line with a part of the catalogue."""
    part = catalogue.live_part(session, part_id)
    if part is not None:
        typed.lines.append(FormLine(str(part.id), worded(dict(part.names)), unit=part.unit))
        typed.what = ""


def _add_words(session: Session, typed: CounterForm, _number: int) -> None:
    """Add a line with the typed words."""
    if typed.what.strip():
        typed.lines.append(FormLine("", " ".join(typed.what.split())))
        typed.what = ""


def _remove_line(session: Session, typed: CounterForm, number: int) -> None:
    del typed.lines[number : number + 1]


def _find_part(session: Session, typed: CounterForm, _number: int) -> None:
    """Take the part with exactly this name; else show the similar ones to choose from."""
    exact = next((match for match in _matches(session, typed.what) if match.exact), None)
    if exact is not None:
        _add_part(session, typed, exact.part_id)


CHANGES: dict[str, Callable[[Session, CounterForm, int], None]] = {
    "add": _add_part,
    "write": _add_words,
    "remove": _remove_line,
}


def _place_order(typed: CounterForm) -> WerkzeugResponse:
    try:
        key = key_given()
        with desk().write("desk") as session:
            order, _new = counter_orders.place_at_desk(
                session,
                key=key,
                person_id=parse_number(typed.person),
                car=typed.car,
                lines=[_read_line(session, line) for line in typed.lines],
                actor=reader().actor,
                comment=typed.comment,
                take=typed.take,
            )
    except InvalidInput as error:
        return _form_page(typed, 400, words.refusal(error))
    return redirect(f"/orders/{order.id}", 303)


def _read_line(session: Session, line: FormLine) -> WantedLine:
    """Raises: InvalidInput."""
    grade = Grade(line.grade) if line.grade in set(Grade) else Grade.ANY
    if line.unit not in set(Unit):
        raise InvalidInput("unit")
    quantity, unit = read_quantity(line.quantity, Unit(line.unit))
    return counter_orders.wanted_line(
        session,
        parse_number(line.part),
        line.words,
        quantity=quantity,
        unit=unit,
        grade=grade,
        remark=line.remark,
    )


def _matches(session: Session, what: str) -> list[Match]:
    return search.matches(session, what, language=reader().language) if what.strip() else []


def _form_page(typed: CounterForm, code: int = 200, wrong: str = "") -> Response:
    with desk().database.read() as session:
        page = CounterPage(
            typed,
            people=_people_choices(session, typed),
            matches=_matches(session, typed.what),
            car=_read_vehicle(typed.car),
            wrong=wrong,
        )
        return make_response(render_template("serving/counter.html", page=page), code)


def _people_choices(session: Session, typed: CounterForm) -> list[Person]:
    """The people who match the typed name; the chosen one too."""
    chosen = session.get(Person, parse_number(typed.person) or 0)
    found = counter_orders.find_people(session, typed.who)
    return found if chosen is None or chosen in found else [chosen, *found]


def _read_vehicle(car: str) -> IdentifiedCar | None:
    try:
        return vehicles.read_vehicle(car)
    except InvalidInput:
        return None
