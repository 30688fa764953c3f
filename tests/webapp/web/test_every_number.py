"""Every number that a client can send, in an address, a query or a form, is bounded to what its column takes."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import cycle

import pytest
from flask import Flask
from werkzeug.routing import Rule

from common.catalogue import catalogue
from common.database.engine import Database
from tests.support.cast import AVI, DIMA, hire
from tests.support.seed import SMALL
from tests.test_layers import modules
from tests.webapp.desks import OpenApp, place, signed_in
from tests.webapp.visitor import Visitor

HOSTILE = (str(2**31), str(2**63), str(2**64), "-1", "9" * 5000, "1e400", "٣", "0x10", "1_0", " 1", "")
READ = re.compile(r"""(?:form|values|args)\.get(?:list)?\(\s*["'](\w{1,40})["']|requested_number\("(\w{1,40})"\)""")
# A file; a stream that does not end; the end of the session; 503 where no daemon runs.
NOT_TRIED = {"static", "live.events", "login.sign_out", "health.system"}


@pytest.fixture
def manager(app_on: OpenApp, postgresql_url: str) -> Iterator[Visitor]:
    """Avi's browser at a desk on PostgreSQL, whose columns refuse what does not fit."""
    database = Database(postgresql_url)
    avi, dima = hire(database, AVI), hire(database, DIMA)
    with database.write() as session:
        catalogue.load(session, SMALL)
    place(database, dima)
    yield signed_in(app_on(database, postgresql_url), database, avi)
    database.dispose()


def fields() -> list[str]:
    """The names of all fields that a view reads."""
    sources = [path.read_text() for module, path in modules() if module.startswith("webapp")]
    found = {name for source in sources for pair in READ.findall(source) for name in pair if name}
    return sorted(found | {"version", "order", "after", "before", "page"} - {"password", "do"})


def requests_to(app: Flask) -> Iterator[tuple[str, Rule]]:
    for rule in app.url_map.iter_rules():
        if rule.endpoint not in NOT_TRIED:
            yield from ((method, rule) for method in sorted((rule.methods or set()) & {"GET", "POST", "PATCH"}))


def turns(soak: bool) -> Iterator[dict[str, str]]:
    """A hostile value for each field: another for each in the suite, every one for all in the soak."""
    names = fields()
    assert len(names) > 30
    if not soak:
        yield dict(zip(names, cycle(HOSTILE), strict=False))
        return
    yield from (dict.fromkeys(names, number) for number in HOSTILE)


@pytest.mark.postgres
def test_no_number_is_an_error_of_ours(manager: Visitor, soak: bool) -> None:
    """Takes some seconds: it is every route of the desk."""
    failed = {}
    for sent in turns(soak):
        for (method, rule), number in zip(requests_to(manager.app), cycle(("1", *filter(None, HOSTILE))), strict=False):
            path = re.sub(r"<[^<>]{1,60}>", number[:300], rule.rule)
            query, form = (sent, None) if method == "GET" else (None, sent)
            headers = {"Sec-Fetch-Site": "same-origin"}
            answer = manager.client.open(path, method=method, headers=headers, query_string=query, data=form)
            if answer.status_code >= 500:
                failed[f"{method} {rule.rule}"] = answer.status_code
    assert failed == {}
