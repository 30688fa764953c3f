"""Who may call a route: a mark on its view. The desk does not start if a route has no mark.

The mark is an attribute of the function, so a decorator above it that uses functools.wraps keeps it.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, TypeVar

from flask import Flask, current_app, request

from common.errors import FelixError
from common.permissions import Action

View = TypeVar("View", bound=Callable[..., Any])
MARK = "felix_access"


@dataclass(frozen=True)
class Access:
    """Who may call a view. `action`: the permission a signed-in reader needs; None: the view is public."""

    action: Action | None
    has_own_secret: bool = False  # called by programs: no session, no origin check


class UnmarkedRoute(FelixError):
    """A route does not say who may call it. The text names it."""

    def __init__(self, endpoint: str) -> None:
        super().__init__(f"The view of {endpoint} has no mark: public, exempt, signed_in or needs(Action…)")
        self.endpoint = endpoint


def public(view: View) -> View:
    """Mark a route as open to all, signed in or not."""
    return _mark(view, Access(None))


def exempt(view: View) -> View:
    """Mark a route that programs call with their own secret."""
    return _mark(view, Access(None, has_own_secret=True))


def signed_in(view: View) -> View:
    """Mark a route as open to every reader who is signed in at the desk."""
    return _mark(view, Access(Action.DESK_SEE))


def needs(action: Action) -> Callable[[View], View]:
    """Mark the permission that a route needs."""

    def mark(view: View) -> View:
        return _mark(view, Access(action))

    return mark


def _mark(view: View, access: Access) -> View:
    setattr(view, MARK, access)
    return view


def access_of(view: object) -> Access | None:
    """The mark of a view."""
    found: Access | None = getattr(view, MARK, None)
    return found


def requested_access() -> Access | None:
    """The mark of the view that answers this request."""
    return access_of(current_app.view_functions.get(request.endpoint or ""))


def requested_action() -> Action | None:
    """The permission that this request needs; None if it is public, or its route has no mark."""
    access = requested_access()
    return None if access is None else access.action


def is_exempt() -> bool:
    """Whether the request needs no session: programs with their own secret, static files, unknown addresses."""
    access = requested_access()
    return request.endpoint is None or (access is not None and access.has_own_secret)


def check_marks(app: Flask) -> None:
    """Check that every route is marked; call it after the last route was added. Raises: UnmarkedRoute."""
    for endpoint, view in app.view_functions.items():
        if access_of(view) is None:
            raise UnmarkedRoute(endpoint)
