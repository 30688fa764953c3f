"""Joining: an invitation's link, the button for strangers who ask, the managers' buttons that decide."""

from __future__ import annotations

from sqlalchemy.orm import Session

from bot_daemon.chat import buttons
from bot_daemon.chat.incoming import Answer, Incoming
from bot_daemon.chat.steps.access import for_members
from bot_daemon.chat.steps.cards import send_open_cards
from bot_daemon.chat.steps.home import show_start
from bot_daemon.chat.steps.replies import answer_stranger, language_of, reply
from common import i18n
from common.database.models import JoinRequest, JoinRequestState, Person, Via
from common.errors import Forbidden, NotFound
from common.facts.messages import InvitationDeclined
from common.i18n import gettext as _
from common.i18n import isolated
from common.messaging.kinds import MessageKind
from common.people import invitations, join_requests, people
from common.people.invitations import InvitationRefused
from common.people.join_requests import JoinOutcome
from common.permissions import Actor

TOLD_AN_HOUR = 3  # times a stranger is told why an invitation is not good


def start(session: Session, incoming: Incoming) -> Answer:
    """`/start`, with an invitation's code or without."""
    if incoming.chat_kind != "private" or not incoming.text:
        return show_start(session, incoming)
    before = people.by_telegram(session, incoming.sender_id)
    was_here = before is not None and before.archived_at is None
    joined = invitations.accept(session, incoming.text, telegram_id=incoming.sender_id, language=_language(incoming))
    if isinstance(joined, InvitationRefused):
        if was_here or before is None:
            declined = InvitationDeclined(language=language_of(incoming), why=joined.why.value)
            answer_stranger(session, incoming, MessageKind.REPLY_INVITATION_REFUSED, declined, most=TOLD_AN_HOUR)
        return show_start(session, incoming) if before else Answer()
    if not was_here:
        _welcome(session, incoming, joined, is_new=before is None)
    return show_start(session, incoming)


def _welcome(session: Session, incoming: Incoming, person: Person, *, is_new: bool) -> None:
    """Welcome the person, with the cards of their open orders: they may have a new phone."""
    if is_new and person.language_chosen:  # otherwise the welcome waits for their choice of language
        reply(session, incoming, MessageKind.REPLY_WELCOME)
    send_open_cards(session, incoming, person)


def _language(incoming: Incoming) -> str:
    return i18n.known_language(incoming.language_code) or "en"


def ask_to_join(session: Session, incoming: Incoming) -> Answer:
    """A stranger asks to join. A member is shown home; a removed person is refused."""
    if incoming.chat_kind != "private" or people.by_telegram(session, incoming.sender_id) is not None:
        return show_start(session, incoming)
    language = _language(incoming)
    asked = join_requests.ask(session, telegram_id=incoming.sender_id, name=incoming.name, language=language)
    with i18n.use_language(language):
        if asked is JoinOutcome.NEW:
            reply(session, incoming, MessageKind.REPLY_WALL)
            return Answer(_("Asked. You hear from us as soon as a manager has decided."))
        if asked is JoinOutcome.ALREADY:
            return Answer(_("You have asked already. A manager will answer you."))
        if asked is JoinOutcome.TOO_SOON:
            return Answer(_("A manager has declined. Please talk to your manager in person."), alert=True)
        return Answer(_("Too many people are asking right now. Ask your manager for an invitation link."), alert=True)


@for_members
def let_in(session: Session, incoming: Incoming, person: Person) -> Answer:
    return _decide(session, incoming, person, buttons.LET_IN, JoinRequestState.APPROVED)


@for_members
def refuse(session: Session, incoming: Incoming, person: Person) -> Answer:
    return _decide(session, incoming, person, buttons.REFUSE, JoinRequestState.REFUSED)


def _decide(
    session: Session, incoming: Incoming, person: Person, press: buttons.Press, wanted: JoinRequestState
) -> Answer:
    number = int(press.read(incoming.text)["request"])
    try:
        request, is_ours = join_requests.decide(session, Actor.of(person, Via.BOT), number, wanted)
    except NotFound:
        return Answer(_("That request is gone."))
    except Forbidden:
        return Answer(_("Only managers let people in."), alert=True)
    is_same = request.state is wanted and request.decided_by == person.id
    return Answer(_decision_text(request, by_other=not (is_ours or is_same)), alert=not (is_ours or is_same))


def _decision_text(request: JoinRequest, *, by_other: bool) -> str:
    """The decision, with its author if that is not the reader."""
    facts = {"name": isolated(request.name), "who": isolated(request.decider.name) if request.decider else "?"}
    approved = request.state is JoinRequestState.APPROVED
    if not by_other:
        return (_("%(name)s is let in.") if approved else _("%(name)s is refused.")) % facts
    if approved:
        return _("%(name)s is in already: %(who)s decided.") % facts
    return _("%(name)s was refused already: %(who)s decided.") % facts
