"""Endpoints of orders: found, read, placed for somebody, moved."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from typing import Any

from sqlalchemy import Select, select, tuple_
from sqlalchemy.orm import Session, joinedload, selectinload

from common import catalogue, chat, clock, orders, requests, vehicles
from common.errors import InvalidInput
from common.identified import cleaned
from common.models import Order, Person, Question, Vehicle
from common.orders import Collector, WantedLine
from common.permissions import Action
from common.scopes import Scope
from webapp import receipts
from webapp.api import paging
from webapp.api.endpoints import Call, Group
from webapp.api.happened import facts
from webapp.api.order_shapes import (
    Fact,
    FactPage,
    LineIn,
    Message,
    MoveIn,
    OrderBrief,
    OrderIn,
    OrderPage,
    OrderQuery,
    QuestionOut,
    ReceiptOut,
    Receipts,
    Talk,
    WholeOrder,
)
from webapp.api.shapes import Paged
from webapp.desk import desk
from webapp.order import read_order

group = Group("Orders")


@group.get("/orders", Scope.ORDERS_READ, Action.DESK_SEE)
def list_orders(call: Call, query: OrderQuery) -> OrderPage:
    """List orders

    Newest first. With `updated_since` the order of change, so that a client that keeps a copy reads only what is new.
    """
    by_change = query.updated_since is not None
    statement = _filtered(select(Order), query)
    seen = paging.after(query.cursor)
    if by_change:
        statement = statement.order_by(Order.updated_at, Order.id)
        if seen:
            statement = statement.where(
                tuple_(Order.updated_at, Order.id) > tuple_(datetime.fromisoformat(seen[0]), seen[1])
            )
    else:
        statement = statement.order_by(Order.id.desc())
        if seen:
            statement = statement.where(Order.id < seen[0])
    found = list(call.session.scalars(_with_all(statement).limit(query.limit + 1)))
    last = found[query.limit - 1] if len(found) > query.limit else None
    key = None if last is None else [last.updated_at.isoformat(), last.id] if by_change else [last.id]
    return OrderPage(items=[OrderBrief.of(one) for one in found[: query.limit]], next_cursor=paging.cursor_of(key))


def _with_all(statement: Select[Order]) -> Select[Order]:
    return statement.options(
        joinedload(Order.person), joinedload(Order.owner), joinedload(Order.vehicle), selectinload(Order.lines)
    )


def _filtered(statement: Select[Order], query: OrderQuery) -> Select[Order]:
    if query.state:
        statement = statement.where(Order.state.in_(query.state))
    if query.person_id is not None:
        statement = statement.where(Order.person_id == query.person_id)
    if query.owner_id is not None:
        statement = statement.where(Order.owner_id == query.owner_id)
    if query.plate is not None:
        key = cleaned(query.plate)[1]
        statement = statement.where(
            Order.vehicle_id.in_(select(Vehicle.id).where((Vehicle.key == key) | (Vehicle.vin == key)))
        )
    if query.placed_from is not None:
        statement = statement.where(Order.created_at >= _midnight(query.placed_from))
    if query.placed_until is not None and query.placed_until < date.max:
        statement = statement.where(Order.created_at < _midnight(query.placed_until + timedelta(days=1)))
    if query.updated_since is not None:
        statement = statement.where(Order.updated_at >= query.updated_since)
    return statement


def _midnight(day: date) -> datetime:
    """When a day begins at the station."""
    return datetime.combine(max(day, date(1900, 1, 1)), time(), desk().settings.station_timezone)


@group.post(
    "/orders", Scope.ORDERS_WRITE, Action.ORDER_PLACE, status=201, location="/orders/{id}", problems=("not-now",)
)
def place_order(call: Call, body: OrderIn) -> WholeOrder:
    """Place an order for a mechanic

    The mechanic gets their card in Telegram as if they had ordered in the chat. Send an `Idempotency-Key`: a request
    that is sent again because its answer was lost then places one order.
    """
    person = call.session.get(Person, body.person_id)
    if person is None or person.archived_at is not None:
        raise InvalidInput("person")
    order, _ = orders.place_order(
        call.session,
        key=call.key,
        person=person,
        lines=[_wanted(call.session, line) for line in body.lines],
        actor=call.actor,
        vehicle=vehicles.remember(call.session, vehicles.read_vehicle(body.vehicle)) if body.vehicle else None,
        comment=body.comment.strip(),
        additives=body.additives,
    )
    return whole(call.session, order.id)


def _wanted(session: Session, line: LineIn) -> WantedLine:
    """Raises: InvalidInput `part_or_text`, `part`."""
    words = " ".join((line.text or "").split())
    if (line.part_id is None) == (not words):
        raise InvalidInput("part_or_text")
    if line.part_id is None:
        return WantedLine({"": words}, line.quantity, grade=line.grade)
    part = catalogue.live_part(session, line.part_id)
    if part is None:
        raise InvalidInput("part")
    return WantedLine(dict(part.names), line.quantity, part.id, line.grade)


def whole(session: Session, order_id: int) -> WholeOrder:
    """The order as it is now. Raises: NotFound."""
    order = read_order(session, order_id)
    return WholeOrder.whole(order, requests.open_of(session, order))


@group.get("/orders/{order_id}", Scope.ORDERS_READ, Action.DESK_SEE)
def get_order(call: Call, order_id: int) -> WholeOrder:
    """Read an order

    With its lines, the moves its state allows, and what the mechanic wants changed.
    """
    return whole(call.session, order_id)


@group.get("/orders/{order_id}/events", Scope.ORDERS_READ, Action.DESK_SEE)
def list_events(call: Call, order_id: int, query: Paged) -> FactPage:
    """Read an order's timeline

    Every fact that happened, oldest first; facts are only ever added.
    """
    orders.get(call.session, order_id)
    seen: list[Any] = paging.after(query.cursor) or [0]
    found = facts(call.session, order_id, seen[0], query.limit)
    key = [found[query.limit - 1].id] if len(found) > query.limit else None
    return FactPage(items=[Fact.of(event) for event in found[: query.limit]], next_cursor=paging.cursor_of(key))


@group.get("/orders/{order_id}/receipts", Scope.ORDERS_READ, Action.DESK_SEE)
def list_receipts(call: Call, order_id: int) -> Receipts:
    """Read what became of an order's messages

    Queued, sent, failed and why, unreachable, unknown; the newest 200.
    """
    orders.get(call.session, order_id)
    return Receipts(items=[ReceiptOut.of(receipt) for receipt in receipts.of_order(call.session, order_id)])


@group.get("/orders/{order_id}/talk", Scope.ORDERS_READ, Action.DESK_SEE)
def read_talk(call: Call, order_id: int) -> Talk:
    """Read what was said about an order

    Messages of both sides, and the desk's questions with their answers.
    """
    order = orders.get(call.session, order_id)
    asked = select(Question).where(Question.order_id == order.id).order_by(Question.id)
    return Talk(
        messages=[Message.of(message) for message in chat.of_order(call.session, order_id)],
        questions=[
            QuestionOut.of(question)
            for question in call.session.scalars(asked.options(joinedload(Question.order), joinedload(Question.line)))
        ],
    )


@group.post("/orders/{order_id}/moves", Scope.ORDERS_WRITE, Action.ORDER_MOVE, problems=("not-now",))
def move_order(call: Call, order_id: int, body: MoveIn) -> WholeOrder:
    """Move an order

    Take it, set it waiting, mark it ready, issue it, cancel or reopen it, if it is still as you saw it.
    """
    collector = body.collector
    orders.move_order(
        call.session,
        order_id,
        body.move,
        call.actor,
        expected_version=body.version,
        reason=body.reason,
        expected_on=coming(body.expected_on),
        collector=Collector(collector.name, collector.code) if collector else None,
    )
    return whole(call.session, order_id)


def coming(day: date | None) -> date | None:
    """Raises: InvalidInput `past`."""
    if day is not None and day < clock.utcnow().astimezone(desk().settings.station_timezone).date():
        raise InvalidInput("past")
    return day
