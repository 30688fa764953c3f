"""The page of one person: name, reachability, wanted notices, orders and role."""

from __future__ import annotations

from dataclasses import dataclass

from flask import Response, make_response, render_template, request
from sqlalchemy.orm import Session

from common.database.models import Chat, Login, Order, Person, Role, StaffSession
from common.messaging.kinds import MessageKind
from common.orders import reading
from common.people import preferences, staff
from common.people.access import revocation
from common.people.access.revocation import AccessChange, Holder
from common.permissions import Action
from common.personal import erasure
from common.personal.erasure import Extent
from webapp.people import person_actions
from webapp.people.person_actions import PersonActions
from webapp.web.context import desk, reader
from webapp.wording import access_text, audit_text
from webapp.wording.audit_text import AuditText

MAX_ORDERS = 10


@dataclass(frozen=True)
class PersonForm:
    """The fields of a person's form."""

    name: str
    language: str
    muted: list[str]

    @classmethod
    def typed(cls, person: Person) -> PersonForm:
        """The sent form: a ticked box means that the notice is wanted."""
        wanted = set(request.form.getlist("wanted"))
        muted = [kind.value for kind in preferences.choices(person) if kind not in wanted]
        return cls(request.form.get("name", ""), request.form.get("language", ""), muted)


@dataclass(frozen=True)
class AccessEnds:
    """What each button would end, in words: closing the access, signing out everywhere, another role."""

    closed: str
    signed_out: str
    by_role: dict[Role, str]

    @classmethod
    def of(cls, session: Session, person: Person) -> AccessEnds:
        def ended(change: AccessChange, role: Role = person.role) -> str:
            return access_text.ended(revocation.count(session, Holder(person.id, role), change))

        others = [role for role in Role if role is not person.role]
        return cls(
            closed=ended(AccessChange.CLOSED),
            signed_out=ended(AccessChange.SIGNED_OUT),
            by_role={role: text for role in others if (text := ended(revocation.of_role(role), role))},
        )


@dataclass(frozen=True)
class PersonPage:
    """The content of a person's page."""

    person: Person
    form: PersonForm
    actions: PersonActions
    notices: list[MessageKind]  # the notices that this person may switch off
    unreachable: str  # why the bot cannot reach them; empty if it can
    login: Login | None
    browsers: list[StaffSession]  # for readers who may sign them out
    ends: AccessEnds
    orders: list[Order]  # the last ones
    wrong: str
    is_stale: bool  # whether the person changed since the reader saw them
    meanwhile: list[AuditText]  # the changes since then
    history: list[AuditText] | None  # None: the reader may not see it
    extent: Extent | None  # of what erasing would touch; None: the reader may not erase them

    roles = tuple(Role)

    @property
    def is_archived(self) -> bool:
        return self.person.archived_at is not None

    @property
    def is_waited_for(self) -> bool:
        """Whether a mechanic has not opened their link yet."""
        return self.person.telegram_id is None and not self.actions.is_staff


def read_person_page(
    session: Session, person_id: int, *, form: PersonForm | None = None, wrong: str = "", stale_since: int | None = None
) -> PersonPage:
    """The page for the signed-in reader. `stale_since`: the version on which a refused form was based.

    Raises: NotFound.
    """
    person = staff.get(session, person_id)
    chat = session.get(Chat, person.telegram_id) if person.telegram_id is not None else None
    return PersonPage(
        person=person,
        form=form or PersonForm(person.name, person.language, person.muted),
        actions=person_actions.of_person(person),
        notices=preferences.choices(person),
        unreachable=chat.unreachable if chat else "",
        login=session.get(Login, person_id),
        browsers=staff.browsers(session, person_id) if reader().may(Action.SESSION_CLOSE) else [],
        ends=AccessEnds.of(session, person),
        orders=reading.last_orders(session, person_id, MAX_ORDERS),
        wrong=wrong,
        is_stale=stale_since is not None,
        meanwhile=audit_text.changes_since(session, "person", person_id, stale_since),
        history=audit_text.history(session, "person", person_id) if reader().may(Action.AUDIT_SEE) else None,
        extent=erasure.extent(session, person) if person_actions.of_person(person).may_archive else None,
    )


def render_person(
    person_id: int, code: int = 200, *, form: PersonForm | None = None, wrong: str = "", stale_since: int | None = None
) -> Response:
    with desk().database.read() as session:
        page = read_person_page(session, person_id, form=form, wrong=wrong, stale_since=stale_since)
        body = render_template("people/person.html", page=page)
    return make_response(body, code)
