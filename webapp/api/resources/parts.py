"""Endpoints of the catalogue's parts: list, add, change, archive, merge, make from a handwritten line."""

from __future__ import annotations

from typing import Annotated, Any

from pydantic import ConfigDict, Field

from common.catalogue import details, handwritten, naming, part_list, part_merge, parts, search
from common.database.models import OrderLine
from common.errors import InvalidInput, NotFound
from common.i18n import language
from common.people.scopes import Scope
from common.permissions import Action
from webapp.api import paging
from webapp.api.endpoints import Call, Group
from webapp.api.resources.categories import ARCHIVED, ArchiveFilter, PlaceIn
from webapp.api.shapes.base import (
    Id,
    Moment,
    Names,
    PageQuery,
    QueryModel,
    RequestModel,
    ResponseModel,
    RowVersion,
    Translations,
    string,
)

group = Group("Parts")
Synonyms = Annotated[list[Annotated[str, string(naming.MAX_NAME, 1)]], Field(max_length=naming.MAX_SYNONYMS)]
Flag = Annotated[str, string(24), Field(json_schema_extra={"enum": list(details.FLAGS)})]
Unit = Annotated[str, string(8), Field(json_schema_extra={"enum": list(details.UNITS)})]
Position = Annotated[str, string(24), Field(json_schema_extra={"enum": list(details.POSITIONS)})]
Attribute = Annotated[str, string(24), Field(json_schema_extra={"enum": list(details.ATTRIBUTES)})]
PART: dict[str, Any] = {
    "id": 12,
    "code": "oil_filter",
    "category_id": 2,
    "names": {"ru": "Масляный фильтр", "he": "פילטר שמן", "en": "Oil filter"},
    "synonyms": ["Фильтр масла"],
    "flags": [],
    "unit": "pcs",
    "positions": [],
    "attributes": [],
    "button_names": {},
    "position": 3,
    "merged_into_id": None,
    "version": 1,
    "archived_at": None,
}


class PartOut(ResponseModel):
    """A part that can be ordered."""

    model_config = ConfigDict(json_schema_extra={"examples": [PART]})

    id: Id
    code: str
    category_id: Id
    names: Names
    synonyms: list[str]
    flags: list[str]
    unit: Annotated[str, Field(description="What a number means that is said without a unit.")]
    positions: Annotated[list[str], Field(description="Where the part can be: what may be said of it.")]
    attributes: Annotated[list[str], Field(description="What is said with the part, such as a viscosity.")]
    button_names: Annotated[dict[str, str], Field(description="Short names for buttons, where the name is long.")]
    position: int
    merged_into_id: Annotated[Id | None, Field(description="The part into which this one was merged.")]
    version: Annotated[int, Field(description="The row's version; send it with a change.")]
    archived_at: Moment | None


class PartPage(ResponseModel):
    """Parts, by their numbers; show them by `position`."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"items": [PART], "next_cursor": None}]})

    items: list[PartOut]
    next_cursor: str | None


class PartListQuery(PageQuery):
    category_id: Annotated[Id | None, Field(default=None, description="Only parts of this category.")] = None
    which: ArchiveFilter = "live"


class SearchQuery(QueryModel):
    q: Annotated[str, string(80, 1), Field(description="Words in any language; spelling mistakes are allowed.")]


class Found(ResponseModel):
    """The parts that were probably meant, best match first."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"items": [PART]}]})

    items: list[PartOut]


class DetailsIn(RequestModel):
    """What may be said of the part. A change leaves what is not given as it is."""

    unit: Annotated[Unit, Field(description="What a number means that is said without a unit.")] = "pcs"
    positions: Annotated[list[Position], Field(max_length=len(details.POSITIONS))] = []  # noqa: RUF012
    attributes: Annotated[list[Attribute], Field(max_length=len(details.ATTRIBUTES))] = []  # noqa: RUF012
    button_names: Translations = {}  # noqa: RUF012


class PartIn(DetailsIn):
    model_config = ConfigDict(
        json_schema_extra={
            "examples": [{"category_id": 2, "names": PART["names"], "synonyms": PART["synonyms"], "flags": []}]
        }
    )

    category_id: Id
    names: Translations
    synonyms: Synonyms = []  # noqa: RUF012
    flags: Annotated[list[Flag], Field(max_length=len(details.FLAGS))] = []  # noqa: RUF012
    code: Annotated[
        str, string(naming.MAX_CODE), Field(description="A short code; empty: it is made from the English name.")
    ] = ""


class PartChangeIn(DetailsIn):
    """The new state of the part."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {"category_id": 2, "names": PART["names"], "synonyms": [], "flags": ["front_rear"], "version": 1}
            ]
        }
    )

    category_id: Id
    names: Translations
    synonyms: Synonyms
    flags: Annotated[list[Flag], Field(max_length=len(details.FLAGS))]
    version: RowVersion


class MergeIn(RequestModel):
    model_config = ConfigDict(json_schema_extra={"examples": [{"into": 12, "version": 1, "into_version": 3}]})

    into: Annotated[Id, Field(description="The part that stays: a search for this one's names finds it from then on.")]
    version: RowVersion
    into_version: RowVersion


class LinePartIn(RequestModel):
    """The part that a line is: an existing one, or a new one."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {"part_id": 12, "all_alike": True},
                {"part": {"category_id": 2, "names": {"ru": "Клипса"}}, "all_alike": False},
            ]
        }
    )

    part_id: Id | None = None
    part: PartIn | None = None
    all_alike: Annotated[
        bool, Field(description="Whether the lines of open orders with the same words are changed too.")
    ] = False


@group.get("/parts", Scope.CATALOGUE_READ, Action.CATALOGUE_SEE)
def list_parts(call: Call, query: PartListQuery) -> PartPage:
    """List parts

    A part counts as archived when its category is.
    """
    seen: list[Any] = paging.decode_cursor(query.cursor) or [0]
    found = part_list.by_id(
        call.session,
        after=seen[0],
        archived=ARCHIVED[query.which],
        category_id=query.category_id,
        limit=query.limit + 1,
    )
    key = [found[query.limit - 1].id] if len(found) > query.limit else None
    items = [PartOut.model_validate(one) for one in found[: query.limit]]
    return PartPage(items=items, next_cursor=paging.encode_cursor(key))


@group.get("/parts/{part_id}", Scope.CATALOGUE_READ, Action.CATALOGUE_SEE)
def get_part(call: Call, part_id: int) -> PartOut:
    """Read a part

    Archived ones too: old orders name them.
    """
    return PartOut.model_validate(parts.get(call.session, part_id))


@group.get("/parts/search", Scope.CATALOGUE_READ, Action.CATALOGUE_SEE)
def search_parts(call: Call, query: SearchQuery) -> Found:
    """Search parts

    As the bot does, in any language, with synonyms and typing mistakes; at most eight, best match first.
    """
    found = search.matches(call.session, query.q, language=language())
    return Found(items=[PartOut.model_validate(parts.get(call.session, match.part_id)) for match in found])


@group.post("/parts", Scope.CATALOGUE_WRITE, Action.CATALOGUE_CHANGE, status=201, location="/parts/{id}")
def add_part(call: Call, body: PartIn) -> PartOut:
    """Add a part

    It becomes the last of its category.
    """
    return PartOut.model_validate(parts.add(call.session, call.actor, **body.model_dump(exclude_unset=True)))


@group.patch("/parts/{part_id}", Scope.CATALOGUE_WRITE, Action.CATALOGUE_CHANGE)
def change_part(call: Call, part_id: int, body: PartChangeIn) -> PartOut:
    """Change a part

    The fields given are replaced, if it has not changed since you saw it. Orders keep the words they were placed with.
    """
    wanted = body.model_dump(exclude={"version"}, exclude_unset=True)
    changed = parts.change(call.session, call.actor, part_id, expected_version=body.version, **wanted)
    return PartOut.model_validate(changed)


@group.post("/parts/{part_id}/archive", Scope.CATALOGUE_WRITE, Action.CATALOGUE_CHANGE)
def archive_part(call: Call, part_id: int) -> PartOut:
    """Archive a part

    It is not offered any more; old orders keep it.
    """
    return PartOut.model_validate(parts.archive(call.session, call.actor, part_id))


@group.post("/parts/{part_id}/restore", Scope.CATALOGUE_WRITE, Action.CATALOGUE_CHANGE, problems=("refused",))
def restore_part(call: Call, part_id: int) -> PartOut:
    """Bring a part back

    Unless it was merged into another.
    """
    return PartOut.model_validate(parts.restore(call.session, call.actor, part_id))


@group.post("/parts/{part_id}/place", Scope.CATALOGUE_WRITE, Action.CATALOGUE_CHANGE)
def place_part(call: Call, part_id: int, body: PlaceIn) -> PartOut:
    """Put a part in its place

    Before another one of its category, or last.
    """
    parts.reorder(call.session, call.actor, part_id, body.before)
    return PartOut.model_validate(parts.get(call.session, part_id))


@group.post("/parts/{part_id}/merge", Scope.CATALOGUE_WRITE, Action.CATALOGUE_CHANGE)
def merge_part(call: Call, part_id: int, body: MergeIn) -> PartOut:
    """Merge a part into another

    This part is a duplicate: its lines and stars go to the other part, which is answered; this one is archived.
    """
    done = part_merge.merge(call.session, call.actor, part_id, body.into, expected=(body.version, body.into_version))
    return PartOut.model_validate(done.into)


@group.post("/orders/{order_id}/lines/{line_id}/part", Scope.CATALOGUE_WRITE, Action.CATALOGUE_CHANGE)
def make_line_a_part(call: Call, order_id: int, line_id: int, body: LinePartIn) -> PartOut:
    """Make a handwritten line a part

    The line counts as the part from then on, and its words find the part. The written words stay.
    """
    line = call.session.get(OrderLine, line_id)
    if line is None or line.order_id != order_id:
        raise NotFound("line", line_id)
    if body.part_id is not None and body.part is None:
        linked = handwritten.link_to_part(call.session, call.actor, line_id, body.part_id, all_alike=body.all_alike)
        return PartOut.model_validate(linked)
    if body.part is None or body.part_id is not None:
        raise InvalidInput("part_or_text")
    new = body.part.model_dump(exclude={"code"}, exclude_unset=True)
    return PartOut.model_validate(
        handwritten.make_part(call.session, call.actor, line_id, all_alike=body.all_alike, **new)
    )
