"""What looking costs: every page and every list of the API, asked for in the worst ways and in random ones."""

from __future__ import annotations

import random
from collections.abc import Iterator
from urllib.parse import urlencode

import pytest

from common.finding.search_terms import MAX_TYPED
from tests.integration.work.bounds import LONG_PAGE, PAGE, PROGRAM, SEARCH
from tests.integration.work.conftest import LongHistory
from tests.integration.work.measure import Work
from tests.webapp.api.client import Client, token
from tests.webapp.desks import signed_in
from tests.webapp.visitor import Visitor
from webapp.api.resources import ENDPOINTS

WORDS = ("фильтр", "шайба хомут", "дима ма фи то ко", "guest guest guest", "a b c d e f", "00 11 22 33 44 55",
         "1", "#1", "WVG 1", "я" * MAX_TYPED, "колодки " * 20, "דחוף הרכב",
         "zip ties клипса wd", "-", "%", "12-345-67 дима", "масляный wvg")  # fmt: skip
# What the pages of each route are asked for; `{busy}`: the order about which much was said.
PAGES: dict[str, tuple[Work, list[str]]] = {
    "/": (LONG_PAGE, [""]),
    "/account": (PAGE, [""]),
    "/audit": (PAGE, ["", "?before=1", "?before=1500", "?kind=part.placed", "?subject=part"]),
    "/board/columns": (LONG_PAGE, [""]),
    "/board/new": (PAGE, [""]),
    "/catalogue": (PAGE, ["", "?category=9", "?missing=ru", "?missing=he&category=9", "?show=archived", "?page=60"]),
    "/catalogue/categories": (PAGE, [""]),
    "/catalogue/categories/<category_id>": (PAGE, ["/catalogue/categories/9"]),
    "/catalogue/import": (PAGE, [""]),
    "/catalogue/lines/<line_id>": (PAGE, ["/catalogue/lines/1", "/catalogue/lines/7"]),
    "/catalogue/parts/<part_id>": (PAGE, ["/catalogue/parts/1", "/catalogue/parts/4000"]),
    "/catalogue/parts/<part_id>/merge": (LONG_PAGE, ["/catalogue/parts/1/merge", "/catalogue/parts/1/merge?into=4000"]),
    "/catalogue/parts/new": (PAGE, [""]),
    "/login": (PAGE, [""]),
    "/orders": (PAGE, ["", "?before=3", "?before=99999999", "?owner=nobody&state=issued", "?undelivered=1"]),
    "/orders/<order_id>": (LONG_PAGE, ["/orders/{busy}", "/orders/1", "/orders/99999999"]),
    "/orders/<order_id>/live": (LONG_PAGE, ["/orders/{busy}/live"]),
    "/orders/<order_id>/slip": (PAGE, ["/orders/{busy}/slip"]),
    "/orders/new": (PAGE, ["", "?person=1"]),
    "/people": (PAGE, ["", "?after=1000", "?role=mechanic", "?show=archived"]),
    "/people/<person_id>": (PAGE, ["/people/1", "/people/5"]),
    "/people/roles": (PAGE, [""]),
    "/replies": (PAGE, [""]),
    "/slips": (LONG_PAGE, ["?" + "&".join(f"order={number}" for number in range(1, 40))]),
    "/system": (PAGE, [""]),
    "/views": (PAGE, [""]),
}  # fmt: skip
SEARCHED = ("/orders", "/people", "/catalogue", "/orders/new/people", "/orders/new/parts", "/catalogue/parts/1/merge")
# Streams, files, single rows, and what is read of this process only.
OTHER = {"/events", "/orders/export.csv", "/orders/export.xlsx", "/catalogue/export.csv", "/catalogue/export.xlsx",
         "/static/<path:filename>", "/static/scripts/<digest>/<name>", "/media/<media_id>",
         "/media/<media_id>/thumbnail",
         "/catalogue/import/<import_id>", "/catalogue/import/<import_id>/bad.csv", "/health/live", "/health/ready",
         "/health/system", "/metrics", "/desk/style", "/login/link/<code>", "/welcome/<code>", "/replies/<reply_id>",
         "/api/docs", "/api/v1/openapi.json"}  # fmt: skip


def plain(rule: str) -> str:
    """The rule without its converters: `/orders/<id:order_id>` is `/orders/<order_id>`."""
    return rule.replace("<id:", "<")


def beyond(history: LongHistory, visitor: Visitor, path: str, bound: Work) -> dict[str, dict[str, int]]:
    """What the page costs beyond its bound, when it was seen once before."""
    visitor.get(path)
    with history.meter.measure() as work:
        answer = visitor.get(path)
        answer.get_data()
    assert answer.status_code in (200, 303, 400, 404), f"{path}: {answer.status}"
    more = work.beyond(bound)
    return {path: more} if more else {}


def of_address(rule: str, history: LongHistory) -> Iterator[str]:
    for asked in PAGES[rule][1]:
        yield asked.format(busy=history.busy_order) if asked.startswith("/") else rule + asked


@pytest.fixture(scope="module")
def reader(long_history: LongHistory) -> Visitor:
    return signed_in(long_history.app, long_history.database, long_history.avi)


def test_every_page_is_here(long_history: LongHistory) -> None:
    rules = {plain(rule.rule) for rule in long_history.app.url_map.iter_rules() if "GET" in (rule.methods or ())}
    programs = {rule for rule in rules if rule.startswith("/api/v1/")}
    assert rules - programs - OTHER - {*SEARCHED} == {*PAGES} - {*SEARCHED}


def test_looking_at_a_page_costs_no_more_than_its_bound(long_history: LongHistory, reader: Visitor) -> None:
    found: dict[str, dict[str, int]] = {}
    for rule, (bound, _) in PAGES.items():
        for path in of_address(rule, long_history):
            found |= beyond(long_history, reader, path, bound)
    assert found == {}


def test_a_search_costs_no_more_than_its_bound(long_history: LongHistory, reader: Visitor) -> None:
    found: dict[str, dict[str, int]] = {}
    for rule in SEARCHED:
        for words in WORDS if rule == "/orders" else WORDS[::3]:
            found |= beyond(long_history, reader, f"{rule}?{urlencode({'q': words})}", SEARCH)
    assert found == {}


def some_filters(chance: random.Random, orders: int) -> str:
    """Filters that meet often, seldom or never."""
    offered: dict[str, list[object]] = {
        "q": [*WORDS],
        "state": ["new", "waiting", "issued", "cancelled"],
        "person": [1, 5, 40, 2000, 10**15],
        "category": [1, 3, 9, 99],
        "owner": ["mine", "nobody", 41],
        "from": ["1990-01-01", "2025-06-01", "2026-11-01", "2090-01-01"],
        "to": ["1990-01-01", "2025-06-01", "2026-11-01", "2090-01-01"],
        "overdue": ["1"],
        "undelivered": ["1"],
        "before": [1, orders // 2, orders, 10**12],
    }
    return urlencode([(name, str(chance.choice(offered[name]))) for name in chance.sample(sorted(offered), k=3)])


def test_filters_at_random_cost_no_more_than_a_search(long_history: LongHistory, reader: Visitor, soak: bool) -> None:
    chance = random.Random(11)
    found: dict[str, dict[str, int]] = {}
    for _ in range(500 if soak else 25):
        found |= beyond(long_history, reader, f"/orders?{some_filters(chance, long_history.orders)}", SEARCH)
    assert found == {}


def test_the_lists_of_the_api_cost_no_more_than_their_bound(long_history: LongHistory) -> None:
    program, found = Client(long_history.app, token(long_history.database, long_history.avi)), {}
    numbers = {"{order_id}": str(long_history.busy_order), "{reply_id}": "999"}
    for endpoint in (one for one in ENDPOINTS if one.method == "GET"):
        path = endpoint.path
        for name, number in numbers.items():
            path = path.replace(name, number)
        path = path.replace("{", "").replace("_id}", "") if "{" not in path else path.split("{")[0] + "1"
        for query in ("", "?limit=100", "?q=фильтр", "?since=2000-01-01T00:00:00Z&limit=100"):
            program.send("GET", path + query)
            with long_history.meter.measure() as work:
                answer = program.send("GET", path + query)
            assert answer.status_code < 500
            if more := work.beyond(SEARCH if "q=" in query else PROGRAM):
                found[path + query] = more
    assert found == {}
