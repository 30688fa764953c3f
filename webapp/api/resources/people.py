"""Endpoints of people: their data, roles and sign-ins."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import AfterValidator, ConfigDict, Field, WithJsonSchema

from common.database.models import Chat, Person, Role
from common.errors import InvalidInput, NotFound
from common.languages import LANGUAGES
from common.people import directory, people, staff
from common.people.scopes import Scope
from common.permissions import Action
from webapp.api import paging
from webapp.api.endpoints import Call, Group
from webapp.api.shapes.base import (
    Id,
    Moment,
    PageQuery,
    RequestModel,
    ResponseModel,
    RowVersion,
    check_language,
    string,
)
from webapp.api.shapes.order_shapes import WHEN

group = Group("People")
Language = Annotated[str, AfterValidator(check_language), WithJsonSchema({"enum": list(LANGUAGES), "type": "string"})]
PERSON: dict[str, Any] = {
    "id": 3,
    "name": "Dima",
    "role": "mechanic",
    "language": "ru",
    "telegram": "reachable",
    "unreachable_because": "",
    "muted": ["notice.partly_ready"],
    "version": 1,
    "created_at": WHEN,
    "archived_at": None,
}


class PersonOut(ResponseModel):
    """A person of the station."""

    model_config = ConfigDict(json_schema_extra={"examples": [PERSON]})

    id: Id
    name: str
    role: Role
    language: str
    telegram: Annotated[
        Literal["reachable", "unreachable", "none"],
        Field(description="Whether the bot can reach the person; `none`: no chat is linked."),
    ]
    unreachable_because: str
    muted: Annotated[list[str], Field(description="The kinds of notices that the person has switched off.")]
    version: Annotated[int, Field(description="The row's version; send it with a change.")]
    created_at: Moment
    archived_at: Moment | None

    @classmethod
    def of(cls, person: Person, unreachable: str) -> PersonOut:
        return cls(
            id=person.id,
            name=person.name,
            role=person.role,
            language=person.language,
            telegram="none" if person.telegram_id is None else "unreachable" if unreachable else "reachable",
            unreachable_because=unreachable if person.telegram_id is not None else "",
            muted=person.muted,
            version=person.version,
            created_at=person.created_at,
            archived_at=person.archived_at,
        )


class PersonPage(ResponseModel):
    """People, by their numbers."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"items": [PERSON], "next_cursor": None}]})

    items: list[PersonOut]
    next_cursor: str | None


class PersonQuery(PageQuery):
    q: Annotated[str, string(80), Field(description="A part of the person's name.")] = ""
    role: Role | None = None
    which: Annotated[
        Literal["live", "archived"], Field(description="People who work here, or people whose access is closed.")
    ] = "live"
    unreachable: Annotated[Literal["1"] | None, Field(description="Only people whom the bot cannot reach.")] = None


class PersonChangeIn(RequestModel):
    model_config = ConfigDict(
        json_schema_extra={"examples": [{"name": "Dima", "language": "ru", "muted": ["notice.waiting"], "version": 1}]}
    )

    name: Annotated[str, string(people.MAX_NAME, 1)]
    language: Language
    muted: Annotated[
        list[Annotated[str, string(40)]],
        Field(max_length=40, description="The kinds of notices that the person has switched off."),
    ]
    version: RowVersion


class RoleIn(RequestModel):
    model_config = ConfigDict(json_schema_extra={"examples": [{"role": "storekeeper", "version": 1}]})

    role: Role
    version: RowVersion


@group.get("/people", Scope.PEOPLE_READ, Action.PEOPLE_SEE)
def list_people(call: Call, query: PersonQuery) -> PersonPage:
    """List people

    Mechanics and staff, and whether the bot can reach them.
    """
    seen: list[Any] = paging.decode_cursor(query.cursor) or [0]
    wanted = directory.PeopleSearch(
        text=" ".join(query.q.split()),
        role=query.role,
        unreachable=query.unreachable is not None,
        archived=query.which == "archived",
        after=seen[0],
    )
    rows = directory.find(call.session, wanted, query.limit + 1)
    key = [rows[query.limit - 1][0].id] if len(rows) > query.limit else None
    items = [PersonOut.of(person, why) for person, why in rows[: query.limit]]
    return PersonPage(items=items, next_cursor=paging.encode_cursor(key))


@group.get("/people/{person_id}", Scope.PEOPLE_READ, Action.PEOPLE_SEE)
def get_person(call: Call, person_id: int) -> PersonOut:
    """Read a person

    Archived people too: old orders name them.
    """
    return _read_person(call, person_id)


def _read_person(call: Call, person_id: int) -> PersonOut:
    person = call.session.get(Person, person_id)
    if person is None:
        raise NotFound("person", person_id)
    chat = call.session.get(Chat, person.telegram_id) if person.telegram_id is not None else None
    return PersonOut.of(person, chat.unreachable or "" if chat is not None else "")


@group.patch("/people/{person_id}", Scope.PEOPLE_WRITE, Action.PEOPLE_CHANGE)
def change_person(call: Call, person_id: int, body: PersonChangeIn) -> PersonOut:
    """Change a person

    Name, language and the notices that are switched off; for staff it needs `people.staff`.
    """
    people.change(
        call.session,
        call.actor,
        person_id,
        expected_version=body.version,
        name=body.name,
        language=body.language,
        muted=body.muted,
    )
    return _read_person(call, person_id)


@group.post("/people/{person_id}/role", Scope.PEOPLE_WRITE, Action.ROLE_CHANGE)
def change_role(call: Call, person_id: int, body: RoleIn) -> PersonOut:
    """Change a person's role

    It holds from the next click on. Open links for them end, and those they made and may make no longer; a role
    that may not see the desk ends everything they held.
    """
    staff.change_role(call.session, call.actor, person_id, body.role, expected_version=body.version)
    return _read_person(call, person_id)


@group.post("/people/{person_id}/sign-out", Scope.PEOPLE_WRITE, Action.SESSION_CLOSE)
def sign_out(call: Call, person_id: int) -> PersonOut:
    """Sign a person out everywhere

    Out of every browser of the desk; open links for them and by them end, their tokens stay.
    """
    staff.sign_out(call.session, call.actor, person_id)
    return _read_person(call, person_id)


@group.post("/people/{person_id}/unlink", Scope.PEOPLE_WRITE, Action.PEOPLE_STAFF)
def unlink_person(call: Call, person_id: int) -> PersonOut:
    """Unlink a person's Telegram account

    No message is sent to it any more; a last one says so. Links to sign in that were sent there end.
    """
    people.unlink(call.session, call.actor, person_id)
    return _read_person(call, person_id)


@group.post("/people/{person_id}/archive", Scope.PEOPLE_WRITE, Action.PEOPLE_ARCHIVE, problems=("refused",))
def archive_person(call: Call, person_id: int) -> PersonOut:
    """Close a person's access

    The bot refuses their next tap. Browsers, links, invitations they made, and tokens end. Their orders stay.
    """
    if person_id == call.actor.person_id:
        raise InvalidInput("yourself")
    people.archive(call.session, call.actor, person_id)
    return _read_person(call, person_id)


@group.post("/people/{person_id}/restore", Scope.PEOPLE_WRITE, Action.PEOPLE_ARCHIVE)
def restore_person(call: Call, person_id: int) -> PersonOut:
    """Restore a person's access

    What was ended when they left stays ended.
    """
    people.restore(call.session, call.actor, person_id)
    return _read_person(call, person_id)
