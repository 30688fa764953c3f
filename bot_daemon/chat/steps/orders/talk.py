"""Writing about a placed order: a text, a photo or a voice note goes to the desk, and one line confirms it."""

from __future__ import annotations

from dataclasses import replace

from sqlalchemy.orm import Session

from bot_daemon.chat import buttons, draft_store, screens
from bot_daemon.chat.incoming import Answer, Attachment, Incoming, Step, UpdateKind
from bot_daemon.chat.routing import CONTEXT, AskWhich, ToOrder, answered_in_order, route_message
from bot_daemon.chat.screens import ScreenView
from bot_daemon.chat.steps.access import MemberStep, for_members, show, show_present
from bot_daemon.chat.steps.draft import typed_text
from bot_daemon.chat.steps.orders import changes
from bot_daemon.chat.steps.orders.own import OwnOrder, at_own_order, find_own_order
from bot_daemon.chat.steps.replies import language_of, reply
from common import clock
from common.database.models import ChatMessage, Person, Via
from common.errors import NotFound
from common.facts.messages import PassedOn
from common.i18n import gettext as _
from common.media import attachments
from common.messaging.kinds import MessageKind
from common.people import people
from common.permissions import Actor
from common.talk import chat, questions

CHANGING = frozenset({ScreenView.ADD_LINE, ScreenView.CHANGE_LINE})


def about_order_first(step: MemberStep) -> Step:
    """Try a message as one about a placed order first. Any other message goes to the draft, by `step`."""

    @for_members
    def routed(session: Session, incoming: Incoming, person: Person) -> Answer:
        answer = _change_order(session, incoming, person) or _route(session, incoming, person)
        return answer or step(session, incoming, person)

    return routed


def _change_order(session: Session, incoming: Incoming, person: Person) -> Answer | None:
    """Take text typed at a view that changes an order."""
    view, arguments = screens.present_view(session, incoming.chat_id)
    if view not in CHANGING or incoming.what is not UpdateKind.TEXT or incoming.reply_to is not None:
        return None
    order = find_own_order(session, person, int(arguments.get("order", 0)))
    return changes.take_text(OwnOrder(session, incoming, person, order), view, arguments) if order is not None else None


def _route(session: Session, incoming: Incoming, person: Person) -> Answer | None:
    match route_message(session, incoming, person):
        case ToOrder() as found:
            return _pass_on(session, incoming, person, found)
        case AskWhich():
            return _ask(session, incoming, person)
    return None


def _pass_on(session: Session, incoming: Incoming, person: Person, found: ToOrder) -> Answer:
    message, is_full = _keep_message(session, incoming, person, found.order_id)
    if found.question is not None and incoming.what is UpdateKind.TEXT:
        questions.answer(session, Actor.of(person, Via.BOT), found.question.id, found.answer)
    if is_full or not found.quiet:
        facts = PassedOn(language=language_of(incoming), order=found.order_id, message=message.id, full=is_full)
        reply(session, incoming, MessageKind.REPLY_PASSED_ON, facts)
    return Answer()


def _ask(session: Session, incoming: Incoming, person: Person) -> Answer:
    """Ask which order is meant. Meanwhile the message is kept without an order."""
    message, _full = _keep_message(session, incoming, person, None)
    return show(session, incoming, person, ScreenView.WHICH, {"message": message.id})


def _keep_message(
    session: Session, incoming: Incoming, person: Person, order_id: int | None
) -> tuple[ChatMessage, bool]:
    """The stored message, and whether a photo or voice note found no room."""
    assert incoming.message_id is not None
    message = chat.receive(
        session, person, incoming.text, chat_id=incoming.chat_id, message_id=incoming.message_id, order_id=order_id
    )
    brought = incoming.attachment
    if brought is None:
        return message, False
    wanted = attachments.queue_fetch(
        session,
        chat_id=incoming.chat_id,
        message_id=incoming.message_id,
        group_id=brought.group_id,
        file_id=brought.file_id,
        file_unique_id=brought.file_unique_id,
        kind=brought.kind,
        caption=incoming.text,
        seconds=brought.seconds,
        person_id=person.id,
        order_id=order_id,
        chat_message_id=message.id,
    )
    return message, wanted is None


@at_own_order(buttons.WRITE)
def show_write(own: OwnOrder, values: dict[str, str]) -> Answer:
    return own.show(ScreenView.WRITE)


def correct_message(session: Session, incoming: Incoming) -> Answer:
    """A person edited a message. What it made is made anew; of a sent order the desk gets the new words, marked."""
    person = people.by_telegram(session, incoming.sender_id)
    if person is None or person.archived_at is not None or incoming.message_id is None:
        return Answer()
    return _corrected(session, incoming)


@for_members
def _corrected(session: Session, incoming: Incoming, person: Person) -> Answer:
    message_id = incoming.message_id or 0
    if chat.of_message(session, incoming.chat_id, message_id) is not None:
        chat.edit(session, incoming.chat_id, message_id, incoming.text)
        return Answer()
    if typed_text.correct(session, incoming, person):
        return Answer()
    order_id = draft_store.order_of_message(session, person, message_id)
    return _pass_on(session, incoming, person, ToOrder(order_id)) if order_id is not None else Answer()


# Which order was meant ------------------------------------------------------------------------------------------------


@for_members
def ask_which_order(session: Session, incoming: Incoming, person: Person) -> Answer:
    """Ask which order was meant: the message went to the wrong one."""
    message = _own_message(session, person, buttons.WHICH.read(incoming.text)["message"])
    if message is None:
        return show_present(session, incoming, person, _("That message is not here any more."))
    return show(session, incoming, person, ScreenView.WHICH, {"message": message.id}, below=True)


@for_members
def assign_to_order(session: Session, incoming: Incoming, person: Person) -> Answer:
    """Assign the message to this order, with all others that wait for one."""
    values = buttons.BELONGS.read(incoming.text)
    message = _own_message(session, person, values["message"])
    if message is None:
        return show_present(session, incoming, person, _("That message is not here any more."))
    try:
        for one in _with_waiting(session, person, message):
            if one.order_id != int(values["order"]):
                questions.reopen_answered(session, Actor.of(person, Via.BOT), one)
            chat.assign_order(session, one, int(values["order"]), person)
            _answer_question(session, incoming, person, one)
    except NotFound:
        return show_present(session, incoming, person, _("There is no such order."))
    show(session, incoming, person, ScreenView.WRITE, {"order": int(values["order"])})
    return Answer(_("Passed on to order %(number)s.") % {"number": values["order"]})


def _answer_question(session: Session, incoming: Incoming, person: Person, message: ChatMessage) -> None:
    """The message, whose order is known now, may answer a question of it."""
    said = replace(incoming, what=UpdateKind.TEXT, text=message.text)
    found = answered_in_order(session, said, person, message.order_id or 0)
    if found is not None and found.question is not None and not message.media:
        questions.answer(session, Actor.of(person, Via.BOT), found.question.id, found.answer)


@for_members
def start_order(session: Session, incoming: Incoming, person: Person) -> Answer:
    """Move a message meant for a new order into the draft, as if it had just been written there."""
    message = _own_message(session, person, buttons.STARTS_ORDER.read(incoming.text)["message"])
    if message is None:
        return show_present(session, incoming, person, _("That message is not here any more."))
    screens.show(session, incoming.chat_id, ScreenView.CATEGORIES, cause=f"u{incoming.seq}:draft", person_id=person.id)
    for one in _with_waiting(session, person, message):
        questions.reopen_answered(session, Actor.of(person, Via.BOT), one)
        for written in _take_out_of_chat(session, incoming, one):
            step = typed_text.take_file if written.attachment else typed_text.take_text
            step(session, written, person)
    return Answer()


def _own_message(session: Session, person: Person, number: str) -> ChatMessage | None:
    message = session.get(ChatMessage, int(number))
    return message if message is not None and message.author_id == person.id and message.message_id else None


def _with_waiting(session: Session, person: Person, message: ChatMessage) -> list[ChatMessage]:
    waiting = chat.without_order(session, person, clock.utcnow() - CONTEXT)
    return [*(one for one in waiting if one.id != message.id), message]


def _take_out_of_chat(session: Session, incoming: Incoming, message: ChatMessage) -> list[Incoming]:
    """Take the message out of the order's chat and return it as it came in."""
    again = replace(incoming, what=UpdateKind.TEXT, text=message.text, message_id=message.message_id)
    brought = [
        Attachment(one.kind, one.file_id, one.file_unique_id, None, one.seconds, one.group_id) for one in message.media
    ]
    files = list(message.media)
    chat.remove(session, message)
    for one in files:
        session.delete(one)
    session.flush()
    return [replace(again, what=UpdateKind.OTHER, attachment=one) for one in brought] or [again]
