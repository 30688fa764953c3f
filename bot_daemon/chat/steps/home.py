"""Home: the language, help, and updates that no other step understands."""

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
    """Show home, below; or the question for the language, if it was never answered."""
    return show(session, incoming, person, ScreenView.HOME if person.language_chosen else ScreenView.LANGUAGES)


@for_members
def show_home(session: Session, incoming: Incoming, person: Person) -> Answer:
    return show(session, incoming, person, ScreenView.HOME)


@for_members
def show_languages(session: Session, incoming: Incoming, person: Person) -> Answer:
    return show(session, incoming, person, ScreenView.LANGUAGES)


@for_members
def choose_language(session: Session, incoming: Incoming, person: Person) -> Answer:
    """Set the language; the first time, the person is welcomed in it."""
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
    """`/help`, or an unknown command: send the help, and the present view again."""
    reply(session, incoming, MessageKind.REPLY_HELP)
    return show_present(session, incoming, person)


@for_members
def answer_outdated(session: Session, incoming: Incoming, person: Person) -> Answer:
    """Answer a button of another version of this program, or a forged one."""
    return show_present(session, incoming, person, _("That button is out of date. Here is where we are."))


def record_membership(session: Session, incoming: Incoming) -> Answer:
    """Record that the person blocked or unblocked the bot. A person who comes back gets the present cards, once."""
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
