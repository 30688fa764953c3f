"""Messages about joining: to strangers, to people who open a link, to the managers who decide."""

from __future__ import annotations

import html
from collections.abc import Callable

from sqlalchemy import select
from sqlalchemy.orm import Session

from bot_daemon.chat import buttons
from bot_daemon.chat.content import Button, Content, NothingToSay
from bot_daemon.chat.rendering.screens.home_views import language_buttons, language_question
from bot_daemon.chat.rendering.text import escape
from common.database.models import JoinRequest, JoinRequestState, LoginLink, OutboxRow, Person
from common.facts.messages import InvitationDeclined, JoinRequested, LoginLinkSent, NewBrowser, Unlinked
from common.i18n import gettext as _
from common.i18n import ngettext
from common.messaging.kinds import MessageKind
from common.people import join_requests, login_links
from common.permissions import Action, may
from common.words import INVITATION_CLOSED, INVITATIONS


def wall(session: Session, row: OutboxRow, reader: Person | None) -> Content:
    """The message to a stranger: the button to ask, or the state of their request."""
    request = session.scalar(select(JoinRequest).where(JoinRequest.telegram_id == row.chat_id))
    if request is None or join_requests.may_ask(request):
        text = _("This bot is for the station's own people. Ask your manager for an invitation link, or ask here.")
        return Content(f"🔒 {text}", [[buttons.ASK.button("🙋 " + _("Ask to join"))]])
    if request.state is JoinRequestState.ASKED:
        return Content("🕐 " + _("You have asked to join. As soon as a manager has decided, you hear it here."))
    return Content("🔒 " + _("This bot is for the station's own people. Please talk to your manager."))


def invitation_refusal(session: Session, row: OutboxRow, reader: Person | None) -> Content:
    return Content("⌛ " + _(INVITATIONS.get(InvitationDeclined.read(row.arguments).why, INVITATION_CLOSED)))


def unlinking(session: Session, row: OutboxRow, reader: Person | None) -> Content:
    name = escape(Unlinked.read(row.arguments).name, 80)
    text = _("This Telegram is no longer linked to %(name)s. If you did not want that, tell your manager.")
    return Content("🔓 " + text % {"name": name})


def new_browser(session: Session, row: OutboxRow, reader: Person | None) -> Content:
    facts = NewBrowser.read(row.arguments)
    text = _("You were signed in at the desk in a new browser: %(browser)s.") % {"browser": _asking(facts)}
    hint = _("That was not you? Sign out everywhere on your account's page and choose a new password.")
    return Content(f"🔐 {text}\n<i>{hint}</i>")


def _asking(facts: NewBrowser | LoginLinkSent) -> str:
    """The browser, and from where it asked."""
    network = f", <code>{escape(facts.network, 64)}</code>" if facts.network else ""
    return (escape(facts.browser, 80) or _("unknown")) + network


def login_link(session: Session, row: OutboxRow, reader: Person | None) -> Content:
    """The link to log in. Raises: NothingToSay when it was used, or is no longer valid."""
    sent = LoginLinkSent.read(row.arguments)
    link = session.get(LoginLink, sent.link)
    if link is None or not login_links.is_good(link):
        raise NothingToSay
    url = html.escape(sent.url)
    text = _("Open this link in the browser in which you asked for it, within 5 minutes:")
    hint = _("You did not ask? Then do nothing: in no other browser does it open anything.")
    asking = _("Asked for in: %(browser)s.") % {"browser": _asking(sent)}
    return Content(f'🔑 {text}\n<a href="{url}">{url}</a>\n{asking}\n<i>{hint}</i>')


def join_request(session: Session, row: OutboxRow, reader: Person | None) -> Content:
    """A stranger's request, for a manager; in a flood, the number of requests.

    Raises: NothingToSay when all requests are decided, or the reader may no longer decide.
    """
    if reader is None or reader.archived_at is not None or not may(reader.role, Action.PEOPLE_ADMIT):
        raise NothingToSay
    number = JoinRequested.read(row.arguments).request
    return (
        _many_requests(join_requests.open_count(session))
        if number is None
        else _one_request(session.get(JoinRequest, number))
    )


def _one_request(request: JoinRequest | None) -> Content:
    if request is None or request.state is not JoinRequestState.ASKED:
        raise NothingToSay
    text = _("%(name)s asks to join.") % {"name": f"<b>{escape(request.name, 80)}</b>"}
    hint = _("The name is as Telegram shows it: anybody can call themselves so.")
    let_in = buttons.LET_IN.button("✅ " + _("Let in"), request=request.id)
    refuse = buttons.REFUSE.button("🚫 " + _("Refuse"), request=request.id)
    return Content(f"🙋 {text}\n<i>{hint}</i>", [[let_in, refuse]])


def _many_requests(count: int) -> Content:
    if not count:
        raise NothingToSay
    text = ngettext("%(count)s person asks to join.", "%(count)s people ask to join.", count) % {"count": count}
    return Content(f"🙋 {text}\n" + _("That is unusual. Look at the page People at the desk."))


def admission(session: Session, row: OutboxRow, reader: Person | None) -> Content:
    if reader is None or reader.archived_at is not None:
        raise NothingToSay
    greeting = "🎉 " + _("%(name)s, you are in: a manager has let you in.") % {"name": escape(reader.name, 80)}
    if reader.language_chosen:
        return Content(greeting, [[_home()]])
    return Content(f"{greeting}\n\n{language_question()}", language_buttons())


def _home() -> Button:
    return buttons.HOME.button("🏠 " + _("Home"))


def refusal(session: Session, row: OutboxRow, reader: Person | None) -> Content:
    """The refusal of a request. Raises: NothingToSay when the person got access in another way."""
    if reader is not None:
        raise NothingToSay
    return Content("🔒 " + _("Sorry, your request to join was declined. If that is a mistake, talk to your manager."))


JoiningRenderer = Callable[[Session, OutboxRow, Person | None], Content]
JOINING: dict[MessageKind, JoiningRenderer] = {
    MessageKind.REPLY_WALL: wall,
    MessageKind.REPLY_INVITATION_REFUSED: invitation_refusal,
    MessageKind.REPLY_UNLINKED: unlinking,
    MessageKind.REPLY_LOGIN_LINK: login_link,
    MessageKind.REPLY_NEW_BROWSER: new_browser,
    MessageKind.NOTICE_JOIN_REQUEST: join_request,
    MessageKind.REPLY_LET_IN: admission,
    MessageKind.REPLY_NOT_LET_IN: refusal,
}
