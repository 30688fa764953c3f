"""Slips: orders on paper, of three widths, in the language of the reader or the mechanic, with an exact preview."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from urllib.parse import urlencode

from flask import Blueprint, Response, make_response, redirect, render_template, request
from markupsafe import Markup
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response as WerkzeugResponse

from common import clock, i18n
from common.counter import slips
from common.counter.slips import Width
from common.database.models import Event, Order, OrderLine
from common.errors import InvalidInput, NotFound
from common.facts.orders import SlipPrinted
from common.languages import LANGUAGES
from common.orders import reading
from common.orders.states import HANDED_OUT_TOGETHER
from common.permissions import Action
from common.signing import fresh_code
from common.text.numbers import parse_number
from webapp.web.access import needs, signed_in
from webapp.web.context import desk, reader
from webapp.web.qr import qr_svg
from webapp.wording import error_pages, words

blueprint = Blueprint("slips", __name__)
COOKIE = "slip"  # the last paper width of this browser: that of the printer beside it
YEAR = 365 * 86400
MECHANICS_LANGUAGE = "mechanic"  # each slip in the language of the person who ordered
KEY = re.compile(r"[A-Za-z0-9_-]{8,40}")


@dataclass(frozen=True)
class Paper:
    """One slip. `number`: its number among the papers of its order; in a preview, the next number."""

    order: Order
    width: Width
    language: str
    address: str
    qr: Markup
    number: int
    first: datetime | None  # on a copy: when the first was printed
    at: datetime

    def is_notable(self, line: OrderLine) -> bool:
        """Whether the slip prints the line's state, because the line does not simply go with the others."""
        return line.state not in HANDED_OUT_TOGETHER

    def render(self) -> Markup:
        """Render the paper in its own language."""
        with i18n.use_language(self.language):
            return Markup(render_template("orders/slip_paper.html", page=self))  # noqa: S704 a template of ours


@dataclass(frozen=True)
class SlipRequest:
    """The parameters of an address or a form."""

    order_ids: Sequence[int]
    width: Width
    language: str  # a code of our languages, or `mechanic`
    key: str  # the key of the printing that is shown; empty: a preview of the next

    def path(self, **changes: str) -> str:
        fields = {"width": self.width.value, "language": self.language, **changes}
        if len(self.order_ids) == 1:
            return f"/orders/{self.order_ids[0]}/slip?{urlencode(fields)}"
        return f"/slips?{urlencode({'orders': self.numbers, **fields}, safe=',')}"

    @property
    def numbers(self) -> str:
        return ",".join(map(str, self.order_ids))


@dataclass(frozen=True)
class SlipPage:
    """The content of the page: the papers as they are printed, and what was printed before."""

    asked: SlipRequest
    orders: list[Order]
    papers: list[Paper]
    printed: Event | None  # the printing that the address names
    is_lost: bool  # whether this printing failed
    may_print: bool
    fresh_key: str

    widths = words.WIDTHS
    mechanics_language = MECHANICS_LANGUAGE

    @property
    def only_order(self) -> Order | None:
        return self.orders[0] if len(self.orders) == 1 else None

    @property
    def copies(self) -> int:
        """The number of papers that say that they are copies."""
        return sum(paper.first is not None for paper in self.papers)

    @property
    def opens_print_dialog(self) -> bool:
        return self.printed is not None and not self.is_lost


@blueprint.get("/orders/<id:order_id>/slip")
@signed_in
def one(order_id: int) -> Response:
    """An order on paper, as it would be printed."""
    return _page(_read_slip_request([order_id]))


@blueprint.get("/slips")
@signed_in
def many() -> Response:
    """Several orders, each on a separate paper."""
    try:
        return _page(_read_slip_request(_read_order_ids()))
    except InvalidInput as error:
        return error_pages.error_page(400, words.refusal(error))


@blueprint.post("/slips/choose")
@signed_in
def choose() -> WerkzeugResponse:
    """The slips of the orders that are ticked in the list, or of its whole page."""
    name = "shown" if request.form.get("all") else "pick"
    ticked = [given.partition(":")[0] for given in request.form.getlist(name)]
    try:
        return redirect(_read_slip_request(_read_order_ids(ticked)).path(), 303)
    except InvalidInput as error:
        return error_pages.error_page(400, words.refusal(error))


@blueprint.post("/slips")
@needs(Action.SLIP_PRINT)
def print_papers() -> WerkzeugResponse:
    """Record the printing on the timeline of each order, then open the browser's print dialog."""
    try:
        asked, key = _read_slip_request(_read_order_ids()), _read_key()
        with desk().write("desk") as session:
            slips.record_printed(session, reader().actor, asked.order_ids, asked.width, key=key)
    except InvalidInput as error:
        return error_pages.error_page(400, words.refusal(error))
    answer = redirect(asked.path(key=key), 303)
    answer.set_cookie(COOKIE, asked.width.value, max_age=YEAR, secure=desk().is_https, httponly=True, samesite="Lax")
    return answer


@blueprint.post("/slips/failed")
@needs(Action.SLIP_PRINT)
def report_failure() -> WerkzeugResponse:
    """Record that the printing failed: the timeline shows it, and the next papers are copies."""
    try:
        asked, key = _read_slip_request(_read_order_ids()), _read_key()
        with desk().write("desk") as session:
            slips.record_failed(session, reader().actor, asked.order_ids, key=key)
    except InvalidInput as error:
        return error_pages.error_page(400, words.refusal(error))
    return redirect(asked.path(), 303)


def _read_order_ids(given: Sequence[str] | None = None) -> list[int]:
    """The requested orders: `?orders=1,2,3`, or several fields of this name. Raises: InvalidInput."""
    fields = request.values.getlist("orders") if given is None else given
    numbers = [parse_number(number.strip()) for number in ",".join(fields).split(",") if number.strip()]
    found = [number for number in dict.fromkeys(numbers) if number is not None]
    if None in numbers:
        raise InvalidInput("form")
    if not found:
        raise InvalidInput("slips_none")
    if len(found) > slips.MAX_SLIPS:
        raise InvalidInput("slips_many", most=slips.MAX_SLIPS)
    return found


def _read_key() -> str:
    """Raises: InvalidInput."""
    key = request.form.get("key", "")
    if not KEY.fullmatch(key):
        raise InvalidInput("form")
    return key


def _read_slip_request(order_ids: Sequence[int]) -> SlipRequest:
    """The request. An unknown width or language becomes the default."""
    given = request.values.get
    width = next((w for w in (given("width"), request.cookies.get(COOKIE)) if w in set(Width)), Width.ROLL_80)
    language = given("language", "")
    if language not in (*LANGUAGES, MECHANICS_LANGUAGE):
        language = i18n.language()
    return SlipRequest(order_ids, Width(width), language, given("key", ""))


def _page(asked: SlipRequest) -> Response:
    with desk().database.read() as session:
        orders = _orders(session, asked.order_ids)
        printed = slips.prints(session, asked.order_ids)
        failures = slips.prints(session, asked.order_ids, slips.FAILED)
        shown = _named_printing(printed, asked)
        page = SlipPage(
            asked=asked,
            orders=orders,
            papers=[_paper(order, printed[order.id], asked) for order in orders],
            printed=shown,
            is_lost=shown is not None and slips.print_of_key(failures[shown.order_id], asked.key) is not None,
            may_print=reader().may(Action.SLIP_PRINT),
            fresh_key=fresh_code(),
        )
        return make_response(render_template("orders/slip.html", page=page))


def _orders(session: Session, order_ids: Sequence[int]) -> list[Order]:
    """The orders in the requested sequence. Raises: NotFound."""
    found = {order.id: order for order in reading.read_orders(session, order_ids)}
    missing = [order_id for order_id in order_ids if order_id not in found]
    if missing:
        raise NotFound("order", missing[0])
    return [found[order_id] for order_id in order_ids]


def _named_printing(printed: dict[int, list[Event]], asked: SlipRequest) -> Event | None:
    """The printing that the address names, if it covered all these orders."""
    events = [slips.print_of_key(printed[order_id], asked.key) for order_id in asked.order_ids]
    return None if None in events else events[0]


def _paper(order: Order, printed: Sequence[Event], asked: SlipRequest) -> Paper:
    this = slips.print_of_key(printed, asked.key)
    number = SlipPrinted.read(this.arguments).copy if this else len(printed) + 1
    address = f"{(desk().settings.public_url or request.url_root).rstrip('/')}/orders/{order.id}"
    language = order.person.language if asked.language == MECHANICS_LANGUAGE else asked.language
    return Paper(
        order=order,
        width=asked.width,
        language=i18n.known_language(language) or i18n.language(),
        address=address,
        qr=qr_svg(address),
        number=number,
        first=printed[0].at if number > 1 else None,
        at=this.at if this else clock.utcnow(),
    )
