"""Endpoints of saved views: named lists of orders, private or shared with the whole desk."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import ConfigDict, Field

from common.database.models import SavedView
from common.finding import saved_lists
from common.finding.order_filters import FIELDS
from common.people.scopes import Scope
from common.permissions import Action
from webapp.api import paging
from webapp.api.endpoints import Call, Group
from webapp.api.shapes.base import Id, Moment, PageQuery, RequestModel, ResponseModel, RowVersion, string
from webapp.api.shapes.order_shapes import WHEN, PersonName

group = Group("Saved views")
Values = Annotated[list[Annotated[str, string(saved_lists.LONGEST_FIELD)]], Field(max_length=10)]
Filters = Annotated[
    dict[Literal[FIELDS], Values],  # type: ignore[valid-type]
    Field(description="The filters of `GET /orders`, by the parameters' names."),
]
VIEW: dict[str, Any] = {
    "id": 3,
    "name": "Overdue, mine",
    "owner": {"id": 1, "name": "Rina"},
    "shared": True,
    "filters": {"owner": ["mine"], "overdue": ["1"]},
    "version": 1,
    "updated_at": WHEN,
    "archived_at": None,
}


class View(ResponseModel):
    """A named list of orders: it holds the filters, not the orders found."""

    model_config = ConfigDict(json_schema_extra={"examples": [VIEW]})

    id: Id
    name: str
    owner: PersonName
    shared: Annotated[bool, Field(description="True: the whole desk sees the view; false: only its owner.")]
    filters: dict[str, list[str]]
    version: Annotated[int, Field(description="The row's version; send it with a change.")]
    updated_at: Moment
    archived_at: Moment | None

    @classmethod
    def of(cls, view: SavedView) -> View:
        return cls(
            id=view.id,
            name=view.name,
            owner=PersonName.of(view.owner),
            shared=view.shared,
            filters=view.wanted,
            version=view.version,
            updated_at=view.updated_at,
            archived_at=view.archived_at,
        )


class ViewPage(ResponseModel):
    """The views you see, by their numbers."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"items": [VIEW], "next_cursor": None}]})

    items: list[View]
    next_cursor: str | None


class ViewQuery(PageQuery):
    which: Annotated[Literal["live", "archived"], Field(description="Live or archived views.")] = "live"


class ViewIn(RequestModel):
    model_config = ConfigDict(
        json_schema_extra={
            "examples": [{"name": "Overdue, mine", "filters": {"owner": ["mine"], "overdue": ["1"]}, "shared": True}]
        }
    )

    name: Annotated[str, string(saved_lists.MAX_NAME, 1)]
    filters: Filters
    shared: bool = False


class ViewChangeIn(RequestModel):
    """An absent field stays as it is."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"name": "Overdue", "version": 1}]})

    name: Annotated[str, string(saved_lists.MAX_NAME, 1)] | None = None
    filters: Filters | None = None
    shared: bool | None = None
    version: RowVersion


class ViewVersionIn(RequestModel):
    model_config = ConfigDict(json_schema_extra={"examples": [{"version": 1}]})

    version: RowVersion


@group.get("/views", Scope.ORDERS_READ, Action.DESK_SEE)
def list_views(call: Call, query: ViewQuery) -> ViewPage:
    """List saved views

    Your own and those of the whole desk.
    """
    seen: list[Any] = paging.decode_cursor(query.cursor) or [0]
    found = saved_lists.page(
        call.session, call.actor.person_id, after=seen[0], archived=query.which == "archived", limit=query.limit
    )
    key = [found[query.limit - 1].id] if len(found) > query.limit else None
    return ViewPage(items=[View.of(view) for view in found[: query.limit]], next_cursor=paging.encode_cursor(key))


@group.get("/views/{view_id}", Scope.ORDERS_READ, Action.DESK_SEE)
def get_view(call: Call, view_id: int) -> View:
    """Read a saved view

    Send its `filters` as parameters of `GET /orders`.
    """
    return View.of(saved_lists.get(call.session, view_id, call.actor.person_id))


@group.post("/views", Scope.ORDERS_WRITE, Action.VIEW_SAVE, status=201, location="/views/{id}")
def save_view(call: Call, body: ViewIn) -> View:
    """Save a view

    For yourself, or for the whole desk.
    """
    saved = saved_lists.save(call.session, call.actor, name=body.name, fields=dict(body.filters), shared=body.shared)
    return get_view(call, saved.id)


@group.patch("/views/{view_id}", Scope.ORDERS_WRITE, Action.VIEW_SAVE)
def change_view(call: Call, view_id: int, body: ViewChangeIn) -> View:
    """Change a view

    Your own, and with `view.manage` those that others made for the whole desk.
    """
    saved_lists.change(
        call.session,
        call.actor,
        view_id,
        expected_version=body.version,
        name=body.name,
        shared=body.shared,
        fields=dict(body.filters) if body.filters is not None else None,
    )
    return get_view(call, view_id)


@group.post("/views/{view_id}/archive", Scope.ORDERS_WRITE, Action.VIEW_SAVE)
def archive_view(call: Call, view_id: int, body: ViewVersionIn) -> View:
    """Archive a view

    It leaves the lists; its number still opens it.
    """
    saved_lists.archive(call.session, call.actor, view_id, expected_version=body.version)
    return get_view(call, view_id)


@group.post("/views/{view_id}/restore", Scope.ORDERS_WRITE, Action.VIEW_SAVE)
def restore_view(call: Call, view_id: int, body: ViewVersionIn) -> View:
    """Bring a view back

    It returns to the lists.
    """
    saved_lists.restore(call.session, call.actor, view_id, expected_version=body.version)
    return get_view(call, view_id)
