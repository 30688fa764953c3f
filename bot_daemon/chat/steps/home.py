"""The way home: the language, help, and whatever we do not understand."""

from __future__ import annotations

from sqlalchemy.orm import Session

from bot_daemon.chat import buttons
from bot_daemon.chat.incoming import Answer, Incoming
from bot_daemon.chat.screens import ScreenView
from bot_daemon.chat.steps.access import for_members, show, show_present
from bot_daemon.chat.steps.replies import reply
from bot_daemon.chat.steps.returning import mark_reachable
from common import i18n
from common.database.models import Chat, Person, ReasonCode
from common.i18n import gettext as _
from common.messaging.kinds import MessageKind
from common.people import people


@for_members
def show_start(session: Session, incoming: Incoming, person: Person) -> Answer:
    """Home, below; or the question for the language, if it was never answered."""
    return show(session, incoming, person, ScreenView.HOME if person.language_chosen else ScreenView.LANGUAGES)


@for_members
def show_home(session: Session, incoming: Incoming, person: Person) -> Answer:
    return show(session, incoming, person, ScreenView.HOME)


@for_members
def show_languages(session: Session, incoming: Incoming, person: Person) -> Answer:
    return show(session, incoming, person, ScreenView.LANGUAGES)


@for_members
def choose_language(session: Session, incoming: Incoming, person: Person) -> Answer:
    """The language is this one; the first time, the person is welcomed in it."""
    chosen = i18n.known_language(buttons.LANGUAGE.read(incoming.text)["language"])
    if chosen is None:
        return answer_outdated(session, incoming)
    first = not person.language_chosen
    people.choose_language(session, person, chosen)
    if first:
        reply(session, incoming, MessageKind.REPLY_WELCOME)
    return show(session, incoming, person, ScreenView.HOME, below=first)


@for_members
def show_help(session: Session, incoming: Incoming, person: Person) -> Answer:
    return show(session, incoming, person, ScreenView.HELP)


@for_members
def send_help(session: Session, incoming: Incoming, person: Person) -> Answer:
    """`/help`, or a command we do not have: the help, and the conversation where it stood."""
    reply(session, incoming, MessageKind.REPLY_HELP)
    return show_present(session, incoming, person)


@for_members
def answer_outdated(session: Session, incoming: Incoming, person: Person) -> Answer:
    """A button of another version of this program, or a forged one."""
    return show_present(session, incoming, person, _("That button is out of date. Here is where we are."))


def record_membership(session: Session, incoming: Incoming) -> Answer:
    """The person blocked or unblocked the bot. Whoever comes back gets the cards as they are now, once."""
    person = people.by_telegram(session, incoming.sender_id)
    if incoming.chat_kind != "private" or person is None:
        return Answer()
    chat = session.get(Chat, incoming.chat_id)
    if not incoming.blocked:
        mark_reachable(session, incoming, person, chat)
        return Answer()
    chat = chat or Chat(chat_id=incoming.chat_id)
    chat.unreachable = ReasonCode.BLOCKED
    session.add(chat)
    return Answer()
