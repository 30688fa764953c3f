"""The list of all orders: newest first, found by number, plate or person."""

from __future__ import annotations

import re

from flask import Blueprint, redirect, render_template, request
from sqlalchemy import ColumnElement, or_, select
from sqlalchemy.orm import Session, joinedload, selectinload
from werkzeug.wrappers import Response

from common.identified import cleaned
from common.models import Order, OrderState, Person, Vehicle
from webapp.desk import desk
from webapp.order import MOST_ID

blueprint = Blueprint("orders", __name__)
PER_PAGE = 40
MOST_TYPED = 80
MOST_PEOPLE = 2000


@blueprint.get("/orders")
def page() -> str | Response:
    typed = " ".join(request.args.get("q", "")[:MOST_TYPED].split())
    state = request.args.get("state", "")
    before = request.args.get("before", "")
    with desk().database.read() as session:
        only = _number(typed)
        if only is not None and session.get(Order, only) is not None:
            return redirect(f"/orders/{only}", 303)
        found = _find(session, typed, state if state in set(OrderState) else "", before)
        return render_template(
            "orders.html",
            orders=found[:PER_PAGE],
            more=found[PER_PAGE - 1].id if len(found) > PER_PAGE else None,
            typed=typed,
            state=state if state in set(OrderState) else "",
            states=list(OrderState),
            later=bool(before),
        )


def _number(typed: str) -> int | None:
    """An order's number, typed alone. Plates of five digits and more are not numbers of ours for a while."""
    bare = typed.removeprefix("#").removeprefix("№")
    return int(bare) if re.fullmatch(r"[0-9]{1,9}", bare) else None


def _find(session: Session, typed: str, state: str, before: str) -> list[Order]:
    """One more than a page of orders, newest first."""
    statement = select(Order).order_by(Order.id.desc()).limit(PER_PAGE + 1)
    if state:
        statement = statement.where(Order.state == OrderState(state))
    if re.fullmatch(r"[0-9]{1,15}", before):
        statement = statement.where(Order.id < min(int(before), MOST_ID))
    if typed:
        statement = statement.where(or_(*_matches(session, typed)))
    return list(
        session.scalars(
            statement.options(joinedload(Order.person), joinedload(Order.vehicle), selectinload(Order.lines))
        )
    )


def _matches(session: Session, typed: str) -> list[ColumnElement[bool]]:
    return [Order.person_id.in_(_people(session, typed)), Order.vehicle_id.in_(_vehicles(session, typed))]


def _people(session: Session, typed: str) -> list[int]:
    """Folded here, because SQLite's LIKE knows the cases of ASCII only."""
    wanted = typed.casefold()
    rows = session.execute(select(Person.id, Person.name).limit(MOST_PEOPLE))
    return [person_id for person_id, name in rows if wanted in name.casefold()]


def _vehicles(session: Session, typed: str) -> list[int]:
    """Cars whose plate or VIN holds what was typed, in any form: `12 345 67` is `12-345-67`."""
    key = cleaned(typed)[1]
    if not key:
        return []
    holds = or_(Vehicle.key.contains(key, autoescape=True), Vehicle.vin.contains(key, autoescape=True))
    return list(session.scalars(select(Vehicle.id).where(holds).limit(200)))
