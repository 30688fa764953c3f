"""Carrying out a request: checked, in one transaction, once. Every error becomes a problem and changes no data."""

from __future__ import annotations

from collections.abc import Mapping

from flask import Response, request
from pydantic import BaseModel
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from common import idempotency
from common.database.models import ApiRequest
from common.errors import FelixError, StaleVersion
from common.signing import fresh_code
from webapp.api import bearer, request_reading
from webapp.api.bearer import Bearer
from webapp.api.endpoints import Call, Endpoint
from webapp.api.resources.order_changes import stale_problem
from webapp.web.context import desk
from webapp.wording.problems import PREFIX, Problem, problem_of_error

LOCK_TIMEOUT = "55P03"  # PostgreSQL, Appendix A; SQLite has one lock for all data, and cannot tell who holds it
REPLAYED_HEADERS = {"Idempotency-Replayed": "true"}


def answer(endpoint: Endpoint, arguments: Mapping[str, int]) -> Response:
    """Answer one request."""
    try:
        with desk().database.read() as session:
            _authorize(session, endpoint)  # before the body is read
        return _carry_out(endpoint, arguments)
    except Problem as problem:
        return problem.response()
    except StaleVersion as error:
        return stale_problem(error).response()
    except FelixError as error:
        return problem_of_error(error).response()


def _authorize(session: Session, endpoint: Endpoint) -> Bearer:
    """Raises: Problem `unauthorized`, `scope`, `role`."""
    who = bearer.authenticate(session)
    bearer.require(who, endpoint.scope, endpoint.action)
    return who


def _carry_out(endpoint: Endpoint, arguments: Mapping[str, int]) -> Response:
    request_reading.check_accept()
    given = {**arguments, **_read_arguments(endpoint)}
    who, made = _run_write(endpoint, given) if endpoint.writes else _run_read(endpoint, given)
    bearer.touch(who)
    return made


def _read_arguments(endpoint: Endpoint) -> dict[str, BaseModel]:
    given: dict[str, BaseModel] = {}
    if endpoint.body is not None:
        given["body"] = request_reading.read_body(endpoint.body)
    if endpoint.query is not None:
        given["query"] = request_reading.read_query(endpoint.query)
    return given


def _run_read(endpoint: Endpoint, given: Mapping[str, object]) -> tuple[Bearer, Response]:
    with desk().database.read() as session:
        who = _authorize(session, endpoint)
        return who, _json_response(endpoint, endpoint.run(Call(session, who, ""), **given))


def _run_write(endpoint: Endpoint, given: Mapping[str, object]) -> tuple[Bearer, Response]:
    """Carry out a change. Whoever asks is looked up once more in its transaction: the body may have come slowly."""
    key = request_reading.idempotency_key() if endpoint.method == "POST" else None
    with desk().database.write("api") as session:
        who = _authorize(session, endpoint)
        row, is_new = _claim_key(session, who, key) if key is not None else (None, True)
        if row is not None and not is_new:
            return who, _replay(row)
        made = endpoint.run(Call(session, who, f"api:{fresh_code()}"), **given)
        session.flush()
        response = _json_response(endpoint, made)
        if row is not None:
            kept = None if endpoint.is_secret else response.get_data(as_text=True)
            idempotency.store_answer(row, response.status_code, kept, response.headers.get("Location", ""))
    return who, response


def _claim_key(session: Session, who: Bearer, key: str) -> tuple[ApiRequest, bool]:
    """Raises: Problem `in-progress`, InvalidInput."""
    asked = f"{request.method} {request.full_path}\n{request.get_data(cache=True).decode('latin-1')}"
    try:
        return idempotency.begin_request(session, who.token_id, key, asked)
    except DBAPIError as error:
        if getattr(error.orig, "sqlstate", None) != LOCK_TIMEOUT:
            raise
        raise Problem("in-progress", headers={"Retry-After": "2"}) from error


def _replay(row: ApiRequest) -> Response:
    if row.answer is None:
        raise Problem("shown-once")
    response = Response(row.answer, row.status, content_type=request_reading.JSON, headers=REPLAYED_HEADERS)
    if row.location:
        response.headers["Location"] = row.location
    return response


def _json_response(endpoint: Endpoint, made: BaseModel) -> Response:
    response = Response(made.model_dump_json(), endpoint.status, content_type=request_reading.JSON)
    if endpoint.location:
        response.headers["Location"] = PREFIX + endpoint.location.format(**dict(made))
    return response
