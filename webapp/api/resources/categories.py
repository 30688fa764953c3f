"""Endpoints of the catalogue's categories, named in three languages."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import ConfigDict, Field

from common.catalogue import categories, naming
from common.people.scopes import Scope
from common.permissions import Action
from webapp.api import paging
from webapp.api.endpoints import Call, Group
from webapp.api.shapes.base import (
    Id,
    Moment,
    Names,
    PageQuery,
    RequestModel,
    ResponseModel,
    RowVersion,
    Translations,
    string,
)

group = Group("Catalogue")
CATEGORY: dict[str, Any] = {
    "id": 2,
    "code": "filters",
    "icon": "🧰",
    "names": {"ru": "Фильтры", "he": "מסננים", "en": "Filters"},
    "position": 1,
    "version": 1,
    "archived_at": None,
}


class CategoryOut(ResponseModel):
    """A group of parts."""

    model_config = ConfigDict(json_schema_extra={"examples": [CATEGORY]})

    id: Id
    code: str
    icon: str
    names: Names
    position: int
    version: Annotated[int, Field(description="The row's version; send it with a change.")]
    archived_at: Moment | None


class CategoryIn(RequestModel):
    model_config = ConfigDict(json_schema_extra={"examples": [{"names": CATEGORY["names"], "icon": "🧰"}]})

    names: Translations
    icon: Annotated[str, string(naming.MAX_ICON)] = ""
    code: Annotated[
        str, string(naming.MAX_CODE), Field(description="A short code; empty: it is made from the English name.")
    ] = ""


class CategoryChangeIn(RequestModel):
    model_config = ConfigDict(
        json_schema_extra={"examples": [{"names": CATEGORY["names"], "icon": "🧰", "version": 1}]}
    )

    names: Translations
    icon: Annotated[str, string(naming.MAX_ICON)]
    version: RowVersion


class PlaceIn(RequestModel):
    """The new place in the list."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"before": 7}]})

    before: Annotated[
        Id | None, Field(description="The id of the entry before which this one is placed; null: at the end.")
    ]


class CategoryPage(ResponseModel):
    """Categories, by their numbers; show them by `position`."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"items": [CATEGORY], "next_cursor": None}]})

    items: list[CategoryOut]
    next_cursor: str | None


ArchiveFilter = Annotated[
    Literal["live", "archived", "all"], Field(default="live", description="Live entries, archived ones, or both.")
]


ARCHIVED: dict[str, bool | None] = {"live": False, "archived": True, "all": None}


class CategoryQuery(PageQuery):
    which: ArchiveFilter = "live"


@group.get("/categories", Scope.CATALOGUE_READ, Action.CATALOGUE_SEE)
def list_categories(call: Call, query: CategoryQuery) -> CategoryPage:
    """List categories

    The groups in which parts are shown.
    """
    seen: list[Any] = paging.decode_cursor(query.cursor) or [0]
    found = categories.find(call.session, after=seen[0], archived=ARCHIVED[query.which], limit=query.limit + 1)
    key = [found[query.limit - 1].id] if len(found) > query.limit else None
    items = [CategoryOut.model_validate(one) for one in found[: query.limit]]
    return CategoryPage(items=items, next_cursor=paging.encode_cursor(key))


@group.get("/categories/{category_id}", Scope.CATALOGUE_READ, Action.CATALOGUE_SEE)
def get_category(call: Call, category_id: int) -> CategoryOut:
    """Read a category

    Archived categories too.
    """
    return CategoryOut.model_validate(categories.get(call.session, category_id))


@group.post("/categories", Scope.CATALOGUE_WRITE, Action.CATALOGUE_CHANGE, status=201, location="/categories/{id}")
def add_category(call: Call, body: CategoryIn) -> CategoryOut:
    """Add a category

    It becomes the last of the list.
    """
    added = categories.add(call.session, call.actor, names=body.names, icon=body.icon, code=body.code)
    return CategoryOut.model_validate(added)


@group.patch("/categories/{category_id}", Scope.CATALOGUE_WRITE, Action.CATALOGUE_CHANGE)
def change_category(call: Call, category_id: int, body: CategoryChangeIn) -> CategoryOut:
    """Change a category

    Its names and sign, if it has not changed since you saw it.
    """
    changed = categories.change(
        call.session, call.actor, category_id, expected_version=body.version, names=body.names, icon=body.icon
    )
    return CategoryOut.model_validate(changed)


@group.post("/categories/{category_id}/archive", Scope.CATALOGUE_WRITE, Action.CATALOGUE_CHANGE)
def archive_category(call: Call, category_id: int) -> CategoryOut:
    """Archive a category

    Its parts are not offered any more either; they come back with it.
    """
    return CategoryOut.model_validate(categories.archive(call.session, call.actor, category_id))


@group.post("/categories/{category_id}/restore", Scope.CATALOGUE_WRITE, Action.CATALOGUE_CHANGE)
def restore_category(call: Call, category_id: int) -> CategoryOut:
    """Bring a category back

    With its parts.
    """
    return CategoryOut.model_validate(categories.restore(call.session, call.actor, category_id))


@group.post("/categories/{category_id}/place", Scope.CATALOGUE_WRITE, Action.CATALOGUE_CHANGE)
def place_category(call: Call, category_id: int, body: PlaceIn) -> CategoryOut:
    """Put a category in its place

    Before another one, or last.
    """
    categories.reorder(call.session, call.actor, category_id, body.before)
    return CategoryOut.model_validate(categories.get(call.session, category_id))
