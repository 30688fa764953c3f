"""Reading a request: its body, query and headers are checked against their models before any change."""

from __future__ import annotations

import json
import types
from typing import Any, TypeVar, get_args, get_origin

from flask import request
from pydantic import BaseModel, ValidationError
from werkzeug.datastructures import MultiDict

from common import idempotency
from common.i18n import N_, gettext
from webapp.api import schema_errors
from webapp.api.schema_errors import UnfitValue
from webapp.wording.problems import MEDIA_TYPE, Problem

Model = TypeVar("Model", bound=BaseModel)
JSON = "application/json"
MAX_ERRORS = 20


def check_accept() -> None:
    """Raises: Problem `not-acceptable`."""
    accepted = request.accept_mimetypes
    if accepted and not any(accepted.quality(kind) > 0 for kind in (JSON, MEDIA_TYPE)):
        raise Problem("not-acceptable")


def idempotency_key() -> str | None:
    """The `Idempotency-Key`, if the client sent one. Raises: Problem `invalid`."""
    key = request.headers.get("Idempotency-Key")
    if key is None:
        return None
    if not 1 <= len(key) <= idempotency.MAX_KEY or not key.isascii() or not key.isprintable():
        detail = gettext("A key has 1 to %(most)s printable ASCII characters.") % {"most": idempotency.MAX_KEY}
        errors = [_error_member("header", "Idempotency-Key", "idempotency_key", detail)]
        raise Problem("invalid", members={"errors": errors})
    return key


def read_body(model: type[Model]) -> Model:
    """Raises: Problem `media-type`, `too-large`, `malformed`, `invalid`."""
    if request.mimetype != JSON:
        raise Problem("media-type", headers={"Accept": JSON})
    sent = request.get_data(cache=True)
    _check_json(sent)
    try:
        return model.model_validate_json(sent)
    except ValidationError as error:
        raise _invalid_problem(error, "body") from None


def _check_json(sent: bytes) -> None:
    """Check that it is interoperable JSON (I-JSON, RFC 7493): no duplicate names, no NaN or infinite numbers."""
    try:
        json.loads(sent.decode("utf-8"), object_pairs_hook=_unique_names, parse_constant=_refuse_number)
    except (ValueError, RecursionError) as error:
        raise Problem("malformed", schema_errors.malformed_detail(error)) from None


def _unique_names(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    names = dict(pairs)
    if len(names) < len(pairs):
        raise UnfitValue(N_("The same name stands twice in one object."))
    return names


def _refuse_number(name: str) -> None:
    raise UnfitValue(N_("%(name)s is not a number in JSON."), name=name)


def read_query(model: type[Model]) -> Model:
    """Raises: Problem `invalid`."""
    try:
        return model.model_validate(_query_values(model, request.args))
    except ValidationError as error:
        raise _invalid_problem(error, "query") from None


def _query_values(model: type[BaseModel], given: MultiDict[str, str]) -> dict[str, Any]:
    """One value per name; several only for a field that is a list."""
    found: dict[str, Any] = {}
    for name in given:
        values, field = given.getlist(name), model.model_fields.get(name)
        found[name] = values if len(values) > 1 or (field and _is_list(field.annotation)) else values[0]
    return found


def _is_list(annotation: Any) -> bool:
    if get_origin(annotation) is types.UnionType:
        return any(_is_list(one) for one in get_args(annotation))
    return get_origin(annotation) is list


def _invalid_problem(error: ValidationError, where: str) -> Problem:
    found = error.errors(include_url=False, include_input=False)[:MAX_ERRORS]
    if any(one["type"] == "json_invalid" for one in found):
        return Problem("malformed", gettext("The body is not JSON that can be read."))
    errors = [_error_member(where, _pointer(one["loc"]), one["type"], schema_errors.detail_of(one)) for one in found]
    return Problem("invalid", members={"errors": errors})


def _pointer(location: tuple[int | str, ...]) -> str:
    """A JSON pointer (RFC 6901); names from the client are cut to 80 characters and escaped."""
    return "".join(f"/{str(step)[:80].replace('~', '~0').replace('/', '~1')}" for step in location)


def _error_member(where: str, at: str, code: str, detail: str) -> dict[str, str]:
    return {"in": where, "at": at, "code": code, "detail": detail}
