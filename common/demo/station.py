"""The demo's station: its people, and orders in every state, made by the same functions that make real ones."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta

from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session

from common import clock
from common.cars import vehicles
from common.catalogue import catalogue
from common.database.engine import Database
from common.database.models import (
    Card,
    Chat,
    Draft,
    Invitation,
    Order,
    OutboxRow,
    OutboxState,
    Part,
    Person,
    Role,
    Screen,
    Unit,
    Via,
)
from common.demo.stories import (
    AVI,
    DIMA,
    NOA,
    RINA,
    STORIES,
    ChangeRequested,
    Happening,
    LineChanged,
    MessageWritten,
    Moved,
    NoteWritten,
    QuestionAsked,
    Story,
)
from common.orders import lines, moves, placing
from common.orders.placing import WantedLine
from common.people import invitations, join_requests, logins, people
from common.permissions import Actor
from common.signing import digest
from common.talk import change_requests, chat, notes, questions, quick_replies
from common.talk.change_requests import Wish

MECHANICS = (1001, 1002)  # Telegram ids of Dima and Noa in the emulator's cast
STRANGER, STRANGERS_NAME = 1003, "Charlie"  # also of the cast: not a member of the station, asks to join
ASKED_AGO = timedelta(minutes=12)
HOST = Actor(None, Role.MANAGER, Via.COMMAND)
TAKES = timedelta(seconds=1)  # delivery time of a message of the past
LONG_AGO = 9_000_000  # message ids of the past; the emulator's own start with 1
ENOUGH = timedelta(hours=2)  # an invitation that ends sooner is not worth showing


def seed(database: Database, password: str) -> None:
    """Make the station, unless it already has people."""
    with database.write() as session:
        if session.scalar(select(Person.id).limit(1)) is not None:
            return
        catalogue.load(session)
        quick_replies.add_first_replies(session)
        cast = _hire(session, password)
        parts = {part.code: part for part in session.scalars(select(Part))}
        for number, story in enumerate(STORIES, start=1):
            _play_story(session, number, story, cast, parts)
        with clock.travel(-ASKED_AGO):
            join_requests.ask(session, telegram_id=STRANGER, name=STRANGERS_NAME, language="en")


def _hire(session: Session, password: str) -> dict[str, Person]:
    """The emulator's cast has the same Telegram numbers."""
    with clock.travel(timedelta(days=-30)):
        cast = [
            people.add_person(session, name=name, role=role, language=language, telegram_id=telegram_id, chosen=True)
            for name, role, language, telegram_id in (
                (RINA, Role.STOREKEEPER, "he", None),
                (AVI, Role.MANAGER, "en", None),
                (DIMA, Role.MECHANIC, "ru", MECHANICS[0]),
                (NOA, Role.MECHANIC, "he", MECHANICS[1]),
            )
        ]
    for person, username in zip(cast, ("rina", "avi"), strict=False):
        logins.set_password(session, person, username, password)
    return {person.name: person for person in cast}


def _play_story(
    session: Session, number: int, story: Story, cast: Mapping[str, Person], parts: Mapping[str, Part]
) -> None:
    placed = timedelta(minutes=-story.ago)
    with clock.travel(placed):
        order, _ = placing.place_order(
            session,
            key=f"demo-{number}",
            person=cast[story.who],
            lines=[_line(story, wanted, parts) for wanted in story.wanted],
            actor=Actor.of(cast[story.who], Via.BOT),
            vehicle=vehicles.remember(session, vehicles.read_plate(story.plate)),
            comment=story.comment,
        )
        _mark_all_arrived(session)
    for happening in story.steps:
        with clock.travel(placed + timedelta(minutes=happening.after)):
            _play(session, order, happening, cast)
            _mark_all_arrived(session)


def _line(story: Story, wanted: str, parts: Mapping[str, Part]) -> WantedLine:
    part, quantity = parts.get(wanted), story.wanted[wanted]
    unit, remark = story.said.get(wanted, (Unit.PIECE, ""))
    if part is None:
        return WantedLine({"": wanted}, quantity, unit=unit, remark=remark)
    return WantedLine(dict(part.names), quantity, part.id, unit=unit, remark=remark)


def _play(session: Session, order: Order, happening: Happening, cast: Mapping[str, Person]) -> None:
    match happening:
        case Moved():
            _move(session, Actor.of(cast[happening.by], Via.DESK), order, happening)
        case LineChanged():
            actor, line = Actor.of(cast[happening.by], Via.DESK), order.lines[happening.number - 1]
            lines.change_line(
                session,
                actor,
                order.id,
                line.id,
                happening.state,
                expected_version=order.version,
                expected_on=_due(happening.due_in),
                supplier=happening.supplier,
            )
        case NoteWritten():
            key = f"demo-{happening.after}"
            notes.write(session, Actor.of(cast[happening.by], Via.DESK), order.id, happening.text, key=key)
        case QuestionAsked():
            _ask(session, Actor.of(cast[happening.by], Via.DESK), order, happening)
        case MessageWritten():
            _say(session, order, happening, cast)
        case ChangeRequested():
            facts = {"line": order.lines[happening.number - 1].id, "quantity": happening.quantity}
            change_requests.ask(session, Actor.of(order.person, Via.BOT), order.id, Wish.QUANTITY, facts)


def _move(session: Session, actor: Actor, order: Order, step: Moved) -> None:
    moves.move_order(
        session,
        actor,
        order.id,
        step.move,
        expected_version=order.version,
        reason=step.reason,
        expected_on=_due(step.due_in),
        day_unknown=step.due_in is None,
    )


def _due(days: int | None) -> date | None:
    return None if days is None else (clock.utcnow() + timedelta(days=days)).date()


def _ask(session: Session, actor: Actor, order: Order, asks: QuestionAsked) -> None:
    line_id, version = order.lines[asks.number - 1].id, order.version
    if asks.kind == questions.SUBSTITUTE:
        questions.propose_substitute(session, actor, order.id, line_id, asks.text, expected_version=version)
    else:
        questions.ask(session, actor, order.id, asks.kind, asks.text, expected_version=version, line_id=line_id)


def _say(session: Session, order: Order, says: MessageWritten, cast: Mapping[str, Person]) -> None:
    key = f"{order.id}-{says.after}"
    if says.by:
        chat.write(session, Actor.of(cast[says.by], Via.DESK), order.id, says.text, key=f"demo-{key}")
        return
    person = order.person
    message_id = LONG_AGO + order.id * 1000 + says.after
    chat.receive(session, person, says.text, chat_id=person.telegram_id or 0, message_id=message_id, order_id=order.id)
    if says.answers:
        waiting = questions.open_in_order(session, order)[0]
        questions.answer(session, Actor.of(person, Via.BOT), waiting.id, says.text)


def _mark_all_arrived(session: Session) -> None:
    """Mark all messages of the stories as delivered long ago: the emulator was not running to receive them."""
    session.execute(
        update(OutboxRow)
        .where(OutboxRow.state == OutboxState.PENDING)
        .values(state=OutboxState.SENT, sent_at=clock.utcnow() + TAKES, attempts=1)
        .execution_options(synchronize_session=False)
    )


def forget_chats(database: Database) -> None:
    """Forget the cards, screens and refusals of the last run, because the emulator starts with empty chats."""
    with database.write() as session:
        session.execute(update(Card).values(message_id=None))
        for table in (Screen, Draft, Chat):
            session.execute(delete(table))


def open_invitation(database: Database, known: str) -> str:
    """The code of an invitation for a new mechanic: the present one while it is open, else a fresh one."""
    still_open = (Invitation.used_at.is_(None), Invitation.revoked_at.is_(None))
    with database.write() as session:
        invitation = session.scalar(select(Invitation).where(Invitation.digest == digest(known), *still_open))
        if invitation is not None and invitation.expires_at > clock.utcnow() + ENOUGH:
            return known
        return invitations.invite(session, HOST, name="Лев")[1]
