"""An order, its lines, questions and requests against whatever may happen in whatever order: nothing gets stuck."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from itertools import count
from typing import Any

from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import select
from sqlalchemy.orm import Session

from bot_daemon.chat import rendering
from bot_daemon.chat.content import NothingToSay
from common.counter import pickup
from common.counter.pickup import PickupPlan
from common.database.engine import Database
from common.database.models import (
    ChangeRequest,
    Event,
    LineState,
    Order,
    OrderState,
    OutboxRow,
    Person,
    Question,
    RequestState,
)
from common.errors import Forbidden, InvalidInput, NotFound, StaleVersion, WrongState
from common.messaging.kinds import MessageKind
from common.orders import lines, moves, placing, reading
from common.orders.moves import Collector, Move
from common.orders.placing import WantedLine
from common.talk import change_requests, chat, questions
from common.talk.change_requests import Wish
from tests.bot_daemon.chat.limits import check
from tests.support.cast import DIMA, RINA, acts, hire
from tests.support.examples import example

EXPECTED = (Forbidden, InvalidInput, NotFound, StaleVersion, WrongState)
NUMBER = st.integers(0, 3)
_key = count(1)


class Counter:
    """One order on a real database, and two people who do things to it."""

    def __init__(self, database: Database) -> None:
        self.database = database
        with database.read() as session:
            known = {person.name: person for person in session.scalars(select(Person))}
        self.dima = known.get("Dima") or hire(database, DIMA)
        self.rina = known.get("Rina") or hire(database, RINA)
        with database.write() as session:
            order, _ = placing.place_order(
                session,
                key=f"any-{next(_key)}",
                person=session.get_one(Person, self.dima.id),
                lines=[WantedLine({"": words}) for words in ("болт", "<b>гайка", "x" * 200)],
                actor=acts(self.dima),
            )
        self.order_id, self.messages = order.id, 0
        self.answers: dict[int, str] = {}

    def does(self, change: Callable[[Session, Order], object]) -> None:
        """One transaction; whatever is refused in words has changed nothing."""
        try:
            with self.database.write() as session:
                change(session, reading.get_order(session, self.order_id))
        except EXPECTED:
            pass
        self.holds()

    # What may happen ----------------------------------------------------------------------------------------------

    def move(self, which: Move, stale: bool) -> None:
        self.does(
            lambda s, o: moves.move_order(
                s,
                acts(self.rina),
                o.id,
                which,
                expected_version=o.version - stale,
                reason="why",
                day_unknown=True,
                collector=Collector("Саша", o.pickup_code) if which is Move.ISSUE and o.pickup_code else None,
            )
        )

    def line(self, number: int, state: LineState) -> None:
        self.does(
            lambda s, o: lines.change_line(
                s,
                acts(self.rina),
                o.id,
                o.lines[number % len(o.lines)].id,
                state,
                expected_version=o.version,
                expected_on=date(2026, 12, 1),
                reason="why",
            )
        )

    def ask(self, kind: str, number: int) -> None:
        self.does(
            lambda s, o: (
                questions.propose_substitute(
                    s, acts(self.rina), o.id, o.lines[number % len(o.lines)].id, "Bosch", expected_version=o.version
                )
                if kind == "substitute"
                else questions.ask(s, acts(self.rina), o.id, kind, "Что?", expected_version=o.version)
            )
        )

    def answer(self, number: int, given: str) -> None:
        def change(session: Session, order: Order) -> None:
            asked = session.scalars(select(Question).where(Question.order_id == order.id).order_by(Question.id)).all()
            if asked:
                questions.answer(session, acts(self.dima), asked[number % len(asked)].id, given)

        self.does(change)

    def wish(self, what: Wish, number: int, quantity: int) -> None:
        def change(session: Session, order: Order) -> None:
            line_id = order.lines[number % len(order.lines)].id
            facts = {"line": line_id, "quantity": quantity, "words": {"": "шайба"}}
            change_requests.ask(session, acts(self.dima), order.id, what, facts)

        self.does(change)

    def decide(self, number: int, yes: bool) -> None:
        def change(session: Session, order: Order) -> None:
            made = session.scalars(
                select(ChangeRequest).where(ChangeRequest.order_id == order.id).order_by(ChangeRequest.id)
            ).all()
            how = change_requests.accept if yes else change_requests.refuse
            if made:
                how(session, acts(self.rina), made[number % len(made)].id, expected_version=order.version)

        self.does(change)

    def collect(self, what: str) -> None:
        self.does(
            lambda s, o: (
                pickup.make_code(s, acts(self.dima), o.id)
                if what == "code"
                else pickup.announce_pickup(s, acts(self.dima), o.id, PickupPlan(what))
            )
        )

    def say(self, mine: bool) -> None:
        self.messages += 1
        number = self.order_id * 1000 + self.messages
        self.does(
            lambda s, o: (
                chat.receive(s, o.person, "<i>слово", chat_id=1001, message_id=number, order_id=o.id)
                if mine
                else chat.write(s, acts(self.rina), o.id, "<i>слово", key=str(number))
            )
        )

    # What always holds --------------------------------------------------------------------------------------------

    def holds(self) -> None:
        with self.database.read() as session:
            order = reading.get_order(session, self.order_id)
            self._story(session, order)
            self._lines(order)
            self._answers(session, order)
            self._rendered(session, order)

    def _story(self, session: Session, order: Order) -> None:
        story = list(session.scalars(select(Event).where(Event.order_id == order.id).order_by(Event.id)))
        versions = [event.version for event in story]
        assert versions == sorted(versions)
        assert versions[-1] == order.version, "whatever raised the version is on the timeline"

    def _lines(self, order: Order) -> None:
        assert 1 <= len(order.lines) <= placing.MAX_LINES
        for line in order.lines:
            assert line.state is LineState.ORDERED or line.expected_on is None
            assert line.state is not LineState.SUBSTITUTE_PROPOSED or line.substitute
        if order.state is OrderState.NEW:
            assert {line.state for line in order.lines} == {LineState.REQUESTED}, "nobody works on what nobody took"

    def _answers(self, session: Session, order: Order) -> None:
        """The first answer stands; "call me" is followed by another, or by the desk's own way."""
        for question in session.scalars(select(Question).where(Question.order_id == order.id)):
            before = self.answers.get(question.id, "")
            assert before in ("", "call") or question.answer == before
            self.answers[question.id] = question.answer
        asked = session.scalars(select(ChangeRequest).where(ChangeRequest.order_id == order.id))
        assert all((r.decided_at is None) == (r.state is RequestState.ASKED) for r in asked)

    def _rendered(self, session: Session, order: Order) -> None:
        for kind in (MessageKind.CARD, MessageKind.NOTICE_READY):
            facts = example(kind).stored()
            row = OutboxRow(kind=kind, chat_id=1001, person_id=self.dima.id, order_id=order.id, arguments=facts)
            try:
                check(rendering.render(session, row))
            except NothingToSay:
                assert kind is not MessageKind.CARD


STEPS = st.one_of(
    st.tuples(st.just("move"), st.sampled_from(Move), st.booleans()),
    st.tuples(st.just("line"), NUMBER, st.sampled_from(LineState)),
    st.tuples(st.just("ask"), st.sampled_from(list(questions.ANSWERS)), NUMBER),
    st.tuples(st.just("answer"), NUMBER, st.sampled_from(["left", "accept", "refuse", "call", "да", "no"])),
    st.tuples(st.just("wish"), st.sampled_from(Wish), NUMBER, st.integers(0, 1000)),
    st.tuples(st.just("decide"), NUMBER, st.booleans()),
    st.tuples(st.just("collect"), st.sampled_from(["coming", "later", "code"])),
    st.tuples(st.just("say"), st.booleans()),
)


@given(steps=st.lists(STEPS, max_size=25))
def test_no_sequence_gets_stuck_or_loses_a_word(database: Database, steps: list[tuple[Any, ...]]) -> None:
    counter = Counter(database)
    for name, *arguments in [("move", Move.TAKE, False), *steps]:
        getattr(counter, name)(*arguments)


@given(steps=st.lists(STEPS, max_size=8))
def test_whatever_is_done_twice_is_done_once(database: Database, steps: list[tuple[Any, ...]]) -> None:
    counter = Counter(database)
    for name, *arguments in [("move", Move.TAKE, False), *steps]:
        getattr(counter, name)(*arguments)
        if name in ("answer", "collect"):
            with database.read() as session:
                before = session.scalars(select(Event.id).where(Event.order_id == counter.order_id)).all()
            getattr(counter, name)(*arguments)
            with database.read() as session:
                assert session.scalars(select(Event.id).where(Event.order_id == counter.order_id)).all() == before
