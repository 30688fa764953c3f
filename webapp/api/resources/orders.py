"""Endpoints of orders: list, read, place for a mechanic, move."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from functools import partial

from sqlalchemy.orm import Session

from common.counter import counter_orders
from common.database.models import Order
from common.errors import Forbidden, InvalidInput, NotFound, StaleVersion, WrongState
from common.finding import order_search
from common.finding.order_filters import EARLIEST, LATEST, MINE, NOBODY
from common.finding.order_search import OrderSearch
from common.orders import moves, owners, reading, undo
from common.orders.moves import Collector, Move
from common.orders.placing import WantedLine
from common.people.scopes import Scope
from common.permissions import Action
from common.talk import change_requests
from webapp.api import paging
from webapp.api.endpoints import Call, Group
from webapp.api.shapes.order_bodies import (
    BulkIn,
    BulkOwnerIn,
    ChangesQuery,
    LineIn,
    MoveIn,
    OrderIn,
    OrderListQuery,
    SeenIn,
    UndoIn,
)
from webapp.api.shapes.order_shapes import OrderBrief, OrderPage, Outcome, Outcomes, WholeOrder
from webapp.web.context import desk
from webapp.wording import times
from webapp.wording.problems import problem_of_error

group = Group("Orders")
EARLIEST_CHANGE, LATEST_CHANGE = (datetime(year, 1, 1, tzinfo=UTC) for year in (1990, 9000))


@group.get("/orders", Scope.ORDERS_READ, Action.DESK_SEE)
def list_orders(call: Call, query: OrderListQuery) -> OrderPage:
    """List orders

    Newest first, with the search and filters of the desk's list.
    """
    seen = paging.decode_cursor(query.cursor)
    before = seen[0] if seen else None
    numbers = order_search.find(call.session, _order_query(call, query), before=before, limit=query.limit + 1)
    found = reading.read_orders(call.session, numbers[: query.limit])
    key = [numbers[query.limit - 1]] if len(numbers) > query.limit else None
    return OrderPage(items=[OrderBrief.of(one) for one in found], next_cursor=paging.encode_cursor(key))


def _order_query(call: Call, query: OrderListQuery) -> OrderSearch:
    zone = desk().settings.station_timezone
    number = query.owner if query.owner not in (None, MINE, NOBODY) else None
    return OrderSearch(
        today=times.today(),
        zone=zone,
        text=" ".join(query.q.split()),
        states=frozenset(query.state),
        person_id=query.person,
        category_id=query.category,
        owner_id=call.actor.person_id if query.owner == MINE else int(number) if number else None,
        unowned=query.owner == NOBODY,
        placed_from=_clamp_day(query.placed_from),
        placed_until=_clamp_day(query.placed_until),
        overdue=query.overdue is not None,
        undelivered=query.undelivered is not None,
    )


def _clamp_day(day: date | None) -> date | None:
    """The day, moved into the range that a time with a zone can hold; there are no orders outside it."""
    return min(max(day, EARLIEST), LATEST) if day is not None else None


@group.get("/changes", Scope.ORDERS_READ, Action.DESK_SEE)
def list_changes(call: Call, query: ChangesQuery) -> OrderPage:
    """Read the orders that changed

    Those changed at `since` or later, oldest change first: for clients that keep a copy. `GET /revision` says cheaply
    whether it is worth asking.
    """
    since = min(max(query.since, EARLIEST_CHANGE), LATEST_CHANGE).astimezone(UTC)
    seen = paging.decode_cursor(query.cursor) or [since.isoformat(), 0]
    place = (datetime.fromisoformat(seen[0]), seen[1])
    found = reading.changed_orders(call.session, since, place, query.limit + 1)
    last = found[query.limit - 1] if len(found) > query.limit else None
    key = [last.updated_at.isoformat(), last.id] if last is not None else None
    return OrderPage(items=[OrderBrief.of(one) for one in found[: query.limit]], next_cursor=paging.encode_cursor(key))


@group.post("/orders", Scope.ORDERS_WRITE, Action.ORDER_PLACE_FOR, status=201, location="/orders/{id}")
def place_order(call: Call, body: OrderIn) -> WholeOrder:
    """Place an order for a mechanic

    As at the counter: the mechanic gets the card of it in Telegram, and no sound. Send an `Idempotency-Key`: a request
    that is sent again because its answer was lost then places one order.
    """
    order, _ = counter_orders.place_at_desk(
        call.session,
        key=call.key,
        person_id=body.person_id,
        car=body.vehicle,
        lines=[_read_line(call.session, line) for line in body.lines],
        actor=call.actor,
        comment=body.comment,
        take=body.take,
    )
    return read_whole_order(call.session, order.id)


def _read_line(session: Session, line: LineIn) -> WantedLine:
    """Raises: InvalidInput `part_or_text`, `part_gone`."""
    words = " ".join((line.text or "").split())
    if (line.part_id is None) == (not words):
        raise InvalidInput("part_or_text")
    return counter_orders.wanted_line(
        session,
        line.part_id,
        words,
        quantity=line.quantity,
        unit=line.unit,
        grade=line.grade,
        remark=line.remark,
    )


def read_whole_order(session: Session, order_id: int) -> WholeOrder:
    """The order as it is now. Raises: NotFound."""
    order = reading.read_order(session, order_id)
    return WholeOrder.with_requests(order, change_requests.open_requests(session, order))


@group.get("/orders/{order_id}", Scope.ORDERS_READ, Action.DESK_SEE)
def get_order(call: Call, order_id: int) -> WholeOrder:
    """Read an order

    With its lines, the moves its state allows, and the mechanic's requests for changes.
    """
    return read_whole_order(call.session, order_id)


@group.post("/orders/{order_id}/moves", Scope.ORDERS_WRITE, Action.ORDER_MOVE, problems=("not-now",))
def move_order(call: Call, order_id: int, body: MoveIn) -> WholeOrder:
    """Move an order

    Take it, set it waiting, mark it ready, issue it, cancel or reopen it, if it has not changed since you saw it.
    """
    collector = Collector(body.collector.name, body.collector.code) if body.collector else None
    how = (
        partial(undo.move_with_undo, within=timedelta(seconds=body.undo_seconds))
        if body.undo_seconds
        else moves.move_order
    )
    how(
        call.session,
        call.actor,
        order_id,
        body.move,
        expected_version=body.version,
        reason=body.reason,
        expected_on=check_not_past(body.expected_on),
        day_unknown=body.day_unknown,
        collector=collector,
    )
    return read_whole_order(call.session, order_id)


@group.post("/orders/{order_id}/undo", Scope.ORDERS_WRITE, Action.ORDER_MOVE)
def undo_move(call: Call, order_id: int, body: UndoIn) -> WholeOrder:
    """Undo the last move

    Of an order that you moved with `undo_seconds`, or at the desk, a moment ago: all is as it was, and the notice is
    not sent.
    """
    undo.undo_move(call.session, call.actor, order_id, expected_version=body.version)
    return read_whole_order(call.session, order_id)


@group.post("/orders/moves", Scope.ORDERS_WRITE, Action.ORDER_MOVE)
def move_orders(call: Call, body: BulkIn) -> Outcomes:
    """Move many orders

    Each is moved separately and has its result in the answer; one that cannot be moved does not affect the others.
    """

    def move(seen: SeenIn) -> Order:
        return moves.move_order(
            call.session, call.actor, seen.id, Move(body.move), expected_version=seen.version, reason=body.reason
        )

    return _change_each(call, body.orders, move)


@group.post("/orders/owners", Scope.ORDERS_WRITE, Action.ORDER_ASSIGN)
def assign_orders(call: Call, body: BulkOwnerIn) -> Outcomes:
    """Set the owner of many orders

    Each is changed separately, as in moving many.
    """

    def assign(seen: SeenIn) -> Order:
        return owners.assign(call.session, call.actor, seen.id, body.person_id, expected_version=seen.version)

    return _change_each(call, body.orders, assign)


def _change_each(call: Call, wanted: list[SeenIn], change: Callable[[SeenIn], Order]) -> Outcomes:
    """Change the orders in the sequence of their numbers, so that two such requests at once cannot deadlock."""
    in_turn = sorted(range(len(wanted)), key=lambda place: wanted[place].id)
    outcomes = {place: _change_one(call, wanted[place], change) for place in in_turn}
    return Outcomes(items=[outcomes[place] for place in range(len(wanted))])


def _change_one(call: Call, seen: SeenIn, change: Callable[[SeenIn], Order]) -> Outcome:
    """Change one of many, in a savepoint that can be rolled back alone."""
    try:
        with call.session.begin_nested():
            order = change(seen)
        return Outcome(id=seen.id, state=order.state, version=order.version, problem="", detail="")
    except StaleVersion as error:
        return Outcome(id=seen.id, state=None, version=error.version, problem="stale-version", detail="")
    except (NotFound, Forbidden, WrongState, InvalidInput) as error:
        met = problem_of_error(error)
        return Outcome(id=seen.id, state=None, version=None, problem=met.kind, detail=met.detail)


def check_not_past(day: date | None) -> date | None:
    """Raises: InvalidInput `past`."""
    if day is not None and day < times.today():
        raise InvalidInput("past")
    return day
