"""People: who is here, whether the bot reaches them, and how somebody new joins."""

from __future__ import annotations

import io

import segno
from flask import Blueprint, Response, make_response, redirect, render_template, request
from markupsafe import Markup
from sqlalchemy import select
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response as WerkzeugResponse

from common import clock, inbox
from common import people as people_
from common.errors import InvalidInput
from common.models import Chat, Invitation, Person, Role
from common.permissions import Action
from webapp import words
from webapp.desk import desk, reader
from webapp.order import MOST_ID
from webapp.sessions import needs

blueprint = Blueprint("people", __name__, url_prefix="/people")
PER_PAGE = 50
MOST_INVITATIONS = 50


@blueprint.get("")
@needs(Action.PEOPLE_SEE)
def page() -> Response:
    return _page()


def _page(wrong: str = "", code: int = 200) -> Response:
    after = request.args.get("after", "")
    gone = request.args.get("show") == "archived"
    with desk().database.read() as session:
        found = _people(session, int(after) if after.isascii() and after.isdigit() and len(after) < 16 else 0, gone)
        body = render_template(
            "people.html",
            people=found[:PER_PAGE],
            more=found[PER_PAGE - 1][0].id if len(found) > PER_PAGE else None,
            invitations=_open_invitations(session),
            gone=gone,
            wrong=wrong,
            typed=request.form,
        )
    return make_response(body, code)


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


def _open_invitations(session: Session) -> list[Invitation]:
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


@blueprint.post("/invitations")
@needs(Action.PEOPLE_INVITE)
def invite() -> Response:
    """A one-time link, shown once: the code is stored only as its digest."""
    try:
        with desk().database.write() as session:
            invitation, code = people_.invite(
                session,
                reader().actor,
                name=request.form.get("name", ""),
                role=Role.MECHANIC,
                language=request.form.get("language") or None,
            )
    except InvalidInput as error:
        return _page(words.refusal(error), 400)
    with desk().database.read() as session:
        bot = inbox.active_bot(session)
        link = f"{bot.link_base}/{bot.username}?start={code}" if bot is not None else ""
        return make_response(
            render_template("invitation.html", invitation=invitation, code=code, link=link, qr=qr(link), bot=bot), 201
        )


def qr(text: str) -> Markup:
    """A QR code as inline SVG: presentation attributes only, since our policy allows no style."""
    if not text:
        return Markup("")
    drawn = io.BytesIO()
    segno.make(text, error="m", micro=False).save(
        drawn, kind="svg", xmldecl=False, svgns=False, omitsize=True, border=1, dark="#000", nl=False
    )
    return Markup(drawn.getvalue().decode())  # noqa: S704 drawn by segno of our own link


@blueprint.post(f"/invitations/<int(max={MOST_ID}):invitation_id>/revoke")
@needs(Action.PEOPLE_INVITE)
def revoke(invitation_id: int) -> WerkzeugResponse:
    with desk().database.write() as session:
        people_.revoke_invitation(session, reader().actor, invitation_id)
    return redirect("/people", 303)


@blueprint.post(f"/<int(max={MOST_ID}):person_id>/archive")
@needs(Action.PEOPLE_ARCHIVE)
def archive(person_id: int) -> WerkzeugResponse:
    if person_id == reader().person_id:
        return _page(words.refusal(InvalidInput("yourself")), 400)
    with desk().database.write() as session:
        people_.archive(session, reader().actor, person_id)
    return redirect("/people", 303)


@blueprint.post(f"/<int(max={MOST_ID}):person_id>/restore")
@needs(Action.PEOPLE_ARCHIVE)
def restore(person_id: int) -> WerkzeugResponse:
    with desk().database.write() as session:
        people_.restore(session, reader().actor, person_id)
    return redirect("/people?show=archived", 303)
