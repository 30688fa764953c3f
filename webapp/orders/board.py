"""The board: which orders wait for whom, and their next moves. One renderer makes the page and each live update."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from flask import Blueprint, Response, current_app, jsonify, render_template
from markupsafe import Markup
from sqlalchemy import Select, func, select, union_all
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session

from common import clock, i18n
from common.database.engine import revision
from common.database.models import Order, OrderLine, OrderState, Person, Vehicle
from common.orders import overdue, reading, undo
from common.orders.moves import Transition, moves_from
from common.orders.states import AGE_LIMITS, BOARD, ORDER_STATES
from common.people import join_requests
from common.permissions import Action
from common.talk import presence
from common.talk.presence import Unseen
from webapp.talk import receipts
from webapp.talk.receipts import Trouble
from webapp.web import live, sessions
from webapp.web.access import signed_in
from webapp.web.context import desk, reader
from webapp.wording import times

blueprint = Blueprint("board", __name__)

MAX_CARDS = 60
MOST_LINES = 5


@dataclass(frozen=True)
class AgeLimit:
    """The ages, in seconds, from which an order's age warns and is late."""

    warn: int
    late: int

    def level(self, since: datetime) -> str:
        seconds = (clock.utcnow() - since).total_seconds()
        return "late" if seconds >= self.late else "warn" if seconds >= self.warn else ""


def age_limit(state: OrderState) -> AgeLimit:
    """The age limit of a column of the board."""
    warn, late = AGE_LIMITS[state]
    return AgeLimit(warn * 60, late * 60)


@dataclass(frozen=True)
class BoardCard:
    """An order as the board shows it."""

    order: Order
    main: Transition
    limit: AgeLimit
    trouble: Trouble | None
    unseen: Unseen
    looking: list[str]  # the other readers who have its page open

    @property
    def shown_lines(self) -> list[OrderLine]:
        return self.order.lines[:MOST_LINES]

    @property
    def hidden_lines(self) -> int:
        return max(len(self.order.lines) - MOST_LINES, 0)

    @property
    def moves(self) -> str:
        """The offered moves, for the scripts: `take:in_work wait:waiting!`; the mark means that a reason is needed."""
        offered = moves_from(self.order.state)
        return " ".join(f"{t.move.value}:{t.target.value}{'!' if t.needs_reason else ''}" for t in offered)

    @property
    def overdue(self) -> bool:
        """Whether its expected day is over."""
        return overdue.is_past_day(self.order, times.today())

    @property
    def late(self) -> int:
        """The number of its parts that are late."""
        return len(overdue.overdue_lines(self.order, times.today()))


@dataclass
class Column:
    state: OrderState
    limit: AgeLimit
    count: int = 0
    oldest: datetime | None = None
    cards: list[BoardCard] = field(default_factory=list)

    @property
    def when_empty(self) -> str:
        return ORDER_STATES[self.state].when_empty

    @property
    def rest(self) -> int:
        """The number of orders that have no card on the board."""
        return self.count - len(self.cards)


@dataclass(frozen=True)
class Board:
    revision: int
    columns: list[Column]

    @property
    def new(self) -> int:
        return self.columns[0].count


def read_board(session: Session, except_: int | None = None) -> Board:
    """The board, in a fixed number of queries. `except_`: a person who is not listed as looking."""
    raised = revision(session)
    columns = {state: Column(state, age_limit(state)) for state in BOARD}
    for state, count, oldest in session.execute(_column_counts()):
        columns[state].count, columns[state].oldest = count, oldest
    orders = session.scalars(_oldest_orders()).all()
    ids = [order.id for order in orders]
    troubles, unseen = receipts.troubles(session, ids), presence.unseen(session, ids)
    looking = presence.viewers(session, ids, except_=except_)
    for order in orders:
        main = next(move for move in moves_from(order.state) if move.main)
        column, number = columns[order.state], order.id
        card = BoardCard(
            order,
            main,
            column.limit,
            troubles.get(number),
            unseen.get(number, Unseen()),
            looking.get(number, []),
        )
        column.cards.append(card)
    return Board(raised, list(columns.values()))


def _column_counts() -> Select[OrderState, int, datetime]:
    return (
        select(Order.state, func.count(), func.min(Order.state_since))
        .where(Order.state.in_(BOARD))
        .group_by(Order.state)
    )


def _oldest_orders() -> Select[Order]:
    """The oldest orders of each column: one short index scan per column."""
    of_each = [
        select(
            select(Order.id)
            .where(Order.state == state)
            .order_by(Order.state_since, Order.id)
            .limit(MAX_CARDS)
            .subquery()
            .c.id
        )
        for state in BOARD
    ]
    return reading.with_details(
        select(Order).where(Order.id.in_(union_all(*of_each))).order_by(Order.state_since, Order.id)
    )


def _join_request_count(session: Session) -> int:
    """The number of join requests that this reader can decide."""
    return join_requests.open_count(session) if reader().may(Action.PEOPLE_ADMIT) else 0


@blueprint.get("/")
@signed_in
def page() -> str:
    with desk().database.read() as session:
        return render_template("orders/board.html", is_just_in=sessions.came_from_login(), **_columns_context(session))


@blueprint.get("/board/columns")
@live.limit_concurrency
@signed_in
def columns() -> str:
    """The board's inside, for live updates. Readers with the same language and rights share one rendering."""
    me, may_move = reader().person_id, reader().may(Action.ORDER_MOVE)
    with desk().database.read() as session:
        number, own = revision(session), _reader_context(session)
        # A reader is not told that they have an order open themselves: such a reader's columns are not shared.
        alone = me if presence.has_order_open(session, me) else None
    kept = desk().page_cache.get_or_render(
        (i18n.language(), may_move, alone), number, lambda: _shared_columns(may_move=may_move, except_=alone)
    )
    return render_template("orders/board_columns.html", kept=Markup(kept), **own)  # noqa: S704 our own page


def _shared_columns(*, may_move: bool, except_: int | None) -> str:
    """The shared columns. They are rendered without a reader, so that they hold no reader's own data."""
    page = current_app.jinja_env.get_template("orders/board_columns.html")
    with desk().database.read() as session:
        return page.render(
            only_columns=True, board=read_board(session, except_), may_move=may_move, settings=desk().settings
        )


def render_columns(notices: Iterable[tuple[int, str]] = (), wrong: str = "") -> str:
    """The board's inside, with the moves that were refused and the reasons."""
    with desk().database.read() as session:
        return render_template("orders/board_columns.html", **_columns_context(session, notices, wrong))


def _columns_context(session: Session, notices: Iterable[tuple[int, str]] = (), wrong: str = "") -> dict[str, Any]:
    return {
        "board": read_board(session, except_=reader().person_id),
        "may_move": reader().may(Action.ORDER_MOVE),
        **_reader_context(session, notices, wrong),
    }


def _reader_context(session: Session, notices: Iterable[tuple[int, str]] = (), wrong: str = "") -> dict[str, Any]:
    """The reader's own values."""
    return {
        "asking": _join_request_count(session),
        "offers": undo.undo_offers(session, reader().person_id),
        "notices": list(notices),
        "wrong": wrong,
    }


@blueprint.get("/board/new")
@signed_in
def new() -> Response:
    """Orders that are not taken yet, newest first, for the alarm."""
    with desk().database.read() as session:
        rows = session.execute(_unclaimed()).all()
    orders = [{"id": number, "text": _alarm_text(name, plate)} for number, name, plate in rows]
    return jsonify(orders=orders)


def _unclaimed() -> Select[int, str, str]:
    return (
        select(Order.id, Person.name, Vehicle.display)
        .join(Person, Person.id == Order.person_id)
        .outerjoin(Vehicle, Vehicle.id == Order.vehicle_id)
        .where(Order.state == OrderState.NEW)
        .order_by(Order.id.desc())
        .limit(MAX_CARDS)
    )


def _alarm_text(name: str, plate: str | None) -> str:
    """The car and the person, each in its own direction: a notification is plain text."""
    return " · ".join([*([i18n.left_to_right(plate)] if plate else []), i18n.isolated(name)])


@blueprint.get("/events")
@signed_in
def events() -> Response:
    """The live stream; 503 when the maximum of streams is reached: then the page polls."""
    hub = desk().hub
    stream = hub.join()
    if stream is None:
        return Response(status=503, headers={"Retry-After": "30"})
    try:
        # Read after joining: a change between the two would otherwise be lost.
        with desk().database.read() as session:
            first = revision(session)
    except SQLAlchemyError:
        hub.leave(stream)
        raise
    answer = Response(live.events(hub, stream, first), mimetype="text/event-stream")
    answer.call_on_close(lambda: hub.leave(stream))
    answer.headers["X-Accel-Buffering"] = "no"
    return answer
