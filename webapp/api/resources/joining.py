"""Endpoints of joining: invitations and requests to join."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from flask import request
from pydantic import ConfigDict, Field

from common.database.models import Invitation, InvitationWay, JoinRequest, JoinRequestState, Role
from common.errors import WrongState
from common.messaging import bots
from common.people import invitations, join_requests, people
from common.people.scopes import Scope
from common.permissions import Action
from webapp.api import paging
from webapp.api.endpoints import Call, Group
from webapp.api.resources.people import Language
from webapp.api.shapes.base import Id, Moment, PageQuery, RequestModel, ResponseModel, string
from webapp.api.shapes.order_shapes import WHEN
from webapp.web.context import desk

group = Group("Joining")
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


class InvitationOut(ResponseModel):
    """An open invitation. Its code was shown when it was made."""

    model_config = ConfigDict(json_schema_extra={"examples": [INVITATION]})

    id: Id
    name: str
    role: Role
    language: str | None
    person_id: Annotated[
        Id | None,
        Field(description="The person whose chat the invitation moves; null: the invitation is for a new person."),
    ]
    created_at: Moment
    expires_at: Moment


class NewInvitation(InvitationOut):
    """A fresh invitation, with its code."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [{**INVITATION, "code": "k3J-9wq", "link": "https://t.me/felix_bot?start=k3J-9wq"}]
        }
    )

    code: Annotated[str, Field(description="The code; it is shown only in this answer.")]
    link: Annotated[str | None, Field(description="The address to open; null until a daemon has reported its bot.")]

    @classmethod
    def with_code(cls, call: Call, made: invitations.InvitationWithCode) -> NewInvitation:
        invitation, code = made
        base = (desk().settings.public_url or request.url_root).rstrip("/")
        is_desk = invitation.way is InvitationWay.DESK
        link = f"{base}/welcome/{code}" if is_desk else bots.bot_link(call.session, code) or None
        return cls(**InvitationOut.model_validate(invitation).model_dump(), code=code, link=link)


class Invitations(ResponseModel):
    """The newest 50 open invitations."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"items": [INVITATION]}]})

    items: list[InvitationOut]


class InvitationIn(RequestModel):
    model_config = ConfigDict(json_schema_extra={"examples": [{"name": "Lev", "role": "mechanic", "language": "ru"}]})

    name: Annotated[str, string(people.MAX_NAME, 1)]
    role: Role = Role.MECHANIC
    language: Annotated[
        Language | None, Field(description="The person's language; null: they choose it themselves.")
    ] = None


class JoinRequestOut(ResponseModel):
    """A stranger's request to join; the name is as Telegram shows it."""

    model_config = ConfigDict(json_schema_extra={"examples": [REQUEST]})

    id: Id
    name: str
    language: str
    state: JoinRequestState
    asked_at: Moment


class JoinRequestPage(ResponseModel):
    """The requests that wait for a decision."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"items": [REQUEST], "next_cursor": None}]})

    items: list[JoinRequestOut]
    next_cursor: str | None


class JoinDecisionIn(RequestModel):
    model_config = ConfigDict(json_schema_extra={"examples": [{"decision": "let_in", "name": "Noa"}]})

    decision: Literal["let_in", "refuse"]
    name: Annotated[
        str,
        string(people.MAX_NAME),
        Field(description="The person's name at the station; empty: the name from Telegram."),
    ] = ""


@group.get("/invitations", Scope.PEOPLE_READ, Action.PEOPLE_INVITE)
def list_invitations(call: Call) -> Invitations:
    """List open invitations

    Without their codes, which are not kept.
    """
    found = invitations.open_invitations(call.session)
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
        way=InvitationWay.CHAT if body.role is Role.MECHANIC else InvitationWay.DESK,
    )
    return NewInvitation.with_code(call, made)


@group.post("/people/{person_id}/invitations", Scope.PEOPLE_WRITE, Action.PEOPLE_INVITE, status=201, is_secret=True)
def invite_again(call: Call, person_id: int) -> NewInvitation:
    """Make a new link for a known person

    It moves them to the chat that opens it: for people whom the bot cannot reach.
    """
    return NewInvitation.with_code(call, invitations.invite_again(call.session, call.actor, person_id))


@group.post(
    "/people/{person_id}/desk-invitations",
    Scope.PEOPLE_WRITE,
    Action.PEOPLE_STAFF,
    status=201,
    is_secret=True,
    problems=("refused",),
)
def invite_to_desk(call: Call, person_id: int) -> NewInvitation:
    """Make a link to the desk for a member of staff

    With it they choose a name and a password, at first or anew.
    """
    return NewInvitation.with_code(call, invitations.invite_to_desk(call.session, call.actor, person_id))


@group.post("/invitations/{invitation_id}/revoke", Scope.PEOPLE_WRITE, Action.PEOPLE_INVITE)
def revoke_invitation(call: Call, invitation_id: int) -> InvitationOut:
    """Take an invitation back

    Its code is not valid any more.
    """
    invitations.revoke(call.session, call.actor, invitation_id)
    return InvitationOut.model_validate(call.session.get_one(Invitation, invitation_id))


@group.get("/join-requests", Scope.PEOPLE_READ, Action.PEOPLE_ADMIT)
def list_join_requests(call: Call, query: PageQuery) -> JoinRequestPage:
    """List requests to join

    Strangers who found the bot, oldest first.
    """
    seen: list[Any] = paging.decode_cursor(query.cursor) or [0]
    found = join_requests.open_requests(call.session, seen[0], query.limit + 1)
    key = [found[query.limit - 1].id] if len(found) > query.limit else None
    items = [JoinRequestOut.model_validate(one) for one in found[: query.limit]]
    return JoinRequestPage(items=items, next_cursor=paging.encode_cursor(key))


@group.post("/join-requests/{request_id}/decision", Scope.PEOPLE_WRITE, Action.PEOPLE_ADMIT, problems=("not-now",))
def decide_join_request(call: Call, request_id: int, body: JoinDecisionIn) -> JoinRequestOut:
    """Let a stranger in, or refuse

    The first decision stands; they are told in Telegram.
    """
    state = JoinRequestState.APPROVED if body.decision == "let_in" else JoinRequestState.REFUSED
    decided, is_mine = join_requests.decide(call.session, call.actor, request_id, state, name=body.name)
    if not is_mine:
        raise WrongState("request", decided.state)
    return JoinRequestOut.model_validate(call.session.get_one(JoinRequest, request_id))
