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
            "The body is not valid JSON: it is broken, is nested too deeply, repeats a name, or is not UTF-8.",
        ),
        ProblemType(
            "unauthorized",
            401,
            N_("A token is needed"),
            "The bearer token is missing, unknown, expired or revoked, or the access of its person has ended.",
        ),
        ProblemType("scope", 403, N_("The token’s scopes do not allow that"), "`scope` names the missing scope."),
        ProblemType(
            "role",
            403,
            N_("You are not allowed to do that"),
            "The token has the scope, but the role of its person does not allow the action. `action` names the action.",
        ),
        ProblemType("not-found", 404, N_("There is nothing here"), "The address is wrong, or the row does not exist."),
        ProblemType(
            "method",
            405,
            N_("That cannot be done here"),
            "The address does not support this method. `Allow` lists the supported ones.",
        ),
        ProblemType(
            "not-acceptable",
            406,
            N_("That format is not available"),
            "Answers are `application/json`, problems are `application/problem+json`. `Accept` must allow them.",
        ),
        ProblemType(
            "stale-version",
            409,
            N_("Somebody else changed it first"),
            "The row has changed since the `version` that was sent. `version` is the present one, `happened` lists the "
            "changes. Read the row, decide again, and send the present version.",
        ),
        ProblemType(
            "not-now",
            409,
            N_("That cannot be done now"),
            "The row's state does not allow the change. Read the row again to see what is possible.",
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
            "A request with this `Idempotency-Key` was carried out. Its answer is not kept, because it held a "
            "secret or because the access of its person has changed since.",
        ),
        ProblemType("too-large", 413, N_("That is too large"), "The body is larger than 64 KiB."),
        ProblemType("media-type", 415, N_("JSON is needed"), "The body must be sent as `application/json`."),
        ProblemType(
            "invalid",
            422,
            N_("The request does not fit the schema"),
            "The parameters or the body do not fit the schema. `errors` lists each place and its error.",
        ),
        ProblemType(
            "refused",
            422,
            N_("That cannot be taken"),
            "The request fits the schema, but a rule of the station refuses it. `code` names the rule, "
            "`detail` explains it.",
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
            "The error is logged. An unfinished request changes nothing, so it can be sent again.",
        ),
        ProblemType(
            "busy",
            503,
            N_("The desk is busy for a moment"),
            "The database did not answer in time. Nothing was changed. Send the request again after `Retry-After` "
            "seconds.",
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
