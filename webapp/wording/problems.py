"""Answers to failed requests: RFC 9457, `application/problem+json`, with one stable type for each problem."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from flask import Response, request

from common.errors import FelixError, Forbidden, InvalidInput, NotFound, WrongState
from common.i18n import N_, gettext, language
from webapp.wording import words

PREFIX = "/api/v1"
MEDIA_TYPE = "application/problem+json"
TYPE_PREFIX = "urn:felix-hub:problem:"


@dataclass(frozen=True)
class ProblemType:
    """A type of problem. `about` is for the reference, in English; the title is in the client's language."""

    name: str
    status: int
    title: str
    about: str

    @property
    def type(self) -> str:
        return TYPE_PREFIX + self.name


PROBLEM_TYPES = {
    kind.name: kind
    for kind in (
        ProblemType(
            "malformed",
            400,
            N_("That request cannot be read"),
            "The body is no JSON: broken, nested too deep, a name given twice, or not UTF-8.",
        ),
        ProblemType(
            "unauthorized",
            401,
            N_("A token is needed"),
            "There is no bearer token, or it is unknown, expired or revoked, or its person may not come in any more.",
        ),
        ProblemType("scope", 403, N_("The token does not reach that far"), "`scope` names the scope that is missing."),
        ProblemType(
            "role",
            403,
            N_("That is not yours to do"),
            "The scope is there, but the role of the token's person does not allow it. `action` names what is needed.",
        ),
        ProblemType("not-found", 404, N_("There is nothing here"), "The address is wrong, or there is no such thing."),
        ProblemType(
            "method", 405, N_("That cannot be done here"), "The address knows other methods; `Allow` names them."
        ),
        ProblemType(
            "not-acceptable",
            406,
            N_("There is no such form of it"),
            "Answers are `application/json`, problems `application/problem+json`: `Accept` must let them through.",
        ),
        ProblemType(
            "stale-version",
            409,
            N_("Somebody was faster"),
            "It changed since the `version` that was sent. `version` is the present one and `happened` what happened "
            "since: look, decide again, send the present version.",
        ),
        ProblemType(
            "not-now",
            409,
            N_("That cannot be done now"),
            "The state of the thing does not allow it. Reading it again shows what can be done.",
        ),
        ProblemType(
            "in-progress",
            409,
            N_("The same request is still running"),
            "Another request with this `Idempotency-Key` is not finished. Send it again in a moment.",
        ),
        ProblemType(
            "shown-once",
            409,
            N_("It is done, and was shown once"),
            "A request with this `Idempotency-Key` was carried out, and its answer is not kept: it held "
            "a secret, or the access of its person has changed since.",
        ),
        ProblemType("too-large", 413, N_("That is too large"), "A body has at most 64 KiB."),
        ProblemType("media-type", 415, N_("JSON is needed"), "The body must be sent as `application/json`."),
        ProblemType(
            "invalid",
            422,
            N_("That does not fit the description"),
            "The parameters or the body do not fit the schema. `errors` names each place and what is wrong there.",
        ),
        ProblemType(
            "refused",
            422,
            N_("That cannot be taken"),
            "It fits the schema, but a rule of the station refuses it. `code` names the rule, `detail` says it.",
        ),
        ProblemType(
            "key-reused",
            422,
            N_("That key was used for something else"),
            "The `Idempotency-Key` belongs to another request of the last 24 hours.",
        ),
        ProblemType(
            "internal",
            500,
            N_("Something broke on our side"),
            "It is logged. What was not finished was not kept, so the request may be sent again.",
        ),
        ProblemType(
            "busy",
            503,
            N_("The desk is busy for a moment"),
            "The database did not answer in time. Nothing was changed: send it again after `Retry-After` seconds.",
        ),
    )
}
BY_STATUS = {400: "malformed", 404: "not-found", 405: "method", 413: "too-large", 503: "busy"}


@dataclass
class Problem(Exception):
    """A request that cannot be carried out. `detail` is in the client's language."""

    kind: str
    detail: str = ""
    members: Mapping[str, Any] = field(default_factory=dict)
    headers: Mapping[str, str] = field(default_factory=dict)

    def response(self) -> Response:
        kind = PROBLEM_TYPES[self.kind]
        told = {"type": kind.type, "title": gettext(kind.title), "status": kind.status, **self.members}
        if self.detail:
            told["detail"] = self.detail
        answer = Response(json.dumps(told, ensure_ascii=False), kind.status, content_type=MEDIA_TYPE)
        answer.headers.update({"Content-Language": language(), "Vary": "Accept-Language", **self.headers})
        return answer


def is_api_request() -> bool:
    """Whether the request is for the API: then errors are problem documents, not pages."""
    return request.path == PREFIX or request.path.startswith(PREFIX + "/")


def status_response(status: int) -> Response:
    """The answer to an error that no endpoint has handled: the framework's or ours."""
    name = BY_STATUS.get(status, "internal" if status >= 500 else "malformed")
    return Problem(name).response()


def problem_of_error(error: FelixError) -> Problem:
    """The problem that stands for an error of ours. Elsewhere a stale client is told what it has missed."""
    if isinstance(error, NotFound):
        return Problem("not-found")
    if isinstance(error, Forbidden):
        return Problem("role", members={"action": error.action})
    if isinstance(error, WrongState):
        return Problem("not-now", words.wrong_state(error))
    if isinstance(error, InvalidInput) and error.code == "key_reused":
        return Problem("key-reused")
    if isinstance(error, InvalidInput):
        return Problem("refused", words.refusal(error), {"code": error.code})
    raise error
