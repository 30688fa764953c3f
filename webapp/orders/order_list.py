"""The list of all orders, newest first, with search and filters; the address holds all of them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from flask import Blueprint, redirect, render_template, request
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from common.database.models import Order, OrderState, SavedView
from common.finding import order_search, saved_lists, search_terms
from common.finding.order_filters import Fields, OrderFilters
from common.orders import open_orders, overdue, reading
from common.permissions import Action
from webapp.orders import list_filters
from webapp.orders.list_filters import Choices, ListRequest
from webapp.orders.order_rights import ListRights
from webapp.web.access import signed_in
from webapp.web.context import desk, reader
from webapp.wording import receipts

blueprint = Blueprint("order_list", __name__)
PER_PAGE = 40
MAX_VIEWS = 20  # shown in the menu; the page of saved views shows all
HEAD_FIELDS = frozenset({"q", "state"})  # the filters that the head of the page shows; a fold holds the others


@dataclass(frozen=True)
class OrderRow:
    """An order of the list, whether it is overdue, and the number of its messages that did not arrive."""

    order: Order
    is_overdue: bool
    undelivered: int


@dataclass(frozen=True)
class StateTab:
    """The list with one state added or removed. `count`: of open orders; 0: not shown."""

    state: OrderState
    href: str
    is_chosen: bool
    count: int


@dataclass(frozen=True)
class OrderListPage:
    """The content of the list of orders."""

    question: ListRequest
    rows: list[OrderRow]
    tabs: list[StateTab]
    choices: Choices
    views: list[SavedView]  # the saved views of the menu
    rights: ListRights
    may_change_view: bool  # whether the reader may save these filters into the shown view
    start: int | None  # the order before which this page of the list starts
    more: int | None  # the last order of this page of the list, if there are older ones
    typed_number: int | None  # the order whose number was searched for
    wrong_start: str  # why the start in the address was ignored

    @property
    def view(self) -> SavedView | None:
        return self.question.view

    @property
    def fields(self) -> Fields:
        return self.question.fields

    def value(self, name: str) -> str:
        """The first value of a filter; empty if the filter is not set."""
        return next(iter(self.fields.get(name, ())), "")

    def other_fields(self, *names: str) -> list[tuple[str, str]]:
        """The set filters without these, as hidden fields of a form."""
        return [(name, value) for name, value in list_filters.field_values(self.fields) if name not in names]

    @property
    def all_states(self) -> str:
        """The address of the list without its states."""
        return self.question.link(list_filters.without(self.fields, "state"))

    @property
    def has_states(self) -> bool:
        return bool(self.fields.get("state"))

    @property
    def shows_fold(self) -> bool:
        """Whether a filter is set that the fold holds."""
        return any(chip.name not in HEAD_FIELDS for chip in self.question.chips)

    @property
    def complaints(self) -> list[str]:
        """The parts of the address that were ignored, in words."""
        return [*self.question.complaints, *([self.wrong_start] if self.wrong_start else [])]

    @property
    def offers_update(self) -> bool:
        """Whether the changed filters can be saved into the shown view."""
        return (
            self.question.changed and self.may_change_view and self.view is not None and self.view.archived_at is None
        )

    @property
    def offers_save(self) -> bool:
        """Whether the list can be saved as a view."""
        return self.rights.save_view and (self.view is None or self.question.changed)

    @property
    def is_continued(self) -> bool:
        """Whether newer orders stand on the pages before this one."""
        return self.start is not None

    @property
    def newest(self) -> str:
        return self.question.newest if self.is_continued and self.rows else ""

    @property
    def older(self) -> str:
        """The address of the next page; empty on the last one."""
        return self.question.older(self.more) if self.more is not None else ""


@blueprint.get("/orders")
@signed_in
def page() -> str | Response:
    with desk().database.read() as session:
        found = read_order_list(session, dict(request.args.lists()))
        if isinstance(found, int):
            return redirect(f"/orders/{found}", 303)
        return render_template("orders/order_list.html", page=found)


def read_order_list(session: Session, given: Mapping[str, list[str]]) -> OrderListPage | int:
    """The page for the signed-in reader; or the one order whose number was searched for.

    Raises: NotFound: this reader has no such view.
    """
    before = given.get("before", [""])[0]
    start = search_terms.order_number(before)
    question = list_filters.read_list_request(session, given)
    wanted = question.filters.wanted
    numbers = order_search.find(session, wanted, before=start, limit=PER_PAGE + 1)
    only = order_search.number_of(session, wanted.text)
    if only is not None and _is_order_number(question.filters, numbers, only):
        return only
    who = reader()
    return OrderListPage(
        question=question,
        rows=_read_rows(session, numbers[:PER_PAGE], question),
        tabs=_read_tabs(session, question),
        choices=list_filters.filter_choices(session, question.fields),
        views=saved_lists.page(session, who.person_id, limit=MAX_VIEWS) if who.may(Action.VIEW_SAVE) else [],
        rights=ListRights.of(who),
        may_change_view=question.view is not None and saved_lists.may_change(who.actor, question.view),
        start=start,
        more=numbers[PER_PAGE - 1] if len(numbers) > PER_PAGE else None,
        typed_number=only if start is None else None,
        wrong_start=list_filters.complaint("before", before) if before and start is None else "",
    )


def _is_order_number(filters: OrderFilters, numbers: list[int], only: int) -> bool:
    """Whether a typed number can only be an order's. Without its sign it may also be part of a plate."""
    signed = filters.wanted.text.startswith(search_terms.NUMBER_SIGNS)
    return list(filters.fields) == ["q"] and (signed or set(numbers) <= {only})


def _read_rows(session: Session, numbers: list[int], question: ListRequest) -> list[OrderRow]:
    orders = reading.read_orders(session, numbers)
    troubles = receipts.troubles(session, [order.id for order in orders])
    today = question.filters.wanted.today
    return [
        OrderRow(order, overdue.is_overdue(order, today), troubles[order.id].undelivered if order.id in troubles else 0)
        for order in orders
    ]


def _read_tabs(session: Session, question: ListRequest) -> list[StateTab]:
    """A tab for each state. Open orders are counted only if nothing else is filtered."""
    fields = question.fields
    counts = {} if fields.keys() - {"state"} else open_orders.counts(session)
    return [
        StateTab(
            state,
            question.link(list_filters.with_state(fields, state)),
            state in fields.get("state", ()),
            counts[state].orders if state in counts else 0,
        )
        for state in OrderState
    ]
