"""The API's blueprint: a route for each row of the table of endpoints, and the OpenAPI document."""

from __future__ import annotations

import json
from collections.abc import Callable
from functools import cache

from flask import Blueprint, Response

from webapp.api import calls, document, request_reading
from webapp.api.endpoints import Endpoint
from webapp.api.resources import ENDPOINTS
from webapp.web.access import exempt
from webapp.wording.problems import PREFIX


def make_blueprint() -> Blueprint:
    blueprint = Blueprint("api", __name__, url_prefix=PREFIX)
    for endpoint in ENDPOINTS:
        blueprint.add_url_rule(
            _rule(endpoint),
            endpoint.name,
            _view(endpoint),
            methods=[endpoint.method],
            provide_automatic_options=False,
        )
    blueprint.add_url_rule("/openapi.json", "openapi", exempt(openapi), provide_automatic_options=False)
    return blueprint


def _rule(endpoint: Endpoint) -> str:
    rule = endpoint.path
    for name in endpoint.parameters:
        rule = rule.replace(f"{{{name}}}", f"<id:{name}>")
    return rule


def _view(endpoint: Endpoint) -> Callable[..., Response]:
    def view(**arguments: int) -> Response:
        return calls.answer(endpoint, arguments)

    view.__doc__ = endpoint.summary + "."
    return exempt(view)


def openapi() -> Response:
    """This API as an OpenAPI 3.1 document."""
    return Response(_openapi_json(), content_type=request_reading.JSON)


@cache
def _openapi_json() -> str:
    return json.dumps(document.build_document(ENDPOINTS), ensure_ascii=False)
