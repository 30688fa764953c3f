"""Schemathesis tries every operation of the document: no 5xx, no undocumented answer, each as its schema says."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from schemathesis import Case, openapi
from schemathesis.checks import CheckFunction, not_a_server_error
from schemathesis.generation import GenerationMode
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from common.catalogue import catalogue
from common.database.engine import Database
from common.orders.moves import Move
from common.settings.config import WebSettings
from tests.conftest import SOAK
from tests.support.cast import AVI, DIMA, hire
from tests.support.seed import SMALL
from tests.webapp.api.client import BASE, SPOKEN, token
from tests.webapp.desks import environment, move, place
from webapp.api.endpoints import Endpoint
from webapp.api.resources import ENDPOINTS
from webapp.app import create_app
from webapp.web.context import EXTENSION

EXAMPLES = 300 if SOAK else 5  # an operation
ASKED: list[CheckFunction] = [
    not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
]


@pytest.fixture(scope="module")
def tried(sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Any, str]]:
    """A station with a little of everything, and a manager's token: one for all operations, which change it."""
    file = tmp_path_factory.mktemp("schemathesis") / "felix.sqlite3"
    shutil.copyfile(sqlite_template, file)
    database = Database(f"sqlite:///{file}", synchronous="OFF")
    app = create_app(WebSettings.from_env(environment(f"sqlite:///{file}")), database)
    dima, avi = hire(database, DIMA), hire(database, AVI)
    for _ in range(3):
        place(database, dima)
    move(database, 1, Move.TAKE, avi)
    with database.write() as session:
        catalogue.load(session, SMALL)
    yield openapi.from_wsgi(f"{BASE}/openapi.json", app), token(database, avi)
    app.extensions[EXTENSION].hub.shutdown()
    database.dispose()


def cases(operation: Any, endpoint: Endpoint) -> st.SearchStrategy[Case[Any]]:
    """Requests that fit the description and some that do not; of things that are there, and of any number."""
    there = {"path_parameters": dict.fromkeys(endpoint.parameters, 1)} if endpoint.parameters else {}
    fitting = [operation.as_strategy(GenerationMode.POSITIVE, **there)]
    fitting += [operation.as_strategy(GenerationMode.POSITIVE)] if there else []
    if endpoint.body or endpoint.query:
        fitting.append(operation.as_strategy(GenerationMode.NEGATIVE, **there))
    return st.one_of(fitting)


@pytest.mark.parametrize("endpoint", ENDPOINTS, ids=lambda endpoint: endpoint.name)
def test_an_operation_answers_as_the_document_says(tried: tuple[Any, str], endpoint: Endpoint) -> None:
    schema, value = tried
    headers = {**SPOKEN, "Authorization": f"Bearer {value}"}

    @settings(
        max_examples=EXAMPLES,
        deadline=None,
        derandomize=not SOAK,
        database=None,
        phases=[Phase.explicit, Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    @given(case=cases(schema[endpoint.path][endpoint.method], endpoint))
    def run(case: Case[Any]) -> None:
        case.call_and_validate(headers=headers, checks=ASKED)

    run()
