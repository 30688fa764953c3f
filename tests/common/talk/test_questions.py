"""Questions: one answer counts, whatever is pressed how often; a substitute's answer changes its line."""

from __future__ import annotations

from datetime import date

import pytest

from common.database.engine import Database
from common.database.models import LineState, OutboxRow, OutboxState, Question
from common.errors import InvalidInput, NotFound, StaleVersion, WrongState
from common.events.kinds import EventKind
from common.messaging.kinds import MessageKind
from common.orders import lines
from common.orders.moves import Move
from common.permissions import Actor
from common.talk import questions
from tests.support.cast import DIMA, NOA, RINA, acts, hire
from tests.support.counter import Station

L = LineState


@pytest.fixture
def station(any_database: Database) -> Station:
    return Station(any_database, hire(any_database, DIMA), hire(any_database, RINA))


def ask(station: Station, order_id: int, kind: str = "side", text: str = "Which side?") -> int:
    with station.database.write() as session:
        version = station.version(order_id)
        return questions.ask(session, station.desk, order_id, kind, text, expected_version=version).id


def propose(station: Station, order_id: int, words: str = "Bosch 0986", line: int = 0) -> int:
    line_id, version = station.lines(order_id)[line].id, station.version(order_id)
    with station.database.write() as session:
        return questions.propose_substitute(
            session, station.desk, order_id, line_id, words, expected_version=version
        ).id


def answer(station: Station, question_id: int, given: str, by: Actor | None = None) -> bool:
    with station.database.write() as session:
        return questions.answer(session, by or station.mechanic, question_id, given)[1]


def change(station: Station, order_id: int, state: LineState, day: date | None = None) -> None:
    line_id, version = station.lines(order_id)[0].id, station.version(order_id)
    with station.database.write() as session:
        lines.change_line(session, station.desk, order_id, line_id, state, expected_version=version, expected_on=day)


def read(station: Station, question_id: int) -> Question:
    with station.database.read() as session:
        question = session.get_one(Question, question_id)
        _ = question.order, question.line
        return question


def test_a_question_sounds_once_and_its_answer_is_on_the_timeline_with_who_and_when(station: Station) -> None:
    order_id = station.place()
    question_id = ask(station, order_id)
    assert [row.arguments["question"] for row in station.queued(MessageKind.NOTICE_QUESTION)] == [question_id]
    assert answer(station, question_id, "left")
    question, event = read(station, question_id), station.events(order_id)[-1]
    assert (question.answer, question.answered_by) == ("left", station.dima.id)
    assert question.answered_at is not None
    assert (event.kind, event.actor_id, event.arguments["answer"]) == (
        EventKind.QUESTION_ANSWERED,
        station.dima.id,
        "left",
    )


def test_the_same_answer_twice_is_one_and_another_later_one_does_not_count(station: Station) -> None:
    order_id = station.place()
    question_id = ask(station, order_id)
    assert answer(station, question_id, "left")
    events = len(station.events(order_id))
    assert answer(station, question_id, "left")
    assert not answer(station, question_id, "right")
    assert read(station, question_id).answer == "left"
    assert len(station.events(order_id)) == events


def test_an_answer_leaves_the_version_so_that_nobody_at_the_desk_is_refused(station: Station) -> None:
    order_id = station.place()
    question_id, version = ask(station, order_id), station.version(order_id)
    answer(station, question_id, "left")
    assert station.version(order_id) == version
    station.move(order_id, Move.READY)


def test_words_of_ones_own_answer_what_is_no_substitute(station: Station) -> None:
    order_id = station.place()
    assert answer(station, ask(station, order_id), "та, что у двери")
    assert answer(station, ask(station, order_id, "free"), "x" * 5000)
    with pytest.raises(InvalidInput, match="answer"):
        answer(station, propose(station, order_id), "может быть")


def test_an_accepted_substitute_stands_beside_the_lines_own_words(station: Station) -> None:
    order_id = station.place("колодки")
    change(station, order_id, L.ORDERED, date(2026, 12, 1))
    version = station.version(order_id) + 1
    question_id = propose(station, order_id)
    assert station.lines(order_id)[0].state is L.SUBSTITUTE_PROPOSED
    assert answer(station, question_id, "accept")
    (line,) = station.lines(order_id)
    assert (line.state, line.substitute, line.words[""], line.expected_on) == (
        L.REQUESTED,
        "Bosch 0986",
        "колодки",
        None,
    )
    assert station.version(order_id) == version + 1, "the line changed: whoever saw it before is told"
    assert station.events(order_id)[-1].kind == EventKind.SUBSTITUTE_ACCEPTED
    assert answer(station, question_id, "accept"), "a second press of the same is harmless"
    assert not answer(station, question_id, "refuse")


@pytest.mark.parametrize("before", [L.REQUESTED, L.ORDERED, L.UNAVAILABLE])
def test_a_refused_substitute_leaves_the_line_as_it_was(station: Station, before: LineState) -> None:
    order_id = station.place()
    day = date(2026, 12, 1) if before is L.ORDERED else None
    if before is not L.REQUESTED:
        change(station, order_id, before, day)
    assert answer(station, propose(station, order_id), "refuse")
    line = station.lines(order_id)[0]
    assert (line.state, line.substitute, line.expected_on) == (before, "", day)


def test_call_me_leaves_the_question_open_for_the_answer_that_follows(station: Station) -> None:
    order_id = station.place()
    question_id = propose(station, order_id)
    assert answer(station, question_id, "call")
    assert station.lines(order_id)[0].state is L.SUBSTITUTE_PROPOSED
    assert questions.is_open(read(station, question_id))
    assert answer(station, question_id, "refuse")
    assert read(station, question_id).answer == "refuse"
    assert not questions.is_open(read(station, question_id))


def test_a_desk_that_goes_on_without_an_answer_takes_the_question_back(station: Station) -> None:
    order_id = station.place()
    question_id = propose(station, order_id)
    change(station, order_id, L.ORDERED)
    assert read(station, question_id).answer == lines.ANSWER_WITHDRAWN
    assert station.lines(order_id)[0].substitute == ""
    assert not answer(station, question_id, "accept")
    assert station.lines(order_id)[0].state is L.ORDERED


def test_a_closed_order_has_no_open_question_and_takes_none(station: Station) -> None:
    order_id = station.place()
    question_id = ask(station, order_id)
    station.move(order_id, Move.CANCEL)
    assert not questions.is_open(read(station, question_id))
    assert not answer(station, question_id, "left")
    with pytest.raises(WrongState):
        ask(station, order_id)


def test_a_stale_desk_asks_nothing(station: Station) -> None:
    order_id = station.place()
    with pytest.raises(StaleVersion), station.database.write() as session:
        questions.ask(session, station.desk, order_id, "side", "?", expected_version=1)


@pytest.mark.parametrize(
    ("kind", "text", "code"),
    [
        ("side", " \n", "question_needed"),
        ("side", "x" * 1001, "question_long"),
        ("sides", "x", "question_kind"),
        ("substitute", "x", "question_kind"),
    ],
)
def test_what_is_no_question_is_refused_by_name(station: Station, kind: str, text: str, code: str) -> None:
    with pytest.raises(InvalidInput, match=code):
        ask(station, station.place(), kind, text)


@pytest.mark.parametrize(("words", "code"), [("", "substitute_needed"), ("x" * 201, "substitute_long")])
def test_what_is_no_substitute_is_refused_by_name(station: Station, words: str, code: str) -> None:
    with pytest.raises(InvalidInput, match=code):
        propose(station, station.place(), words)


def test_nobody_answers_for_somebody_else(station: Station) -> None:
    question_id = ask(station, station.place())
    noa = hire(station.database, NOA)
    for stranger in (acts(noa), station.desk):
        with pytest.raises(NotFound):
            answer(station, question_id, "left", stranger)
    assert read(station, question_id).answer == ""


def test_the_buttons_of_a_sent_question_go_and_one_that_was_not_sent_needs_no_edit(station: Station) -> None:
    order_id = station.place()
    sent, waits = ask(station, order_id), ask(station, order_id)
    with station.database.write() as session:
        row = session.get_one(OutboxRow, station.queued(MessageKind.NOTICE_QUESTION)[0].id)
        row.state, row.message_id = OutboxState.SENT, 77
    answer(station, sent, "left")
    answer(station, waits, "right")
    edits = station.queued(MessageKind.NOTICE_AMENDED)
    assert {edit.arguments["row"] for edit in edits} == {row.id}
    assert {edit.stream for edit in edits} == {row.stream}, "it leaves after what it edits"
