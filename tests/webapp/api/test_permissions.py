"""Every endpoint, every role, every scope: allowed or refused as the tables say. Generated from the endpoints."""

from __future__ import annotations

import re

import pytest
from flask import Flask

from common.database.engine import Database
from common.database.models import Person, Role
from common.people.scopes import Scope
from common.permissions import may
from tests.webapp.api.client import Client, problem, token
from webapp.api.endpoints import Endpoint
from webapp.api.resources import ENDPOINTS


def asked(client: Client, endpoint: Endpoint) -> str:
    """The problem it meets, of things that are not there; empty: none."""
    path = re.sub(r"{\w+}", "999999", endpoint.path)
    answer = client.send(endpoint.method, path, json={} if endpoint.body else None)
    assert answer.status_code < 500, f"{endpoint.method} {endpoint.path}: {answer.text}"
    return answer.get_json()["type"] if answer.status_code >= 400 else ""


@pytest.mark.parametrize("role", Role)
def test_each_endpoint_opens_to_its_scope_and_to_the_roles_of_its_action(
    app: Flask, database: Database, rina: Person, role: Role
) -> None:
    values = {scope: token(database, rina, [scope]) for scope in Scope}
    with database.write() as session:
        session.get_one(Person, rina.id).role = role
    for endpoint in ENDPOINTS:
        for scope in Scope:
            met = asked(Client(app, values[scope]), endpoint)
            if role is Role.MECHANIC:
                wanted = "unauthorized"
            elif endpoint.scope not in (scope, None):
                wanted = "scope"
            else:
                wanted = "" if may(role, endpoint.action) else "role"
            refused = met if met in map(problem, ("unauthorized", "scope", "role")) else ""
            assert refused == (problem(wanted) if wanted else ""), f"{role} {scope} {endpoint.method} {endpoint.path}"


def test_an_endpoint_that_changes_something_wants_a_scope_to_write() -> None:
    for row in ENDPOINTS:
        if row.scope is not None:
            assert row.scope.value.endswith(":write") is row.writes, row.name


def test_names_and_paths_are_unique() -> None:
    assert len({row.name for row in ENDPOINTS}) == len(ENDPOINTS)
    assert len({(row.method, row.path) for row in ENDPOINTS}) == len(ENDPOINTS)
