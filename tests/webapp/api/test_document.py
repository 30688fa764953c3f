"""The OpenAPI document is valid, says everything, and its examples are what it says."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import pytest
from flask import Flask
from jsonschema import Draft202012Validator
from openapi_spec_validator import validate

from tests.webapp.api.client import BASE
from webapp.api import document
from webapp.api.resources import ENDPOINTS
from webapp.wording.problems import PROBLEM_TYPES

DOCUMENT = document.build_document(ENDPOINTS)
OPERATIONS = [
    (f"{method.upper()} {path}", operation)
    for path, methods in DOCUMENT["paths"].items()
    for method, operation in methods.items()
]


def test_it_is_a_valid_document_of_openapi_3_1(app: Flask) -> None:
    answer = app.test_client().get(f"{BASE}/openapi.json")
    assert answer.get_json()["openapi"] == "3.1.0"
    validate(answer.get_json())


def test_every_endpoint_is_in_it() -> None:
    assert {name for name, _ in OPERATIONS} == {f"{row.method} {row.path}" for row in ENDPOINTS}


@pytest.mark.parametrize(("name", "operation"), OPERATIONS)
def test_an_operation_says_what_it_does_and_shows_what_goes_in_and_out(name: str, operation: dict[str, Any]) -> None:
    assert operation["summary"]
    assert not operation["summary"].endswith(".")
    assert operation["description"]
    assert operation["tags"]
    assert {"401", "406", "503"} <= set(operation["responses"])
    success = next(answer for status, answer in operation["responses"].items() if status.startswith("2"))
    assert success["content"]["application/json"]["examples"]
    if "requestBody" in operation:
        assert operation["requestBody"]["content"]["application/json"]["examples"]


def contents(at: Any) -> Iterator[dict[str, Any]]:
    """Every media type of the document, wherever it stands."""
    if isinstance(at, dict):
        for name, value in at.items():
            if name == "content":
                yield from value.values()
            else:
                yield from contents(value)
    elif isinstance(at, list):
        for value in at:
            yield from contents(value)


def test_every_example_fits_its_schema() -> None:
    shown = [
        (content["schema"], example["value"])
        for content in contents(DOCUMENT)
        for example in content.get("examples", {}).values()
    ]
    for schema, value in shown:
        whole = {**schema, "components": DOCUMENT["components"]}
        Draft202012Validator(whole, format_checker=Draft202012Validator.FORMAT_CHECKER).validate(value)
    assert len(shown) > 60


def test_every_example_of_a_body_is_one_that_its_model_takes() -> None:
    for row in ENDPOINTS:
        if row.body is not None:
            for example in DOCUMENT["components"]["schemas"][row.body.__name__]["examples"]:
                row.body.model_validate_json(json.dumps(example))


def test_every_problem_an_endpoint_names_is_in_the_table() -> None:
    for row in ENDPOINTS:
        assert set(row.problem_names) <= set(PROBLEM_TYPES), row.name
