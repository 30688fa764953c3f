"""The catalogue through the API: added, changed as it was seen, archived, merged, made of what was written by hand."""

from __future__ import annotations

from typing import Any

import pytest

from common.database.engine import Database
from common.database.models import Person
from tests.webapp.api.client import Client, problem
from tests.webapp.desks import line, place

NAMES = {"ru": "Фильтр", "he": "מסנן", "en": "Filter"}


@pytest.fixture
def filters(office: Client) -> int:
    number: int = office.post("/categories", {"names": {"en": "Filters"}, "icon": "🧰"}, 201)["id"]
    return number


def part(office: Client, category: int, **changes: Any) -> dict[str, Any]:
    made: dict[str, Any] = office.post("/parts", {"category_id": category, "names": NAMES, **changes}, 201)
    return made


def test_a_part_is_added_found_and_changed(office: Client, filters: int) -> None:
    made = part(office, filters, synonyms=["sieve"], flags=["front_rear"])
    assert (made["code"], made["version"]) == ("filter", 1)
    assert [item["id"] for item in office.get("/parts/search?q=sieve")["items"]] == [made["id"]]
    wanted = {"category_id": filters, "names": {"en": "Oil filter"}, "synonyms": [], "flags": []}
    changed = office.patch(f"/parts/{made['id']}", {**wanted, "version": 1})
    assert (changed["names"], changed["version"]) == ({"en": "Oil filter"}, 2)
    told = office.patch(f"/parts/{made['id']}", {**wanted, "version": 1}, 409)
    assert (told["type"], told["version"]) == (problem("stale-version"), 2)
    assert [(fact["kind"], fact["via"]) for fact in told["happened"]] == [("part.changed", "api")]


def test_a_change_leaves_the_details_that_it_does_not_give(office: Client, filters: int) -> None:
    details = {"unit": "l", "positions": ["rear"], "attributes": ["viscosity"], "button_names": {"en": "Oil"}}
    made = part(office, filters, **details)
    assert {key: made[key] for key in details} == details
    wanted = {"category_id": filters, "names": {"en": "Oil"}, "synonyms": [], "flags": []}
    changed = office.patch(f"/parts/{made['id']}", {**wanted, "unit": "m", "version": 1})
    assert {key: changed[key] for key in details} == {**details, "unit": "m"}
    office.patch(f"/parts/{made['id']}", {**wanted, "unit": "barrel", "version": 2}, 422)


def test_a_part_is_archived_and_comes_back(office: Client, filters: int) -> None:
    number = part(office, filters)["id"]
    assert office.post(f"/parts/{number}/archive")["archived_at"]
    assert [item["id"] for item in office.get("/parts?which=archived")["items"]] == [number]
    assert office.get("/parts")["items"] == []
    assert office.post(f"/parts/{number}/restore")["archived_at"] is None


def test_a_category_takes_its_parts_along(office: Client, filters: int) -> None:
    number = part(office, filters)["id"]
    office.post(f"/categories/{filters}/archive")
    assert [item["id"] for item in office.get("/parts?which=archived")["items"]] == [number]
    assert office.get("/categories")["items"] == []
    office.post(f"/categories/{filters}/restore")
    changed = office.patch(f"/categories/{filters}", {"names": NAMES, "icon": "", "version": 3})
    assert changed["names"] == NAMES


def test_rows_are_put_in_their_places(office: Client, filters: int) -> None:
    second = office.post("/categories", {"names": {"en": "Brakes"}}, 201)["id"]
    assert office.post(f"/categories/{second}/place", {"before": filters})["position"] == 0
    one, two = part(office, filters)["id"], part(office, filters)["id"]
    assert office.post(f"/parts/{two}/place", {"before": one})["position"] == 0
    assert office.post(f"/parts/{two}/place", {"before": 999}, 422)["code"] == "place"


def test_two_parts_that_are_one_are_merged(office: Client, filters: int) -> None:
    one, two = part(office, filters), part(office, filters, names={"en": "Strainer"})
    body = {"into": one["id"], "version": 1, "into_version": 1}
    assert "Strainer" in office.post(f"/parts/{two['id']}/merge", body)["synonyms"]
    assert office.get(f"/parts/{two['id']}")["merged_into_id"] == one["id"]
    assert office.post(f"/parts/{two['id']}/restore", status=422)["code"] == "merged"


def test_what_was_written_by_hand_becomes_a_part(
    office: Client, database: Database, dima: Person, filters: int
) -> None:
    place(database, dima, line("sieve"))
    place(database, dima, line("Sieve"))
    new = {"part": {"category_id": filters, "names": NAMES}, "all_alike": True}
    office.post("/orders/2/lines/1/part", new, 404)
    made = office.post("/orders/1/lines/1/part", new)
    assert made["synonyms"] == ["sieve"]
    assert [office.get(f"/orders/{number}")["lines"][0]["part_id"] for number in (1, 2)] == [made["id"]] * 2
    assert office.post("/orders/1/lines/1/part", {"part_id": made["id"]}, 422)["code"] == "line_is_part"


@pytest.mark.parametrize("names", [{}, {"en": " "}, {"fr": "filtre"}, {"en": "x" * 201}])
def test_a_part_needs_a_name_in_a_language_of_ours(office: Client, filters: int, names: dict[str, str]) -> None:
    office.post("/parts", {"category_id": filters, "names": names}, 422)


def test_a_storekeeper_reads_the_catalogue_and_leaves_it(till: Client) -> None:
    assert till.get("/categories")["items"] == []
    assert till.post("/categories", {"names": NAMES}, 403)["action"] == "catalogue.change"
