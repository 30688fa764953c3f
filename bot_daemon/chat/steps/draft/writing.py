"""A person at their draft: loads the state for a decision, then stores the decision and carries it out."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import wraps

from sqlalchemy import select
from sqlalchemy.orm import Session

from bot_daemon.chat import draft_store, lookup, screens
from bot_daemon.chat.buttons import Press
from bot_daemon.chat.conversation import Decision, State, decide, drafts
from bot_daemon.chat.conversation.actions import Action
from bot_daemon.chat.conversation.effects import DiscardDraft, Effect, KeepFile, MoveFiles, PlaceOrder, StarPart, Toast
from bot_daemon.chat.conversation.screen_views import ScreenView
from bot_daemon.chat.conversation.state import WHOLE
from bot_daemon.chat.incoming import Answer, Incoming, Step
from bot_daemon.chat.rendering.order_facts import order_comment
from bot_daemon.chat.rendering.words import note_text
from bot_daemon.chat.steps.access import for_members, is_in_place, show_present
from bot_daemon.chat.steps.replies import cause_key
from common import clock
from common.cars import vehicles
from common.catalogue import favourites
from common.database import models
from common.database.models import Order, Person, Via
from common.i18n import gettext as _
from common.media import attachments
from common.orders import placing
from common.permissions import Actor
from common.signing import fresh_code
from common.talk import chat

MOST_REMEMBERED = 60  # messages of sent orders


@dataclass
class Writing:
    """A person at their draft, and the update to answer."""

    session: Session
    incoming: Incoming
    person: Person
    row: models.Draft
    state: State

    def answer(self, action: Action) -> Answer:
        """Decide the action, store the state, carry out the effects, show the view."""
        decision = decide(self.state, action, lookup.parts_gone(self.session, self.state.draft))
        self.row.content, self.row.updated_at = drafts.to_stored(decision.state.draft), clock.utcnow()
        answer, arguments = Answer(), dict(decision.state.arguments)
        for effect in decision.effects:
            answer, arguments = self._carry_out(effect, answer, arguments)
        self._show(decision, arguments)
        return answer

    def _show(self, decision: Decision, arguments: dict[str, object]) -> None:
        screens.show(
            self.session,
            self.incoming.chat_id,
            self._view(decision),
            arguments,
            cause=cause_key(self.incoming),
            fresh=not (decision.quiet or is_in_place(self.session, self.incoming)),
            person_id=self.person.id,
        )

    def _view(self, decision: Decision) -> ScreenView:
        """The view to show. A person without a chosen language is asked for it first; their input is in the draft."""
        asked = self.state.view is ScreenView.LANGUAGES and not self.person.language_chosen
        return ScreenView.LANGUAGES if asked else decision.state.view

    def _carry_out(
        self, effect: Effect, answer: Answer, arguments: dict[str, object]
    ) -> tuple[Answer, dict[str, object]]:
        match effect:
            case Toast(code, named):
                return Answer(note_text(code, named)), arguments
            case PlaceOrder(draft):
                order = self._place(draft)
                self._remember_sent(draft, order)
                return Answer(note_text("sent", {"number": order.id})), {**arguments, "sent": order.id}
            case DiscardDraft():
                self.row.key = fresh_code()
            case KeepFile(line):
                self._keep(line)
            case MoveFiles(message_ids, line):
                self._move(message_ids, line)
            case StarPart(part_id, on):
                return Answer(note_text(self._star(part_id, on), {})), arguments
        return answer, arguments

    def _place(self, draft: drafts.Draft) -> Order:
        """Place the order under the draft's key: a second press of the same button finds it sent."""
        number = draft.plate if not draft.without_number else ""
        order, _new = placing.place_order(
            self.session,
            key=self.row.key,
            person=self.person,
            lines=draft.wanted(),
            actor=Actor.of(self.person, Via.BOT),
            vehicle=vehicles.remember(self.session, vehicles.read_vehicle(number)) if number else None,
            comment=order_comment(draft),
            additives=draft.additives,
        )
        became = {line.id: placed.id for line, placed in zip(draft.lines, order.lines, strict=True)}
        attachments.move_to_order(self.session, self.row.key, order, became)
        self._send_long_texts(draft, order)
        self.row.key = fresh_code()
        return order

    def _remember_sent(self, draft: drafts.Draft, order: Order) -> None:
        """Remember whose order the messages are, for replies to them and corrections."""
        messages = draft.messages() | {one.message_id for one in self.state.attached}
        sent = (*draft.sent, *(drafts.SentMessage(message, order.id) for message in sorted(messages)))
        self.row.content = drafts.to_stored(drafts.Draft(sent=sent[-MOST_REMEMBERED:]))

    def _send_long_texts(self, draft: drafts.Draft, order: Order) -> None:
        for text in draft.long_texts:
            chat.receive(
                self.session,
                self.person,
                text.text,
                chat_id=self.incoming.chat_id,
                message_id=text.message,
                order_id=order.id,
            )

    def _star(self, part_id: int, on: bool) -> str:
        if not on:
            favourites.unstar(self.session, self.person.id, part_id)
            return "unstarred"
        return "starred" if favourites.star(self.session, self.person.id, part_id) else "stars_full"

    def _keep(self, line: int) -> None:
        attachment = self.incoming.attachment
        if attachment is None or self.incoming.message_id is None:
            return
        attachments.queue_fetch(
            self.session,
            chat_id=self.incoming.chat_id,
            message_id=self.incoming.message_id,
            group_id=attachment.group_id,
            file_id=attachment.file_id,
            file_unique_id=attachment.file_unique_id,
            kind=attachment.kind,
            caption=self.incoming.text,
            seconds=attachment.seconds,
            person_id=self.person.id,
            draft_key=self.row.key,
            draft_line=line or None,
        )

    def _move(self, message_ids: tuple[int, ...], line: int) -> None:
        for message_id in message_ids:
            row = attachments.of_message(self.session, self.incoming.chat_id, message_id)
            if row is not None:
                attachments.attach(self.session, self.row.key, row.id, line if line != WHOLE else None)


def open_draft(session: Session, incoming: Incoming, person: Person) -> Writing:
    """The person's single draft, an empty one if there is none, and the view of their chat."""
    row = draft_store.ensure_row(session, person)
    view, arguments = screens.present_view(session, incoming.chat_id)
    draft, attached = drafts.from_stored(row.content), draft_store.attached_files(session, row.key)
    last_car = "" if draft.lines else lookup.assumed_car(session, person)
    state = State(draft, view, arguments, attached, last_car)
    return Writing(session, incoming, person, row, state)


Values = dict[str, str]
ActionOf = Callable[[Writing, Values], Action]


def at_draft(press: Press) -> Callable[[ActionOf], Step]:
    """The step of a draft's button: it runs on the present draft only. For another draft the answer tells its fate."""

    def decorate(action_of: ActionOf) -> Step:
        @wraps(action_of)
        def pressed(session: Session, incoming: Incoming, person: Person) -> Answer:
            writing, values = open_draft(session, incoming, person), press.read(incoming.text)
            if values["key"] != writing.row.key:
                return show_present(session, incoming, person, old_draft_text(session, person, values["key"]))
            return writing.answer(action_of(writing, values))

        return for_members(pressed)

    return decorate


def old_draft_text(session: Session, person: Person, key: str) -> str:
    """One line about a draft that is not the present one."""
    number = session.scalar(select(Order.id).where(Order.key == key, Order.person_id == person.id))
    if number is not None:
        return _("Already sent: order %(number)s.") % {"number": number}
    return _("That list is gone. Here is where we are.")
