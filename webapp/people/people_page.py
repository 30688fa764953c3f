"""The page of people: the list with their reachability, the requests to join, the open invitations."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import urlencode

from flask import Response, make_response, render_template, request
from sqlalchemy.orm import Session

from common.database.models import Invitation, JoinRequest, Person, Role
from common.people import directory, invitations, join_requests, rights
from common.people.directory import PeopleSearch
from common.permissions import Action
from webapp.people import person_actions
from webapp.people.person_actions import PersonActions
from webapp.web.context import desk, reader
from webapp.web.numbers import requested_number

PER_PAGE = 50
REQUESTS_PER_PAGE = 10
MAX_TYPED = 80


@dataclass(frozen=True)
class PersonRow:
    """A person of the list, why the bot cannot reach them, and the reader's permitted actions on them."""

    person: Person
    unreachable: str
    actions: PersonActions

    @property
    def needs_link(self) -> bool:
        """Whether a new link is the next thing to do for this person."""
        return bool(self.unreachable) or not (self.person.telegram_id or self.actions.is_staff)


@dataclass(frozen=True)
class InvitationRow:
    """An open invitation, whether it is for staff, and whether the reader may revoke it."""

    invitation: Invitation
    is_for_staff: bool
    may_revoke: bool


@dataclass(frozen=True)
class PeoplePage:
    """The content of the page of people."""

    wanted: PeopleSearch
    people: list[PersonRow]
    more: int | None  # the last person of this page, if there are others
    join_requests: list[JoinRequest]
    more_requests: int | None
    invitations: list[InvitationRow]
    roles: list[Role]  # the roles that the reader may invite; empty: mechanics only
    may_invite: bool
    may_see_audit: bool
    typed: Mapping[str, str]  # the refused form
    wrong: str  # why the invitation was refused
    told: str  # the result of a request to join

    all_roles = tuple(Role)

    @property
    def is_filtered(self) -> bool:
        return bool(self.wanted.text or self.wanted.role or self.wanted.unreachable)

    @property
    def next(self) -> str:
        """The address of the list's next page; empty on the last."""
        return address(self.wanted, after=self.more) if self.more else ""

    @property
    def next_requests(self) -> str:
        return f"/people?asked_after={self.more_requests}#requests" if self.more_requests else ""


def read_people_page(session: Session, wrong: str = "", told: str = "") -> PeoplePage:
    """The page for the signed-in reader."""
    wanted = _people_query()
    found = directory.find(session, wanted, PER_PAGE + 1)
    asking = _join_requests(session)
    who = reader()
    return PeoplePage(
        wanted=wanted,
        people=[PersonRow(person, why, person_actions.of_person(person)) for person, why in found[:PER_PAGE]],
        more=found[PER_PAGE - 1][0].id if len(found) > PER_PAGE else None,
        join_requests=asking[:REQUESTS_PER_PAGE],
        more_requests=asking[REQUESTS_PER_PAGE - 1].id if len(asking) > REQUESTS_PER_PAGE else None,
        invitations=[_invitation_row(invitation) for invitation in invitations.open_invitations(session)],
        roles=list(Role) if who.may(Action.PEOPLE_STAFF) else [],
        may_invite=who.may(Action.PEOPLE_INVITE),
        may_see_audit=who.may(Action.AUDIT_SEE),
        typed=request.form,
        wrong=wrong,
        told=told,
    )


def render_people(wrong: str = "", code: int = 200, told: str = "") -> Response:
    """Render the page. `wrong`: why the invitation was refused; `told`: the result of a request to join."""
    with desk().database.read() as session:
        body = render_template("people/people.html", page=read_people_page(session, wrong, told))
    return make_response(body, code)


def _invitation_row(invitation: Invitation) -> InvitationRow:
    may_revoke = rights.may_revoke(reader().actor, invitation)
    return InvitationRow(invitation, rights.is_staff(invitation.role), may_revoke)


def _people_query() -> PeopleSearch:
    role = request.args.get("role", "")
    return PeopleSearch(
        text=" ".join(request.args.get("q", "")[:MAX_TYPED].split()),
        role=Role(role) if role in set(Role) else None,
        unreachable=request.args.get("reach") == "no",
        archived=request.args.get("show") == "archived",
        after=requested_number("after") or 0,
    )


def address(wanted: PeopleSearch, **other: object) -> str:
    """The list's address with some filters changed."""
    given = {
        "q": wanted.text,
        "role": wanted.role.value if wanted.role else "",
        "reach": "no" if wanted.unreachable else "",
        "show": "archived" if wanted.archived else "",
        **other,
    }
    query = urlencode({name: value for name, value in given.items() if value})
    return f"/people?{query}" if query else "/people"


def _join_requests(session: Session) -> list[JoinRequest]:
    """A page of requests to join and one more, for readers who may decide."""
    if not reader().may(Action.PEOPLE_ADMIT):
        return []
    return join_requests.open_requests(session, requested_number("asked_after") or 0, REQUESTS_PER_PAGE + 1)
