"""The demo's station: its people, and orders in every state, made by the same functions that make real ones."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session

from common import catalogue, clock, logins, orders, people, vehicles
from common.database import Database
from common.models import Card, Chat, Draft, Invitation, OutboxRow, OutboxState, Part, Person, Role, Screen, Via
from common.orders import Move, WantedLine
from common.permissions import Actor
from common.signing import digest

DIMA, NOA, RINA, AVI = "Дима", "נועה", "רינה", "Avi"
MECHANICS = (1001, 1002)  # Dima's and Noa's Telegram ids in the emulator's cast
HOST = Actor(None, Role.MANAGER, Via.COMMAND)
TAKES = timedelta(seconds=1)  # a message of the past to its reader
ENOUGH = timedelta(hours=2)  # an invitation that ends sooner is not worth showing


@dataclass(frozen=True)
class Step:
    """A move, `after` so many minutes since the order was placed. `due_in`: days until what it waits for is here."""

    move: Move
    after: int
    by: str = RINA
    reason: str = ""
    due_in: int | None = None


@dataclass(frozen=True)
class Story:
    """An order and what happened to it; `ago` in minutes. A wanted line is a part's code or free text, and a number."""

    who: str
    ago: int
    plate: str
    wanted: Mapping[str, int]
    steps: Sequence[Step] = ()
    comment: str = ""


def _taken(after: int, by: str = RINA) -> Step:
    return Step(Move.TAKE, after, by)


# Oldest first, so that the numbers rise with time.
STORIES = (
    Story(DIMA, 2 * 1440, "12-345-67", {"engine_oil": 5, "oil_filter": 1}, (
        _taken(6), Step(Move.READY, 25), Step(Move.ISSUE, 40))),
    Story(NOA, 1600, "123-45-678", {"wiper_blades_front": 2, "washer_additive": 1}, (
        _taken(3, AVI), Step(Move.READY, 12, AVI), Step(Move.ISSUE, 31, AVI))),
    Story(DIMA, 1500, "А123ВС77", {"alternator_belt": 1}, (
        _taken(10), Step(Move.CANCEL, 55, reason="הלקוח ויתר על התיקון"))),
    Story(NOA, 1210, "23-456-78", {"timing_belt": 1, "timing_belt_tensioner": 1, "water_pump": 1}, (
        _taken(8), Step(Move.WAIT, 20, reason="הספק מביא את משאבת המים", due_in=1))),
    Story(DIMA, 320, "301-22-703", {"battery": 1}, (
        _taken(4, AVI), Step(Move.READY, 15, AVI), Step(Move.ISSUE, 22, AVI),
        Step(Move.REOPEN, 95, AVI, reason="Не та полярность, меняем"))),
    Story(NOA, 260, "77-104-52", {"shock_absorber_front": 2, "stabilizer_link": 2}, (
        _taken(12), Step(Move.WAIT, 30, reason="חסר במדף, הוזמן"), Step(Move.RESUME, 190))),
    Story(DIMA, 175, "88-431-20", {"Прокладка клапанной крышки, мотор 1.6": 1}, (
        _taken(9, AVI), Step(Move.WAIT, 26, AVI, reason="Ищем по VIN, ответ поставщика сегодня", due_in=0)),
        comment="Мотор G4FC, не G4FA"),
    Story(NOA, 92, "456-70-189", {"brake_pads_front": 1, "brake_disc_front": 2}, (
        _taken(5), Step(Move.READY, 41))),
    Story(DIMA, 70, "64-909-11", {"air_filter": 1, "cabin_filter": 1, "spark_plug": 4}, (
        _taken(7, AVI), Step(Move.READY, 33, AVI))),
    Story(DIMA, 34, "215-63-402", {"control_arm_front": 2, "ball_joint": 2}, (_taken(11),),
        comment="Машина на подъёмнике"),
    Story(NOA, 9, "59-318-27", {"bulb_h7": 2}),
    Story(DIMA, 3, "А777МР177", {"brake_fluid": 2, "brake_cleaner": 3}, comment="Пост 3, срочно"),
)  # fmt: skip


def seed(database: Database, password: str) -> None:
    """Make the station, unless somebody is there already."""
    with database.write() as session:
        if session.scalar(select(Person.id).limit(1)) is not None:
            return
        catalogue.load(session)
        cast = _hire(session, password)
        parts = {part.code: part for part in session.scalars(select(Part))}
        for number, story in enumerate(STORIES, start=1):
            _tell(session, number, story, cast, parts)


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


def _tell(session: Session, number: int, story: Story, cast: Mapping[str, Person], parts: Mapping[str, Part]) -> None:
    placed = timedelta(minutes=-story.ago)
    with clock.travel(placed):
        order, _ = orders.place_order(
            session,
            key=f"demo-{number}",
            person=cast[story.who],
            lines=[_line(wanted, quantity, parts) for wanted, quantity in story.wanted.items()],
            actor=Actor.of(cast[story.who], Via.BOT),
            vehicle=vehicles.remember(session, vehicles.read_plate(story.plate)),
            comment=story.comment,
        )
        _arrived(session)
    for step in story.steps:
        with clock.travel(placed + timedelta(minutes=step.after)):
            _move(session, order.id, order.version, step, Actor.of(cast[step.by], Via.DESK))
            _arrived(session)


def _line(wanted: str, quantity: int, parts: Mapping[str, Part]) -> WantedLine:
    part = parts.get(wanted)
    if part is None:
        return WantedLine({"": wanted}, quantity)
    return WantedLine(dict(part.names), quantity, part.id)


def _move(session: Session, order_id: int, version: int, step: Step, actor: Actor) -> None:
    due = None if step.due_in is None else (clock.utcnow() + timedelta(days=step.due_in)).date()
    orders.move_order(
        session, order_id, step.move, actor, expected_version=version, reason=step.reason, expected_on=due
    )


def _arrived(session: Session) -> None:
    """What this told people has arrived long ago: the emulator was not there to take it."""
    session.execute(
        update(OutboxRow)
        .where(OutboxRow.state == OutboxState.PENDING)
        .values(state=OutboxState.SENT, sent_at=clock.utcnow() + TAKES, attempts=1)
        .execution_options(synchronize_session=False)
    )


def forget_chats(database: Database) -> None:
    """The emulator starts with empty chats: no card, screen or refusal of the last run is there any more."""
    with database.write() as session:
        session.execute(update(Card).values(message_id=None))
        for table in (Screen, Draft, Chat):
            session.execute(delete(table))


def open_invitation(database: Database, known: str) -> str:
    """The code of an invitation for a new mechanic: the known one while it is open, else a fresh one."""
    still_open = (Invitation.used_at.is_(None), Invitation.revoked_at.is_(None))
    with database.write() as session:
        invitation = session.scalar(select(Invitation).where(Invitation.digest == digest(known), *still_open))
        if invitation is not None and invitation.expires_at > clock.utcnow() + ENOUGH:
            return known
        return people.invite(session, HOST, name="Лев")[1]
