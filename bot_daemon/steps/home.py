"""The way in and the way home: joining, the language, help, and whatever we do not understand."""

from __future__ import annotations

from sqlalchemy.orm import Session

from bot_daemon import buttons
from bot_daemon.incoming import Answer, Incoming
from bot_daemon.screens import View
from bot_daemon.steps.access import for_members, show, show_present
from bot_daemon.steps.cards import send_open_cards
from bot_daemon.steps.replies import reply
from common import i18n, people
from common.i18n import gettext as _
from common.models import Chat, Person


def start(session: Session, incoming: Incoming) -> Answer:
    """`/start`, with an invitation's code or without."""
    known = people.by_telegram(session, incoming.sender_id)
    if incoming.chat_kind != "private" or not incoming.text:
        return begin(session, incoming)
    language = i18n.known(incoming.language_code) or "en"
    joined = people.accept_invitation(session, incoming.text, telegram_id=incoming.sender_id, language=language)
    if joined is None and (known is None or known.archived_at is None):
        reply(session, incoming, "reply.invitation_refused")
    if joined is not None and known is None and joined.language_chosen:
        reply(session, incoming, "reply.welcome")
    return begin(session, incoming) if joined or known else Answer()


@for_members
def begin(session: Session, incoming: Incoming, person: Person) -> Answer:
    """Home, below; or the question for the language, if it was never answered."""
    chat = session.get(Chat, incoming.chat_id)
    if chat is not None and chat.unreachable:
        _reachable_again(session, incoming, person, chat)
        reply(session, incoming, "reply.welcome")
    return show(session, incoming, person, View.HOME if person.language_chosen else View.LANGUAGES)


@for_members
def home(session: Session, incoming: Incoming, person: Person) -> Answer:
    return show(session, incoming, person, View.HOME)


@for_members
def languages(session: Session, incoming: Incoming, person: Person) -> Answer:
    return show(session, incoming, person, View.LANGUAGES)


@for_members
def choose_language(session: Session, incoming: Incoming, person: Person) -> Answer:
    """The language is this one; the first time, the person is welcomed in it."""
    chosen = i18n.known(buttons.LANGUAGE.read(incoming.text)["language"])
    if chosen is None:
        return not_understood(session, incoming)
    first = not person.language_chosen
    people.choose_language(session, person, chosen)
    if first:
        reply(session, incoming, "reply.welcome")
    return show(session, incoming, person, View.HOME, below=first)


@for_members
def help_screen(session: Session, incoming: Incoming, person: Person) -> Answer:
    return show(session, incoming, person, View.HELP)


@for_members
def help_message(session: Session, incoming: Incoming, person: Person) -> Answer:
    """`/help`, or a command we do not have: the help, and the conversation where it stood."""
    reply(session, incoming, "reply.help")
    return show_present(session, incoming, person)


@for_members
def not_understood(session: Session, incoming: Incoming, person: Person) -> Answer:
    """A button of another version of this program, or a forged one."""
    return show_present(session, incoming, person, _("That button is out of date. Here is where we are."))


def member(session: Session, incoming: Incoming) -> Answer:
    """The person blocked or unblocked the bot. Whoever comes back gets the cards as they are now, once."""
    person = people.by_telegram(session, incoming.sender_id)
    if incoming.chat_kind != "private" or person is None:
        return Answer()
    chat = session.get(Chat, incoming.chat_id)
    if chat is None:
        chat = Chat(chat_id=incoming.chat_id)
        session.add(chat)
    if incoming.blocked:
        chat.unreachable = "blocked"
    elif chat.unreachable:
        _reachable_again(session, incoming, person, chat)
    return Answer()


def _reachable_again(session: Session, incoming: Incoming, person: Person, chat: Chat) -> None:
    chat.unreachable = ""
    if person.archived_at is None:
        send_open_cards(session, incoming, person)
