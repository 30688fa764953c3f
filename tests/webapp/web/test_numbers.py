"""Ids in addresses and forms: what no row can have is not looked for."""

from __future__ import annotations

import pytest
from flask import Flask
from werkzeug.exceptions import NotFound

from common.text.numbers import MAX_ID
from webapp.web.numbers import requested_number


def test_every_id_in_a_route_is_checked_by_the_one_converter(app: Flask) -> None:
    assert not [rule.rule for rule in app.url_map.iter_rules() if "<int" in rule.rule]


def test_an_address_holds_the_largest_id_and_no_larger(app: Flask) -> None:
    routes = app.url_map.bind("localhost")
    assert routes.match(f"/orders/{MAX_ID}") == ("order.page", {"order_id": MAX_ID})
    with pytest.raises(NotFound):
        routes.match(f"/orders/{MAX_ID + 1}")


@pytest.mark.parametrize(("address", "number"), [("/?after=12", 12), ("/?after=1x", None), ("/", None)])
def test_a_field_of_the_address_is_a_number_or_none(app: Flask, address: str, number: int | None) -> None:
    with app.test_request_context(address):
        assert requested_number("after") == number


def test_a_field_of_the_form_is_a_number_or_none(app: Flask) -> None:
    with app.test_request_context("/", method="POST", data={"version": "3"}):
        assert requested_number("version") == 3
