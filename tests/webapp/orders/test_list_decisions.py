"""What the list of orders decides: which saved views can be changed, and where its pages lead."""

from __future__ import annotations

from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

import pytest

from common.database.models import Order, OrderState, SavedView
from common.finding.order_filters import Fields, OrderFilters
from common.finding.order_search import OrderSearch
from webapp.orders.list_filters import Chip, Choices, ListRequest
from webapp.orders.order_list import OrderListPage, OrderRow
from webapp.orders.order_rights import ListRights

NOW = datetime(2026, 11, 1, 12, tzinfo=UTC)
ALL_RIGHTS = ListRights(place=True, move=True, assign=True, export=True, save_view=True)


def a_page(
    view: SavedView | None = None,
    *,
    changed: bool = False,
    fields: Fields | None = None,
    chips: tuple[str, ...] = (),
    start: int | None = None,
    more: int | None = None,
    rights: ListRights = ALL_RIGHTS,
    wrong_start: str = "",
) -> OrderListPage:
    filters = OrderFilters(OrderSearch(today=date(2026, 11, 1), zone=ZoneInfo("UTC")), fields or {})
    question = ListRequest(filters, [Chip(name, name, "/orders") for name in chips], ["no such state"], view, changed)
    row = OrderRow(Order(id=7, version=1, state=OrderState.NEW), is_overdue=False, undelivered=0)
    return OrderListPage(question, [row], [], Choices([], [], []), [], rights, True, start, more, None, wrong_start)


def a_view(archived: bool = False) -> SavedView:
    return SavedView(id=3, name="Mine", archived_at=NOW if archived else None)


@pytest.mark.parametrize(
    ("page", "save", "update"),
    [
        (a_page(), True, False),
        (a_page(a_view()), False, False),
        (a_page(a_view(), changed=True), True, True),
        (a_page(a_view(archived=True), changed=True), True, False),
        (a_page(rights=ListRights(place=True, move=True, assign=True, export=True, save_view=False)), False, False),
    ],
)
def test_a_list_is_saved_anew_or_into_its_view_once_its_filters_differ(
    page: OrderListPage, save: bool, update: bool
) -> None:
    assert (page.offers_save, page.offers_update) == (save, update)


def test_the_fold_opens_for_a_filter_that_only_it_holds() -> None:
    assert not a_page(chips=("q", "state")).shows_fold
    assert a_page(chips=("q", "owner")).shows_fold


def test_the_first_page_has_no_way_back_and_the_last_none_on() -> None:
    assert (a_page().newest, a_page().older) == ("", "")
    middle = a_page(start=50, more=12)
    assert (middle.newest, middle.older) == ("/orders", "/orders?before=12")


def test_the_other_filters_go_along_with_a_form() -> None:
    page = a_page(fields={"q": ["disc"], "state": ["new", "ready"], "owner": ["mine"]})
    assert page.other_fields("q") == [("state", "new"), ("state", "ready"), ("owner", "mine")]
    assert (page.value("q"), page.value("from")) == ("disc", "")


def test_a_start_that_is_no_place_in_the_list_is_one_of_the_complaints() -> None:
    assert a_page(wrong_start="“x” is not a place").complaints == ["no such state", "“x” is not a place"]
