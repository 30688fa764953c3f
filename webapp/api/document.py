"""The OpenAPI 3.1 document, made from the table of endpoints and their models."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from typing import Any, cast

from pydantic import BaseModel
from pydantic.json_schema import models_json_schema

from common import idempotency
from common.languages import LANGUAGES
from common.people.scopes import Scope
from common.settings.version import RELEASE
from common.text.numbers import MAX_ID
from webapp.api.endpoints import Endpoint
from webapp.api.shapes.talk_shapes import EVENT, Fact
from webapp.wording.problems import MEDIA_TYPE, PREFIX, PROBLEM_TYPES, ProblemType

Json = dict[str, Any]
JSON = "application/json"
REF = "#/components/schemas/{model}"
DESCRIPTION = """\
What the desk can do with orders, people and the catalogue, for programs.

**Who.** Send a token as `Authorization: Bearer fh_…`; `felix-hub token create` makes one. It acts as a member of staff:
its scopes and their role must both allow what is asked. A browser's session opens nothing here.

**Versions.** Every change of an order names the `version` it was made for. If the order changed meanwhile, the answer
is 409 `stale-version` with the present version and what happened since; nothing is written over.

**Once.** A POST with an `Idempotency-Key` is carried out one time: sent again within 24 hours, it is answered with what
was answered then, and `Idempotency-Replayed: true`. A request that was refused did nothing and may be sent again.

**Pages.** Lists come with `next_cursor`; send it as `cursor` until it is null.

**Problems** are RFC 9457: `application/problem+json` with a stable `type`; `title` and `detail` are in the language of
`Accept-Language` (LANGUAGES).""".replace("LANGUAGES", ", ".join(LANGUAGES))
SCOPES = {
    Scope.ORDERS_READ: "read orders, their timeline, talk and receipts",
    Scope.ORDERS_WRITE: "place and serve orders, write to mechanics",
    Scope.PEOPLE_READ: "read who is here, who is invited, who asks to join",
    Scope.PEOPLE_WRITE: "invite, let in, archive and restore",
    Scope.CATALOGUE_READ: "read categories and parts",
    Scope.CATALOGUE_WRITE: "change categories and parts",
}


def build_document(endpoints: Sequence[Endpoint]) -> Json:
    """The whole document."""
    schemas = _schemas(endpoints)
    paths: dict[str, Json] = defaultdict(dict)
    for endpoint in endpoints:
        paths[endpoint.path][endpoint.method.lower()] = _operation(endpoint, schemas)
    queries = {endpoint.query.__name__ for endpoint in endpoints if endpoint.query}
    return {
        "openapi": "3.1.0",
        "info": {"title": "Felix Hub", "version": RELEASE, "description": DESCRIPTION, "license": _license()},
        "servers": [{"url": PREFIX}],
        "tags": [{"name": tag} for tag in dict.fromkeys(endpoint.tag for endpoint in endpoints)],
        "paths": dict(paths),
        "components": {
            "securitySchemes": {
                "token": {
                    "type": "http",
                    "scheme": "bearer",
                    "description": "Scopes: "
                    + "; ".join(f"`{scope.value}`, {about}" for scope, about in SCOPES.items())
                    + ".",
                }
            },
            "responses": {_response_name(kinds): _problem_response(kinds) for kinds in _problem_sets(endpoints)},
            "schemas": {name: schema for name, schema in schemas.items() if name not in queries},
        },
    }


def _license() -> Json:
    return {"name": "MIT", "identifier": "MIT"}


def _schemas(endpoints: Sequence[Endpoint]) -> dict[str, Json]:
    """The schema of every model by name: request models as they are validated, answers as they are serialized."""
    asked = {model for endpoint in endpoints for model in (endpoint.body, endpoint.query) if model}
    told: set[type[BaseModel]] = {endpoint.answer for endpoint in endpoints} | {Fact}
    models: list[Any] = [(model, "validation") for model in asked] + [(model, "serialization") for model in told]
    models.sort(key=lambda pair: pair[0].__name__)
    _, found = models_json_schema(models, ref_template=REF)
    schemas: dict[str, Json] = dict(sorted(found["$defs"].items()))
    for model in asked | told:
        shown = cast(Json, model.model_config.get("json_schema_extra") or {})
        schemas[model.__name__].update(shown)  # pydantic sorts the names in examples
    return {**schemas, "Problem": _problem_schema()}


def _problem_schema() -> Json:
    return {
        "type": "object",
        "description": "RFC 9457. `type` is stable; `title` and `detail` are for people.",
        "properties": {
            "type": {"type": "string", "enum": [kind.type for kind in PROBLEM_TYPES.values()]},
            "title": {"type": "string"},
            "status": {"type": "integer"},
            "detail": {"type": "string"},
            "scope": {"type": "string", "description": "`scope`: the one that is missing."},
            "action": {"type": "string", "description": "`role`: what the role does not allow."},
            "code": {"type": "string", "description": "`refused`: the rule."},
            "version": {"type": "integer", "description": "`stale-version`: the present one."},
            "happened": {
                "type": "array",
                "description": "`stale-version`: what happened since, oldest first, at most 50.",
                "items": {"$ref": REF.format(model="Fact")},
            },
            "errors": {
                "type": "array",
                "description": "`invalid`: at most 20 places and what is wrong there.",
                "items": {
                    "type": "object",
                    "properties": {
                        "in": {"type": "string", "enum": ["body", "query", "header"]},
                        "at": {"type": "string", "description": "A JSON pointer, or a header's name."},
                        "code": {"type": "string"},
                        "detail": {"type": "string"},
                    },
                    "required": ["in", "at", "code", "detail"],
                },
            },
        },
        "required": ["type", "title", "status"],
    }


def _operation(endpoint: Endpoint, schemas: dict[str, Json]) -> Json:
    operation: Json = {
        "operationId": endpoint.name,
        "tags": [endpoint.tag],
        "summary": endpoint.summary,
        "description": _description(endpoint),
        "security": [{"token": [endpoint.scope.value] if endpoint.scope else []}],
        "parameters": [
            *_path_parameters(endpoint),
            *_query_parameters(endpoint, schemas),
            *_header_parameters(endpoint),
        ],
    }
    if endpoint.body is not None:
        name = endpoint.body.__name__
        operation["requestBody"] = {"required": True, "content": {JSON: _content(name, schemas)}}
    operation["responses"] = {
        str(endpoint.status): _success_response(endpoint, schemas),
        **_problem_references(endpoint),
    }
    return operation


def _description(endpoint: Endpoint) -> str:
    scope = f"Scope `{endpoint.scope.value}`, action `{endpoint.action.value}`." if endpoint.scope else "Any token."
    return f"{endpoint.description}\n\n{scope}"


def _path_parameters(endpoint: Endpoint) -> list[Json]:
    number = {"type": "integer", "minimum": 1, "maximum": MAX_ID}
    return [{"name": name, "in": "path", "required": True, "schema": number} for name in endpoint.parameters]


def _query_parameters(endpoint: Endpoint, schemas: dict[str, Json]) -> list[Json]:
    if endpoint.query is None:
        return []
    model = schemas[endpoint.query.__name__]
    return [_parameter(name, dict(schema)) for name, schema in model.get("properties", {}).items()]


def _parameter(name: str, schema: Json) -> Json:
    """A parameter of the query. The model's null is left out: an absent parameter is not null."""
    about = schema.pop("description", None)
    schema.pop("title", None)
    if schema.get("default", ...) is None:
        del schema["default"]
    given = [one for one in schema.pop("anyOf", []) if one.get("type") != "null"]
    schema |= given[0] if given else {}
    parameter: Json = {"name": name, "in": "query", "required": False, "schema": schema}
    return {**parameter, "description": about} if about else parameter


def _header_parameters(endpoint: Endpoint) -> list[Json]:
    if endpoint.method != "POST":
        return []
    schema = {"type": "string", "minLength": 1, "maxLength": idempotency.MAX_KEY, "pattern": "^[ -~]+$"}
    about = "Any name for this request, a fresh one for each: sent again with it, it is not done again."
    header: Json = {"name": "Idempotency-Key", "in": "header", "required": False, "schema": schema}
    return [{**header, "description": about, "example": "b1f6c1c4-7a0f-4c3e-9f43-0f2d6f1f2a11"}]


def _content(name: str, schemas: dict[str, Json]) -> Json:
    examples = schemas[name].get("examples", [])
    shown = {f"example{number}": {"value": value} for number, value in enumerate(examples, start=1)}
    return {"schema": {"$ref": REF.format(model=name)}, **({"examples": shown} if shown else {})}


def _success_response(endpoint: Endpoint, schemas: dict[str, Json]) -> Json:
    response: Json = {
        "description": "Done." if endpoint.writes else "Found.",
        "content": {JSON: _content(endpoint.answer.__name__, schemas)},
    }
    headers: Json = {}
    if endpoint.location:
        headers["Location"] = {"description": "Where it is.", "schema": {"type": "string"}}
    if endpoint.method == "POST":
        about = "`true`: it was done before, and this is what was answered then."
        headers["Idempotency-Replayed"] = {"description": about, "schema": {"type": "string", "enum": ["true"]}}
    return {**response, "headers": headers} if headers else response


def _problem_references(endpoint: Endpoint) -> Json:
    found = sorted(_by_status(endpoint).items())
    return {str(status): {"$ref": f"#/components/responses/{_response_name(kinds)}"} for status, kinds in found}


def _by_status(endpoint: Endpoint) -> dict[int, list[ProblemType]]:
    kinds: dict[int, list[ProblemType]] = defaultdict(list)
    for name in endpoint.problem_names:
        kinds[PROBLEM_TYPES[name].status].append(PROBLEM_TYPES[name])
    return kinds


def _problem_sets(endpoints: Sequence[Endpoint]) -> list[list[ProblemType]]:
    """The sets of problems that share a status, each once."""
    found = {_response_name(kinds): kinds for endpoint in endpoints for kinds in _by_status(endpoint).values()}
    return [found[name] for name in sorted(found)]


def _response_name(kinds: Sequence[ProblemType]) -> str:
    return f"{kinds[0].status}-{'-or-'.join(kind.name for kind in kinds)}"


def _problem_response(kinds: Sequence[ProblemType]) -> Json:
    """The problems of one status."""
    about = " ".join(f"`{kind.name}`: {kind.about}" for kind in kinds)
    examples = {kind.name: {"value": _problem_example(kind)} for kind in kinds}
    schema = {"$ref": REF.format(model="Problem")}
    return {"description": about, "content": {MEDIA_TYPE: {"schema": schema, "examples": examples}}}


EXAMPLE_MEMBERS: dict[str, Json] = {
    "scope": {"scope": "orders:write"},
    "role": {"action": "people.archive"},
    "stale-version": {"version": 3, "happened": [EVENT]},
    "not-now": {"detail": "the order is issued"},
    "refused": {"code": "reason_needed", "detail": "Say why: the mechanic reads it."},
    "invalid": {
        "errors": [{"in": "body", "at": "/version", "code": "missing", "detail": "Field required"}],
    },
}


def _problem_example(kind: ProblemType) -> Json:
    return {"type": kind.type, "title": kind.title, "status": kind.status, **EXAMPLE_MEMBERS.get(kind.name, {})}
