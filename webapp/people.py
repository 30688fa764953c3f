"""People: who is here, whether the bot reaches them, who asks to join, which invitations are open."""

from __future__ import annotations

from flask import Blueprint, Response, make_response, redirect, render_template, request
from sqlalchemy import select
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response as WerkzeugResponse

from common import clock, joining
from common import people as people_
from common.errors import InvalidInput
from common.models import Chat, Invitation, JoinRequest, Person, Role
from common.permissions import Action
from webapp import words
from webapp.desk import desk, reader
from webapp.order import MOST_ID
from webapp.sessions import needs

blueprint = Blueprint("people", __name__, url_prefix="/people")
PER_PAGE = 50
REQUESTS_PER_PAGE = 10
MOST_INVITATIONS = 50


@blueprint.get("")
@needs(Action.PEOPLE_SEE)
def page() -> Response:
    return show()


def show(wrong: str = "", code: int = 200, told: str = "") -> Response:
    """The page. `wrong`: why the invitation that was asked for cannot be; `told`: what became of a request to join."""
    gone = request.args.get("show") == "archived"
    with desk().database.read() as session:
        found = _people(session, _after("after"), gone)
        asking = _asking(session)
        body = render_template(
            "people.html",
            people=found[:PER_PAGE],
            more=found[PER_PAGE - 1][0].id if len(found) > PER_PAGE else None,
            asking=asking[:REQUESTS_PER_PAGE],
            more_asking=asking[REQUESTS_PER_PAGE - 1].id if len(asking) > REQUESTS_PER_PAGE else None,
            invitations=open_invitations(session),
            roles=list(Role) if reader().may(Action.PEOPLE_STAFF) else [],
            gone=gone,
            wrong=wrong,
            told=told,
            typed=request.form,
        )
    return make_response(body, code)


def _after(name: str) -> int:
    typed = request.args.get(name, "")
    return int(typed) if typed.isascii() and typed.isdigit() and len(typed) < 16 else 0


def _people(session: Session, after: int, gone: bool) -> list[tuple[Person, str]]:
    """One more than a page of people, each with why the bot cannot reach them, empty if it can."""
    statement = (
        select(Person, Chat.unreachable)
        .outerjoin(Chat, Chat.chat_id == Person.telegram_id)
        .where(Person.archived_at.is_not(None) if gone else Person.archived_at.is_(None), Person.id > after)
        .order_by(Person.id)
        .limit(PER_PAGE + 1)
    )
    return [(person, why or "") for person, why in session.execute(statement)]


def _asking(session: Session) -> list[JoinRequest]:
    """One more than a page of those who ask to join, for readers who decide."""
    if not reader().may(Action.PEOPLE_ADMIT):
        return []
    return joining.open_requests(session, _after("asked_after"), REQUESTS_PER_PAGE + 1)


def open_invitations(session: Session) -> list[Invitation]:
    return list(
        session.scalars(
            select(Invitation)
            .where(
                Invitation.used_at.is_(None),
                Invitation.revoked_at.is_(None),
                Invitation.expires_at > clock.utcnow(),
            )
            .order_by(Invitation.id.desc())
            .limit(MOST_INVITATIONS)
        )
    )


@blueprint.post(f"/<int(max={MOST_ID}):person_id>/archive")
@needs(Action.PEOPLE_ARCHIVE)
def archive(person_id: int) -> WerkzeugResponse:
    if person_id == reader().person_id:
        return show(words.refusal(InvalidInput("yourself")), 400)
    with desk().database.write() as session:
        people_.archive(session, reader().actor, person_id)
    return redirect("/people", 303)


@blueprint.post(f"/<int(max={MOST_ID}):person_id>/restore")
@needs(Action.PEOPLE_ARCHIVE)
def restore(person_id: int) -> WerkzeugResponse:
    with desk().database.write() as session:
        people_.restore(session, reader().actor, person_id)
    return redirect("/people?show=archived", 303)
