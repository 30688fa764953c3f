"""Endpoints of people: who is here, who is invited, who asks to join."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from flask import request
from pydantic import ConfigDict, Field

from common import inbox, invitations, joining, people, people_list, staff
from common.errors import InvalidInput, NotFound
from common.models import Chat, Invitation, JoinRequest, JoinRequestState, Person, Role, Way
from common.permissions import Action
from common.scopes import Scope
from webapp.api import paging
from webapp.api.endpoints import Call, Group
from webapp.api.order_shapes import WHEN
from webapp.api.problems import Problem
from webapp.api.shapes import Asked, Id, Moment, Paged, RowVersion, Told, string
from webapp.desk import desk
from webapp.people import open_invitations

group = Group("People")
Language = Literal["ru", "he", "en"]
PERSON: dict[str, Any] = {
    "id": 3,
    "name": "Dima",
    "role": "mechanic",
    "language": "ru",
    "telegram": "reachable",
    "unreachable_because": "",
    "muted": [],
    "version": 1,
    "created_at": WHEN,
    "archived_at": None,
}
INVITATION: dict[str, Any] = {
    "id": 8,
    "name": "Lev",
    "role": "mechanic",
    "language": None,
    "person_id": None,
    "created_at": WHEN,
    "expires_at": WHEN,
}
REQUEST: dict[str, Any] = {"id": 2, "name": "Noa K", "language": "he", "state": "asked", "asked_at": WHEN}


class PersonOut(Told):
    """Somebody of the station."""

    model_config = ConfigDict(json_schema_extra={"examples": [PERSON]})

    id: Id
    name: str
    role: Role
    language: str
    telegram: Annotated[
        Literal["reachable", "unreachable", "none"], Field(description="Whether the bot reaches them; none: no chat.")
    ]
    unreachable_because: str
    muted: Annotated[list[str], Field(description="The notices they do not want.")]
    version: Annotated[int, Field(description="Send it with a change.")]
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


class PersonPage(Told):
    """People, by their numbers."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"items": [PERSON], "next_cursor": None}]})

    items: list[PersonOut]
    next_cursor: str | None


class PersonQuery(Paged):
    q: Annotated[str, string(80), Field(description="A part of the name.")] = ""
    role: Role | None = None
    which: Annotated[Literal["live", "archived"], Field(description="Working here, or no longer here.")] = "live"
    unreachable: Annotated[Literal["1"] | None, Field(description="Whom the bot does not reach.")] = None


class PersonChangeIn(Asked):
    model_config = ConfigDict(
        json_schema_extra={"examples": [{"name": "Dima", "language": "ru", "muted": ["notice.waiting"], "version": 1}]}
    )

    name: Annotated[str, string(people.MAX_NAME, 1)]
    language: Language
    muted: Annotated[
        list[Annotated[str, string(40)]], Field(max_length=40, description="The notices they do not want.")
    ]
    version: RowVersion


class RoleIn(Asked):
    model_config = ConfigDict(json_schema_extra={"examples": [{"role": "storekeeper", "version": 1}]})

    role: Role
    version: RowVersion


class InvitationOut(Told):
    """An open invitation. Its code was shown when it was made."""

    model_config = ConfigDict(json_schema_extra={"examples": [INVITATION]})

    id: Id
    name: str
    role: Role
    language: str | None
    person_id: Annotated[Id | None, Field(description="Whose chat it moves; none: it makes somebody new.")]
    created_at: Moment
    expires_at: Moment


class NewInvitation(InvitationOut):
    """A fresh invitation, with its code."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [{**INVITATION, "code": "k3J-9wq", "link": "https://t.me/felix_bot?start=k3J-9wq"}]
        }
    )

    code: Annotated[str, Field(description="Shown only now.")]
    link: Annotated[str | None, Field(description="Where it is opened; none while no daemon has said which bot it is.")]

    @classmethod
    def made(cls, call: Call, made: invitations.Made) -> NewInvitation:
        invitation, code = made
        base = (desk().settings.public_url or request.url_root).rstrip("/")
        is_desk = invitation.way is Way.DESK
        link = f"{base}/welcome/{code}" if is_desk else inbox.bot_link(call.session, code) or None
        return cls(**InvitationOut.model_validate(invitation).model_dump(), code=code, link=link)


class Invitations(Told):
    """The newest 50 open invitations."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"items": [INVITATION]}]})

    items: list[InvitationOut]


class InvitationIn(Asked):
    model_config = ConfigDict(json_schema_extra={"examples": [{"name": "Lev", "role": "mechanic", "language": "ru"}]})

    name: Annotated[str, string(people.MAX_NAME, 1)]
    role: Role = Role.MECHANIC
    language: Annotated[Language | None, Field(description="None: they choose.")] = None


class JoinRequestOut(Told):
    """A stranger who asks to be let in; the name is as Telegram shows it."""

    model_config = ConfigDict(json_schema_extra={"examples": [REQUEST]})

    id: Id
    name: str
    language: str
    state: JoinRequestState
    asked_at: Moment


class JoinRequestPage(Told):
    """Those who wait for a decision."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"items": [REQUEST], "next_cursor": None}]})

    items: list[JoinRequestOut]
    next_cursor: str | None


class JoinDecisionIn(Asked):
    model_config = ConfigDict(json_schema_extra={"examples": [{"decision": "let_in", "name": "Noa"}]})

    decision: Literal["let_in", "refuse"]
    name: Annotated[
        str, string(people.MAX_NAME), Field(description="How the station calls them; empty: as in Telegram.")
    ] = ""


@group.get("/people", Scope.PEOPLE_READ, Action.PEOPLE_SEE)
def list_people(call: Call, query: PersonQuery) -> PersonPage:
    """List people

    Mechanics and staff, and whether the bot reaches them.
    """
    seen: list[Any] = paging.after(query.cursor) or [0]
    wanted = people_list.Wanted(
        text=" ".join(query.q.split()),
        role=query.role,
        unreachable=query.unreachable is not None,
        archived=query.which == "archived",
        after=seen[0],
    )
    rows = people_list.find(call.session, wanted, query.limit + 1)
    key = [rows[query.limit - 1][0].id] if len(rows) > query.limit else None
    items = [PersonOut.of(person, why) for person, why in rows[: query.limit]]
    return PersonPage(items=items, next_cursor=paging.cursor_of(key))


@group.get("/people/{person_id}", Scope.PEOPLE_READ, Action.PEOPLE_SEE)
def get_person(call: Call, person_id: int) -> PersonOut:
    """Read a person

    Archived people too: old orders name them.
    """
    return _person(call, person_id)


def _person(call: Call, person_id: int) -> PersonOut:
    person = call.session.get(Person, person_id)
    if person is None:
        raise NotFound("person", person_id)
    chat = call.session.get(Chat, person.telegram_id) if person.telegram_id is not None else None
    return PersonOut.of(person, chat.unreachable or "" if chat is not None else "")


@group.patch("/people/{person_id}", Scope.PEOPLE_WRITE, Action.PEOPLE_CHANGE)
def change_person(call: Call, person_id: int, body: PersonChangeIn) -> PersonOut:
    """Change a person

    Name, language and the notices that are switched off; of staff with `people.staff`.
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
    return _person(call, person_id)


@group.post("/people/{person_id}/role", Scope.PEOPLE_WRITE, Action.ROLE_CHANGE)
def change_role(call: Call, person_id: int, body: RoleIn) -> PersonOut:
    """Give somebody another role

    From the next click on. Whoever may not see the desk any more is signed out of it, and their tokens end.
    """
    staff.change_role(call.session, call.actor, person_id, body.role, expected_version=body.version)
    return _person(call, person_id)


@group.post("/people/{person_id}/sign-out", Scope.PEOPLE_WRITE, Action.SESSION_CLOSE)
def sign_out(call: Call, person_id: int) -> PersonOut:
    """Sign somebody out everywhere

    Out of every browser of the desk; their tokens stay.
    """
    staff.sign_out(call.session, call.actor, person_id)
    return _person(call, person_id)


@group.post("/people/{person_id}/unlink", Scope.PEOPLE_WRITE, Action.PEOPLE_STAFF)
def unlink_person(call: Call, person_id: int) -> PersonOut:
    """Take the Telegram account off somebody

    Nothing is sent to it any more; the chat is told.
    """
    people.unlink(call.session, call.actor, person_id)
    return _person(call, person_id)


@group.post("/people/{person_id}/archive", Scope.PEOPLE_WRITE, Action.PEOPLE_ARCHIVE, problems=("refused",))
def archive_person(call: Call, person_id: int) -> PersonOut:
    """Close somebody's access

    Out at the next tap, signed out of the desk, invitations and tokens revoked. Their orders stay.
    """
    if person_id == call.actor.person_id:
        raise InvalidInput("yourself")
    people.archive(call.session, call.actor, person_id)
    return _person(call, person_id)


@group.post("/people/{person_id}/restore", Scope.PEOPLE_WRITE, Action.PEOPLE_ARCHIVE)
def restore_person(call: Call, person_id: int) -> PersonOut:
    """Let somebody in again

    Sessions and tokens that were revoked stay so.
    """
    people.restore(call.session, call.actor, person_id)
    return _person(call, person_id)


@group.get("/invitations", Scope.PEOPLE_READ, Action.PEOPLE_INVITE)
def list_invitations(call: Call) -> Invitations:
    """List open invitations

    Without their codes, which are not kept.
    """
    found = open_invitations(call.session)
    return Invitations(items=[InvitationOut.model_validate(one) for one in found])


@group.post("/invitations", Scope.PEOPLE_WRITE, Action.PEOPLE_INVITE, status=201, is_secret=True)
def invite_person(call: Call, body: InvitationIn) -> NewInvitation:
    """Invite somebody

    A link that works once, for a day: mechanics join the bot with it, staff come in at the desk.
    """
    made = invitations.invite(
        call.session,
        call.actor,
        name=body.name,
        role=body.role,
        language=body.language,
        way=Way.CHAT if body.role is Role.MECHANIC else Way.DESK,
    )
    return NewInvitation.made(call, made)


@group.post("/people/{person_id}/invitations", Scope.PEOPLE_WRITE, Action.PEOPLE_INVITE, status=201, is_secret=True)
def invite_again(call: Call, person_id: int) -> NewInvitation:
    """Make a new link for somebody who is here

    It moves them to the chat that opens it: for whom the bot does not reach.
    """
    return NewInvitation.made(call, invitations.invite_again(call.session, call.actor, person_id))


@group.post(
    "/people/{person_id}/desk-invitations",
    Scope.PEOPLE_WRITE,
    Action.PEOPLE_STAFF,
    status=201,
    is_secret=True,
    problems=("refused",),
)
def invite_to_desk(call: Call, person_id: int) -> NewInvitation:
    """Make a way in to the desk for a member of staff

    A link with which they choose a name and a password: the first, or new ones.
    """
    return NewInvitation.made(call, invitations.invite_to_desk(call.session, call.actor, person_id))


@group.post("/invitations/{invitation_id}/revoke", Scope.PEOPLE_WRITE, Action.PEOPLE_INVITE)
def revoke_invitation(call: Call, invitation_id: int) -> InvitationOut:
    """Take an invitation back

    Its code lets nobody in any more.
    """
    invitations.revoke(call.session, call.actor, invitation_id)
    return InvitationOut.model_validate(call.session.get_one(Invitation, invitation_id))


@group.get("/join-requests", Scope.PEOPLE_READ, Action.PEOPLE_ADMIT)
def list_join_requests(call: Call, query: Paged) -> JoinRequestPage:
    """List who asks to join

    Strangers who found the bot, oldest first.
    """
    seen: list[Any] = paging.after(query.cursor) or [0]
    found = joining.open_requests(call.session, seen[0], query.limit + 1)
    key = [found[query.limit - 1].id] if len(found) > query.limit else None
    items = [JoinRequestOut.model_validate(one) for one in found[: query.limit]]
    return JoinRequestPage(items=items, next_cursor=paging.cursor_of(key))


@group.post("/join-requests/{request_id}/decision", Scope.PEOPLE_WRITE, Action.PEOPLE_ADMIT, problems=("not-now",))
def decide_join_request(call: Call, request_id: int, body: JoinDecisionIn) -> JoinRequestOut:
    """Let a stranger in, or refuse

    The first decision stands; they are told in Telegram.
    """
    state = JoinRequestState.APPROVED if body.decision == "let_in" else JoinRequestState.REFUSED
    decided, is_mine = joining.decide(call.session, call.actor, request_id, state, name=body.name)
    if not is_mine:
        raise Problem("not-now", f"the request was {decided.state.value} before")
    return JoinRequestOut.model_validate(call.session.get_one(JoinRequest, request_id))
