"""The table of endpoints: a row holds the route, the permission, the models of request and answer, and the problems."""

from __future__ import annotations

import inspect
import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, TypeVar, get_type_hints

from pydantic import BaseModel
from sqlalchemy.orm import Session

from common.database.models import Via
from common.people.scopes import Scope
from common.permissions import Action, Actor
from webapp.api.bearer import Bearer

Run = TypeVar("Run", bound=Callable[..., BaseModel])


@dataclass(frozen=True)
class Call:
    """The context of an endpoint. The caller owns the transaction: a write is committed after the endpoint returns."""

    session: Session
    bearer: Bearer
    key: str  # a fresh key, for service functions that need one: repeated requests are recognised before the call

    @property
    def actor(self) -> Actor:
        return Actor(self.bearer.actor.person_id, self.bearer.actor.role, Via.API)


@dataclass(frozen=True)
class Endpoint:
    """One row. `problems` are specific to the endpoint; `problem_names` adds those that any request can meet."""

    method: str
    path: str  # below /api/v1, as OpenAPI writes it
    tag: str
    run: Callable[..., BaseModel]
    scope: Scope | None
    action: Action
    status: int
    problems: tuple[str, ...]
    location: str  # the address of the new resource, filled in from the answer
    is_secret: bool  # the answer is shown once and not kept
    body: type[BaseModel] | None
    query: type[BaseModel] | None
    answer: type[BaseModel]

    @property
    def name(self) -> str:
        return self.run.__name__

    @property
    def writes(self) -> bool:
        return self.method != "GET"

    @property
    def parameters(self) -> list[str]:
        return re.findall(r"{(\w+)}", self.path)

    @property
    def summary(self) -> str:
        return _paragraphs(self.run)[0]

    @property
    def description(self) -> str:
        return "\n\n".join(_paragraphs(self.run)[1:])

    @property
    def problem_names(self) -> list[str]:
        """The names of all problems that it can answer with."""
        names = ["unauthorized", "scope", "role", "not-acceptable", "busy", *self.problems]
        names += ["not-found"] if self.parameters else []
        names += ["malformed", "too-large", "media-type", "invalid", "refused"] if self.body else []
        names += ["invalid"] if self.query or self.method == "POST" else []
        names += ["in-progress", "key-reused", "shown-once"] if self.method == "POST" else []
        names += ["stale-version"] if self.body and "version" in self.body.model_fields else []
        if self.scope is None:
            names = [name for name in names if name not in ("scope", "role")]
        return sorted(set(names))


def _paragraphs(run: Callable[..., object]) -> list[str]:
    text = inspect.cleandoc(run.__doc__ or "")
    return [" ".join(paragraph.split()) for paragraph in text.split("\n\n")]


class Group:
    """The endpoints of one subject; the functions below are decorators that add a row."""

    def __init__(self, tag: str) -> None:
        self.tag = tag
        self.rows: list[Endpoint] = []

    def get(self, path: str, scope: Scope | None, action: Action, **options: Any) -> Callable[[Run], Run]:
        return self._add("GET", path, scope, action, **options)

    def post(self, path: str, scope: Scope, action: Action, **options: Any) -> Callable[[Run], Run]:
        return self._add("POST", path, scope, action, **options)

    def patch(self, path: str, scope: Scope, action: Action, **options: Any) -> Callable[[Run], Run]:
        return self._add("PATCH", path, scope, action, **options)

    def _add(
        self,
        method: str,
        path: str,
        scope: Scope | None,
        action: Action,
        *,
        status: int = 200,
        problems: tuple[str, ...] = (),
        location: str = "",
        is_secret: bool = False,
    ) -> Callable[[Run], Run]:
        def mark(run: Run) -> Run:
            hints = get_type_hints(run)
            self.rows.append(
                Endpoint(
                    method,
                    path,
                    self.tag,
                    run,
                    scope,
                    action,
                    status,
                    problems,
                    location,
                    is_secret,
                    hints.get("body"),
                    hints.get("query"),
                    hints["return"],
                )
            )
            return run

        return mark
