"""The page that shows an invitation's link and QR code, once: only the code's digest is stored."""

from __future__ import annotations

from dataclasses import dataclass

from flask import Response, make_response, render_template, request
from markupsafe import Markup

from common.database.models import Invitation, InvitationWay
from common.messaging import bots
from webapp.web.context import desk, reader
from webapp.web.qr import qr_svg


@dataclass(frozen=True)
class InvitationPage:
    """The content of the page."""

    invitation: Invitation
    code: str
    link: str  # empty: no bot has run yet, so there is no address
    back: str  # the page to return to
    reader_id: int

    @property
    def qr(self) -> Markup:
        return qr_svg(self.link)

    @property
    def is_to_desk(self) -> bool:
        return self.invitation.way is InvitationWay.DESK

    @property
    def is_own(self) -> bool:
        """Whether it links the reader's own Telegram account."""
        return self.invitation.person_id == self.reader_id

    @property
    def is_for_known_person(self) -> bool:
        """Whether it moves somebody who is known already to another chat."""
        return self.invitation.person_id is not None and not self.is_own


def render_invitation(invitation: Invitation, code: str, back: str = "/people") -> Response:
    with desk().database.read() as session:
        link = _desk_link(code) if invitation.way is InvitationWay.DESK else bots.bot_link(session, code)
    page = InvitationPage(invitation, code, link, back, reader().person_id)
    return make_response(render_template("people/invitation.html", page=page), 201)


def _desk_link(code: str) -> str:
    return f"{(desk().settings.public_url or request.url_root).rstrip('/')}/welcome/{code}"
