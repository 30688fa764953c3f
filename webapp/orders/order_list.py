"""The list of all orders, newest first, with search and filters; the address holds all of them."""

from __future__ import annotations

from flask import Blueprint, redirect, render_template, request
from sqlalchemy import func, select
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from common.database.models import Order, OrderState
from common.finding import order_search, saved_lists, search_terms
from common.finding.order_filters import OrderFilters
from common.orders import overdue, reading
from common.orders.states import BOARD
from common.permissions import Action
from webapp.orders import list_filters
from webapp.talk import receipts
from webapp.web.access import signed_in
from webapp.web.context import desk, reader

blueprint = Blueprint("orders", __name__)
PER_PAGE = 40
MAX_VIEWS = 20  # shown in the menu; the page of saved views shows all


@blueprint.get("/orders")
@signed_in
def page() -> str | Response:
    before = request.args.get("before", "")
    start = search_terms.order_number(before)
    with desk().database.read() as session:
        question = list_filters.read_list_request(session, dict(request.args.lists()))
        wanted, fields = question.filters.wanted, question.fields
        numbers = order_search.find(session, wanted, before=start, limit=PER_PAGE + 1)
        only = order_search.number_of(session, wanted.text)
        if only is not None and _is_order_number(question.filters, numbers, only):
            return redirect(f"/orders/{only}", 303)
        orders = reading.read_orders(session, numbers[:PER_PAGE])
        return render_template(
            "orders/order_list.html",
            question=question,
            fields=fields,
            orders=orders,
            more=numbers[PER_PAGE - 1] if len(numbers) > PER_PAGE else None,
            later=start is not None,
            no_place=list_filters.complaint("before", before) if before and start is None else "",
            number=only if start is None else None,
            states=list(OrderState),
            counts={} if fields.keys() - {"state"} else _open_counts(session),
            choices=list_filters.filter_choices(session, fields),
            troubles=receipts.troubles(session, [order.id for order in orders]),
            overdue={order.id for order in orders if overdue.is_overdue(order, wanted.today)},
            views=saved_lists.page(session, reader().person_id, limit=MAX_VIEWS)
            if reader().may(Action.VIEW_SAVE)
            else [],
            may_change=question.view is not None and saved_lists.may_change(reader().actor, question.view),
            asking=list_filters,
        )


def _is_order_number(asked: OrderFilters, numbers: list[int], only: int) -> bool:
    """Whether a typed number can only be an order's. Without its sign it may also be part of a plate."""
    signed = asked.wanted.text.startswith(search_terms.NUMBER_SIGNS)
    return list(asked.fields) == ["q"] and (signed or set(numbers) <= {only})


def _open_counts(session: Session) -> dict[str, int]:
    """The number of open orders by state. Closed orders are too many to be counted for each page."""
    counted = select(Order.state, func.count().label("number")).where(Order.state.in_(BOARD)).group_by(Order.state)
    return {row.state: row.number for row in session.execute(counted)}
