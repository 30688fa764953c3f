"""Who may call a route: a mark on its view. Nobody may call a route without one, and the desk does not start with it.

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
    """Who may call a view. `action`: the permission a signed-in reader needs; None: everybody may, signed in or not."""

    action: Action | None
    has_own_secret: bool = False  # called by programs: no session, no check of the origin


class UnmarkedRoute(FelixError):
    """A route does not say who may call it. The text names it."""

    def __init__(self, endpoint: str) -> None:
        super().__init__(f"The view of {endpoint} has no mark: public, exempt, signed_in or needs(Action…)")
        self.endpoint = endpoint


def public(view: View) -> View:
    """Mark a route as open to everybody."""
    return _mark(view, Access(None))


def exempt(view: View) -> View:
    """Mark a route that is called by programs with their own secret."""
    return _mark(view, Access(None, has_own_secret=True))


def signed_in(view: View) -> View:
    """Mark a route as open to everybody who is signed in at the desk."""
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
    """How a view is marked."""
    found: Access | None = getattr(view, MARK, None)
    return found


def requested_access() -> Access | None:
    """The mark of the view that this request leads to."""
    return access_of(current_app.view_functions.get(request.endpoint or ""))


def is_exempt() -> bool:
    """Whether nobody is asked who they are: programs with their own secret, static files, and what leads nowhere."""
    access = requested_access()
    return request.endpoint is None or (access is not None and access.has_own_secret)


def check_marks(app: Flask) -> None:
    """After the last route was added. Raises: UnmarkedRoute."""
    for endpoint, view in app.view_functions.items():
        if access_of(view) is None:
            raise UnmarkedRoute(endpoint)
