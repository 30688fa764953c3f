"""The reference of the API as a page of the desk, made from the OpenAPI document, so that both agree."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache, lru_cache
from typing import Any

from flask import Blueprint, render_template, request
from markupsafe import Markup, escape

from common.text.numbers import MAX_VERSION
from webapp.api import document
from webapp.api.resources import ENDPOINTS
from webapp.web.access import public
from webapp.web.context import desk
from webapp.wording.problems import PREFIX, PROBLEM_TYPES, ProblemType

blueprint = Blueprint("reference", __name__)
Json = Mapping[str, Any]
JSON = "application/json"


@dataclass(frozen=True)
class Field:
    """One field of a body, an answer or the query: its type, whether it is required, its meaning."""

    name: str
    type: Markup
    is_needed: bool
    about: Markup


@dataclass(frozen=True)
class ResponseDoc:
    status: str
    about: Markup
    schema: str


@dataclass(frozen=True)
class Operation:
    id: str
    method: str
    path: str
    summary: str
    about: list[Markup]
    scope: str
    parameters: list[Field]
    body: str
    curl: str
    replies: list[ResponseDoc]
    example: str


@dataclass(frozen=True)
class SchemaDoc:
    """An object of the API, with its fields."""

    name: str
    about: Markup
    fields: list[Field]


@dataclass(frozen=True)
class ReferencePage:
    """The content of the reference."""

    about: list[Markup]
    scopes: dict[str, str]
    groups: dict[str, list[Operation]]
    schemas: list[SchemaDoc]
    problems: list[tuple[ProblemType, Markup]]
    start: str  # the first request to try
    address: str  # of the OpenAPI document


@blueprint.get("/api/docs")
@public
def page() -> str:
    """The reference of the API, with examples to copy."""
    base = (desk().settings.public_url or request.url_root).rstrip("/") + PREFIX
    made = _document()
    reference = ReferencePage(
        about=[_render_markdown(paragraph) for paragraph in document.DESCRIPTION.split("\n\n")],
        scopes={scope.value: about for scope, about in document.SCOPES.items()},
        groups=_groups(base),
        schemas=[
            SchemaDoc(name, _description(schema), list(_fields(schema))) for name, schema in _object_schemas(made)
        ],
        problems=[(kind, _render_markdown(kind.about)) for kind in PROBLEM_TYPES.values()],
        start=f'export TOKEN=fh_…\ncurl {base}/me -H "Authorization: Bearer $TOKEN"',
        address=f"{PREFIX}/openapi.json",
    )
    return render_template("api/reference.html", page=reference)


@cache
def _document() -> Json:
    return document.build_document(ENDPOINTS)


@lru_cache(maxsize=4)
def _groups(base: str) -> dict[str, list[Operation]]:
    """The operations by subject; `base` is in their examples."""
    made = _document()
    groups: dict[str, list[Operation]] = {tag["name"]: [] for tag in made["tags"]}
    for path, methods in made["paths"].items():
        for method, operation in methods.items():
            groups[operation["tags"][0]].append(_operation(made, base, method.upper(), path, operation))
    return groups


def _operation(made: Json, base: str, method: str, path: str, told: Json) -> Operation:
    body = told.get("requestBody", {}).get("content", {}).get(JSON, {})
    success = next(reply for status, reply in told["responses"].items() if status.startswith("2"))
    return Operation(
        id=told["operationId"],
        method=method,
        path=path,
        summary=told["summary"],
        about=[_render_markdown(paragraph) for paragraph in told["description"].split("\n\n")],
        scope=next(iter(told["security"][0]["token"]), ""),
        parameters=[
            Field(one["name"], _type_text(one["schema"]), one["required"], _render_markdown(one.get("description", "")))
            for one in told["parameters"]
        ],
        body=_schema_name(body["schema"]) if body else "",
        curl=_curl(base, method, path, _first_example(body)),
        replies=[_reply(made, status, reply) for status, reply in told["responses"].items()],
        example=_pretty(_first_example(success["content"][JSON])),
    )


def _first_example(content: Json) -> Any:
    return next((example["value"] for example in content.get("examples", {}).values()), None)


def _pretty(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, indent=2)


def _curl(base: str, method: str, path: str, body: Any) -> str:
    lines = [f"curl {'' if method == 'GET' else f'-X {method} '}{base}{re.sub(r'{[a-z_]+}', '42', path)}"]
    lines.append('-H "Authorization: Bearer $TOKEN"')
    if method == "POST":
        lines.append('-H "Idempotency-Key: $(uuidgen)"')
    if body is not None:
        quoted = json.dumps(body, ensure_ascii=False).replace("'", "'\\''")
        lines += ["--json '" + quoted + "'"]
    return " \\\n  ".join(lines)


def _reply(made: Json, status: str, reply: Json) -> ResponseDoc:
    if "$ref" in reply:
        reply = made["components"]["responses"][reply["$ref"].rpartition("/")[2]]
    content = next(iter(reply["content"].values()))
    return ResponseDoc(status, _render_markdown(reply["description"]), _schema_name(content["schema"]))


def _object_schemas(made: Json) -> Iterator[tuple[str, Json]]:
    """The schemas of objects, without those that only list codes."""
    yield from ((name, schema) for name, schema in made["components"]["schemas"].items() if "properties" in schema)


def _description(schema: Json) -> Markup:
    return _render_markdown(schema.get("description", ""))


def _fields(schema: Json) -> Iterator[Field]:
    needed = schema.get("required", [])
    for name, one in schema["properties"].items():
        yield Field(name, _type_text(one), name in needed, _render_markdown(one.get("description", "")))


def _type_text(schema: Json) -> Markup:
    """`string, 1 to 80 characters`, `list of Line`, `new or ready`, …"""
    if "$ref" in schema:
        return _link(_schema_name(schema))
    if "anyOf" in schema:
        return Markup(" or ").join(_type_text(one) for one in schema["anyOf"])
    if "enum" in schema or "const" in schema:
        values = [value for value in schema.get("enum", [schema.get("const")]) if value != ""]
        return Markup(" · ").join(Markup("<code>{}</code>").format(value) for value in values)
    if schema.get("type") == "array":
        return Markup("list of {}").format(_type_text(schema.get("items", {})))
    kind = {"object": "object", "null": "null"}.get(str(schema.get("type")), str(schema.get("type", "anything")))
    return Markup("{}{}").format(schema.get("format", kind).replace("date-time", "date and time"), _limits_text(schema))


def _limits_text(schema: Json) -> str:
    least, most = schema.get("minLength") or schema.get("minimum"), schema.get("maxLength") or schema.get("maximum")
    if most is None or most >= MAX_VERSION:
        return ""
    unit = " characters" if "maxLength" in schema else ""
    return f", {least or 0} to {most}{unit}"


def _link(name: str) -> Markup:
    has_fields = "properties" in _document()["components"]["schemas"][name]
    if has_fields:
        return Markup('<a href="#schema-{0}">{0}</a>').format(name)
    return _type_text(_document()["components"]["schemas"][name])


def _schema_name(schema: Json) -> str:
    return str(schema["$ref"]).rpartition("/")[2]


def _render_markdown(text: str) -> Markup:
    """Render the document's small part of Markdown: **strong** and `code`."""
    safe = str(escape(" ".join(text.split())))
    safe = re.sub(r"\*\*([^*]+)\*\*", r"<strong>\1</strong>", safe)
    return Markup(re.sub(r"`([^`]+)`", r"<code>\1</code>", safe))  # noqa: S704 escaped before it is marked up
