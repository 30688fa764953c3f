"""What the pages of the catalogue decide: what can be put in order, and where their lists lead."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from common.catalogue.part_list import PartSearch
from common.database.models import Category, Part
from webapp.catalogue.categories import CategoryRow, category_rows
from webapp.catalogue.part_form import PartForm
from webapp.catalogue.part_list_page import PartListPage
from webapp.catalogue.part_page import PartPage

NOW = datetime(2026, 11, 1, 12, tzinfo=UTC)


def a_list(wanted: PartSearch, *, after: int | None = None, may_change: bool = True) -> PartListPage:
    return PartListPage(wanted, [], after, [], [], may_change)


@pytest.mark.parametrize(
    ("page", "wanted"),
    [
        (a_list(PartSearch(category_id=2)), True),
        (a_list(PartSearch(category_id=2), may_change=False), False),
        (a_list(PartSearch()), False),
        (a_list(PartSearch(category_id=2, text="disc")), False),
        (a_list(PartSearch(category_id=2, lacks="he")), False),
        (a_list(PartSearch(category_id=2, archived=True)), False),
    ],
)
def test_parts_are_put_in_order_only_where_a_whole_category_is_shown(page: PartListPage, wanted: bool) -> None:
    assert page.is_sortable is wanted


def test_the_list_leads_on_and_back_to_its_start_with_its_filters() -> None:
    first, last = a_list(PartSearch(text="disc"), after=9), a_list(PartSearch(text="disc", after=9))
    assert (first.start, first.next) == ("", "/catalogue?q=disc&after=9")
    assert (last.start, last.next) == ("/catalogue?q=disc", "")


def test_a_new_part_goes_into_the_shown_category() -> None:
    assert a_list(PartSearch(category_id=2)).new_part == "/catalogue/parts/new?category=2"
    assert a_list(PartSearch()).new_part == "/catalogue/parts/new"


def test_live_categories_change_places_with_live_neighbours_only() -> None:
    found = [(Category(id=number, archived_at=NOW if number == 9 else None), 0) for number in (4, 2, 9)]
    assert [neighbours(row) for row in category_rows(found)] == [(None, 2), (4, None), (None, None)]


def neighbours(row: CategoryRow) -> tuple[int | None, int | None]:
    return row.before, row.after


@pytest.mark.parametrize(
    ("merged_into", "may_change", "offered"), [(None, True, True), (5, True, False), (None, False, False)]
)
def test_a_merged_part_stays_archived(merged_into: int | None, may_change: bool, offered: bool) -> None:
    part = Part(id=1, merged_into_id=merged_into)
    page = PartPage(PartForm({}, {}, 2), [], "", part, None, False, [], [], may_change)
    assert page.offers_archiving is offered
