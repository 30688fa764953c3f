"""Endpoints about the client's token and the station's revision."""

from __future__ import annotations

from typing import Annotated

from pydantic import ConfigDict, Field

from common import clock
from common.database.engine import revision
from common.database.models import Role
from common.people.scopes import Scope
from common.permissions import Action
from common.text.numbers import MAX_ID
from webapp.api.endpoints import Call, Group
from webapp.api.shapes.base import Id, Moment, QueryModel, ResponseModel
from webapp.api.shapes.order_shapes import WHEN

group = Group("This client")


class Myself(ResponseModel):
    """The client's token."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "token": "till",
                    "person": {"id": 1, "name": "Rina", "role": "storekeeper"},
                    "scopes": ["orders:read"],
                    "expires_at": None,
                }
            ]
        }
    )

    class ActsAs(ResponseModel):
        """The member of staff it acts as."""

        id: Id
        name: str
        role: Role

    token: Annotated[str, Field(description="The token's name.")]
    person: ActsAs
    scopes: list[Scope]
    expires_at: Moment | None


class RevisionQuery(QueryModel):
    since: Annotated[
        int | None, Field(default=None, ge=0, le=MAX_ID, description="The last revision that you have read.")
    ] = None


class Revision(ResponseModel):
    """A number that rises with every change a page or a client might show."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"revision": 1041, "changed": True, "now": WHEN}]})

    revision: int
    changed: Annotated[
        bool, Field(description="Whether the revision differs from `since`; true if `since` is not given.")
    ]
    now: Annotated[Moment, Field(description="The station's time, for the next `updated_since`.")]


@group.get("/me", None, Action.DESK_SEE)
def get_me(call: Call) -> Myself:
    """Read the client's token

    Its name, the person it acts as, and its scopes. It needs no scope.
    """
    who = call.bearer
    person = Myself.ActsAs(id=who.actor.person_id or 0, name=who.person_name, role=who.actor.role)
    scopes = [scope for scope in Scope if scope.value in who.scopes]
    return Myself(token=who.name, person=person, scopes=scopes, expires_at=who.expires_at)


@group.get("/revision", Scope.ORDERS_READ, Action.DESK_SEE)
def get_revision(call: Call, query: RevisionQuery) -> Revision:
    """Ask whether anything changed

    Cheap, for clients that poll: when `changed` is true, read the orders with `updated_since`.
    """
    number = revision(call.session)
    return Revision(revision=number, changed=number != query.since, now=clock.utcnow())
