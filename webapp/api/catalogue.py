"""Endpoints of the catalogue: categories and parts, named in three languages."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import ConfigDict, Field
from sqlalchemy import select

from common.errors import NotFound
from common.models import Category, Part
from common.permissions import Action
from common.scopes import Scope
from webapp.api import paging
from webapp.api.endpoints import Call, Group
from webapp.api.shapes import Id, Moment, Names, Paged, Told

group = Group("Catalogue")
CATEGORY: dict[str, Any] = {
    "id": 2,
    "code": "filters",
    "icon": "🧰",
    "names": {"ru": "Фильтры", "he": "מסננים", "en": "Filters"},
    "position": 1,
    "archived_at": None,
}
PART: dict[str, Any] = {
    "id": 12,
    "code": "oil_filter",
    "category_id": 2,
    "names": {"ru": "Масляный фильтр", "he": "מסנן שמן", "en": "Oil filter"},
    "synonyms": ["Фильтр масла"],
    "flags": [],
    "position": 3,
    "archived_at": None,
}


class CategoryOut(Told):
    """A group of parts."""

    model_config = ConfigDict(json_schema_extra={"examples": [CATEGORY]})

    id: Id
    code: str
    icon: str
    names: Names
    position: int
    archived_at: Moment | None


class CategoryPage(Told):
    """Categories, by their numbers; show them by `position`."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"items": [CATEGORY], "next_cursor": None}]})

    items: list[CategoryOut]
    next_cursor: str | None


class PartOut(Told):
    """A part that can be ordered."""

    model_config = ConfigDict(json_schema_extra={"examples": [PART]})

    id: Id
    code: str
    category_id: Id
    names: Names
    synonyms: list[str]
    flags: list[str]
    position: int
    archived_at: Moment | None


class PartPage(Told):
    """Parts, by their numbers; show them by `position`."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"items": [PART], "next_cursor": None}]})

    items: list[PartOut]
    next_cursor: str | None


Which = Annotated[Literal["live", "archived", "all"], Field(default="live", description="Live, archived, or both.")]


class CategoryQuery(Paged):
    which: Which = "live"


class PartQuery(Paged):
    category_id: Annotated[Id | None, Field(default=None, description="Of this category.")] = None
    which: Which = "live"


@group.get("/categories", Scope.CATALOGUE_READ, Action.CATALOGUE_SEE)
def list_categories(call: Call, query: CategoryQuery) -> CategoryPage:
    """List categories

    The groups in which parts are shown.
    """
    seen: list[Any] = paging.after(query.cursor) or [0]
    statement = select(Category).where(Category.id > seen[0]).order_by(Category.id).limit(query.limit + 1)
    if query.which != "all":
        is_live = Category.archived_at.is_(None)
        statement = statement.where(is_live if query.which == "live" else ~is_live)
    found = list(call.session.scalars(statement))
    key = [found[query.limit - 1].id] if len(found) > query.limit else None
    items = [CategoryOut.model_validate(one) for one in found[: query.limit]]
    return CategoryPage(items=items, next_cursor=paging.cursor_of(key))


@group.get("/categories/{category_id}", Scope.CATALOGUE_READ, Action.CATALOGUE_SEE)
def get_category(call: Call, category_id: int) -> CategoryOut:
    """Read a category

    Archived ones too.
    """
    category = call.session.get(Category, category_id)
    if category is None:
        raise NotFound("category", category_id)
    return CategoryOut.model_validate(category)


@group.get("/parts", Scope.CATALOGUE_READ, Action.CATALOGUE_SEE)
def list_parts(call: Call, query: PartQuery) -> PartPage:
    """List parts

    A part counts as archived when its category is.
    """
    seen: list[Any] = paging.after(query.cursor) or [0]
    statement = select(Part).join(Category).where(Part.id > seen[0]).order_by(Part.id).limit(query.limit + 1)
    if query.which != "all":
        is_live = Part.archived_at.is_(None) & Category.archived_at.is_(None)
        statement = statement.where(is_live if query.which == "live" else ~is_live)
    if query.category_id is not None:
        statement = statement.where(Part.category_id == query.category_id)
    found = list(call.session.scalars(statement))
    key = [found[query.limit - 1].id] if len(found) > query.limit else None
    items = [PartOut.model_validate(one) for one in found[: query.limit]]
    return PartPage(items=items, next_cursor=paging.cursor_of(key))


@group.get("/parts/{part_id}", Scope.CATALOGUE_READ, Action.CATALOGUE_SEE)
def get_part(call: Call, part_id: int) -> PartOut:
    """Read a part

    Archived ones too: old orders name them.
    """
    part = call.session.get(Part, part_id)
    if part is None:
        raise NotFound("part", part_id)
    return PartOut.model_validate(part)
