"""Serving an order at the desk: lines, substitutes, questions, requests, and who takes it."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import select

from common import clock
from common.counter import pickup
from common.database.engine import Database
from common.database.models import (
    ChangeRequest,
    LineState,
    Order,
    OrderLine,
    OrderState,
    Person,
    Question,
)
from common.orders.moves import Move
from common.talk import change_requests, questions
from common.talk.change_requests import Wish
from tests.support.cast import acts
from tests.webapp.desks import move, place, state
from tests.webapp.serving.orders_served import HOSTILE, TOMORROW, first_line, post
from tests.webapp.visitor import Visitor


def test_a_line_is_ordered_with_its_day_and_then_here(manager: Visitor, database: Database, order: Order) -> None:
    path = f"/orders/{order.id}/lines/{first_line(database, order)}"
    assert post(manager, path, state="ordered", expected_on=TOMORROW)[0] == 303
    text = manager.text(f"/orders/{order.id}")
    assert "Ordered · tomorrow" in " ".join(text.split())
    assert post(manager, path, 3, state="here")[0] == 303
    assert "<bdi>Avi</bdi> set <bdi>oil filter</bdi>: <bdi>Here</bdi>" in manager.text(f"/orders/{order.id}")
    assert state(database, order.id).state is OrderState.IN_WORK


def test_an_ordered_line_offers_that_the_order_waits_and_moves_nothing(
    manager: Visitor, database: Database, order: Order
) -> None:
    path = f"/orders/{order.id}/lines/{first_line(database, order)}"
    assert post(manager, path, state="ordered", expected_on=TOMORROW, supplier="Haifa & sons")[0] == 303
    text = manager.text(f"/orders/{order.id}")
    assert "from <bdi>Haifa &amp; sons</bdi>" in text
    offer = text[text.index('class="offer"') :][:1500]
    assert f'value="{TOMORROW}"' in offer
    assert state(database, order.id).state is OrderState.IN_WORK
    given = {"move": "wait", "offered": "reason.supplier", "expected_on": TOMORROW}
    assert post(manager, f"/orders/{order.id}/moves", 3, **given)[0] == 303
    assert 'class="offer"' not in manager.text(f"/orders/{order.id}")


def test_lines_that_are_here_are_counted_and_the_last_one_offers_ready(
    manager: Visitor, database: Database, order: Order
) -> None:
    with database.read() as session:
        ids = [line.id for line in session.get_one(Order, order.id).lines]
    post(manager, f"/orders/{order.id}/lines/{ids[0]}", 2, state="here")
    assert "1 of 2 here" in manager.text(f"/orders/{order.id}")
    post(manager, f"/orders/{order.id}/lines/{ids[1]}", 3, state="here")
    text = manager.text(f"/orders/{order.id}")
    assert "All parts are here: 2" in text
    assert state(database, order.id).state is OrderState.IN_WORK


def test_a_day_that_has_passed_is_marked_on_the_order_and_on_its_line(
    manager: Visitor, database: Database, order: Order
) -> None:
    with database.write() as session:
        line = session.get_one(Order, order.id).lines[0]
        line.state, line.expected_on = LineState.ORDERED, clock.utcnow().date() - timedelta(days=3)
    assert manager.text(f"/orders/{order.id}").count("</svg>overdue") == 2


def test_what_was_handed_out_comes_back_with_a_reason(
    manager: Visitor, database: Database, order: Order, avi: Person
) -> None:
    for what in (Move.READY, Move.ISSUE):
        move(database, order.id, what, avi)
    path = f"/orders/{order.id}/lines/{first_line(database, order)}"
    status, text = post(manager, path, 4, state="returned", reason=" ")
    assert (status, "Give the reason" in text) == (400, True)
    assert post(manager, path, 4, state="returned", reason="wrong side")[0] == 303
    text = manager.text(f"/orders/{order.id}")
    assert "returned: <bdi>wrong side</bdi>" in text


def test_a_stale_line_loses_no_word(manager: Visitor, database: Database, order: Order, rina: Person) -> None:
    move(database, order.id, Move.READY, rina)
    path = f"/orders/{order.id}/lines/{first_line(database, order)}"
    status, text = post(manager, path, state="ordered", expected_on=TOMORROW, supplier="Haifa")
    assert status == 409
    assert 'value="Haifa"' in text
    assert f'value="{TOMORROW}"' in text


def test_a_stale_line_changes_nothing_and_says_what_happened(
    manager: Visitor, database: Database, order: Order, rina: Person
) -> None:
    move(database, order.id, Move.READY, rina)
    status, text = post(manager, f"/orders/{order.id}/lines/{first_line(database, order)}", state="here")
    assert status == 409
    assert "<bdi>Rina</bdi> marked it ready" in text


@pytest.mark.parametrize(
    "fields",
    [{}, {"state": "exploded"}, {"state": "substitute_proposed"}, {"state": "ordered", "expected_on": "2020-01-01"}],
    ids=str,
)
def test_a_line_takes_no_nonsense(manager: Visitor, database: Database, order: Order, fields: dict[str, str]) -> None:
    assert post(manager, f"/orders/{order.id}/lines/{first_line(database, order)}", 2, **fields)[0] == 400
    assert state(database, order.id).version == 2


def test_a_line_of_another_order_is_not_found(manager: Visitor, database: Database, order: Order, dima: Person) -> None:
    other = place(database, dima)
    assert post(manager, f"/orders/{order.id}/lines/{first_line(database, other)}", state="here")[0] == 404
    assert post(manager, f"/orders/{order.id}/requests/99", decision="accept")[0] == 404
    assert post(manager, "/orders/999/questions", kind="side", question="?")[0] == 404


def test_a_substitute_is_proposed_and_its_answer_stands_on_the_page(
    manager: Visitor, database: Database, order: Order, dima: Person
) -> None:
    path = f"/orders/{order.id}/lines/{first_line(database, order)}/substitute"
    assert post(manager, path, substitute=" ")[0] == 400
    assert post(manager, path, substitute=HOSTILE)[0] == 303
    assert "proposed, no answer yet" in manager.text(f"/orders/{order.id}")
    with database.write() as session:
        questions.answer(session, acts(dima), session.scalars(select(Question.id)).one(), "accept")
    text = manager.text(f"/orders/{order.id}")
    assert "accepted instead" in text
    assert "<script>alert" not in text


@pytest.mark.parametrize("kind", ["side", "yes_no", "free"])
def test_a_question_goes_out_and_its_answer_comes_in(
    manager: Visitor, database: Database, order: Order, dima: Person, kind: str
) -> None:
    assert post(manager, f"/orders/{order.id}/questions", kind=kind, question="Which side?")[0] == 303
    assert "no answer yet" in manager.text(f"/orders/{order.id}")
    with database.write() as session:
        questions.answer(session, acts(dima), session.scalars(select(Question.id)).one(), HOSTILE)
    text = manager.text(f"/orders/{order.id}")
    assert "no answer yet" not in text
    assert "&lt;script&gt;" in text
    assert "<script>alert" not in text


def test_a_question_that_is_refused_loses_no_word(
    manager: Visitor, database: Database, order: Order, rina: Person
) -> None:
    assert "Write the question" in post(manager, f"/orders/{order.id}/questions", kind="side", question="")[1]
    assert post(manager, f"/orders/{order.id}/questions", kind="sideways", question="Which?")[0] == 400
    move(database, order.id, Move.READY, rina)
    status, text = post(manager, f"/orders/{order.id}/questions", kind="side", question="Which side, please?")
    assert status == 409
    assert "Which side, please?" in text


@pytest.mark.parametrize(("decision", "quantity"), [("accept", 4), ("refuse", 2)])
def test_a_wish_is_done_or_refused_and_only_once(
    manager: Visitor, database: Database, order: Order, dima: Person, decision: str, quantity: int
) -> None:
    with database.write() as session:
        facts = {"line": first_line(database, order), "quantity": 4}
        made = change_requests.ask(session, acts(dima), order.id, Wish.QUANTITY, facts)
        assert isinstance(made, ChangeRequest)
    assert "<bdi>oil filter</bdi>: make it <bdi>4 pcs</bdi>" in manager.text(f"/orders/{order.id}")
    path = f"/orders/{order.id}/requests/{made.id}"
    assert post(manager, path, decision="maybe")[0] == 400
    assert post(manager, path, decision=decision)[0] == 303
    assert post(manager, path, 3, decision=decision)[0] == 409
    with database.read() as session:
        assert session.get_one(Order, order.id).lines[0].quantity == quantity


def test_somebody_else_takes_it_with_the_code_that_the_page_never_shows(
    manager: Visitor, database: Database, order: Order, dima: Person, avi: Person
) -> None:
    move(database, order.id, Move.READY, avi)
    assert "asked for no code" in manager.text(f"/orders/{order.id}")
    with database.write() as session:
        code = pickup.make_code(session, acts(dima), order.id).pickup_code
    version = state(database, order.id).version
    text = manager.text(f"/orders/{order.id}")
    assert "Their three digits" in text
    assert f">{code}<" not in text
    assert f'value="{code}"' not in text
    wrong = f"{(int(code) + 1) % 1000:03}"
    path = f"/orders/{order.id}/moves"
    status, text = post(manager, path, version, move="issue", collector="Sasha", code=wrong)
    assert status == 400
    assert "That is not the code" in text
    assert "Sasha" in text, "the name need not be typed again"
    assert post(manager, path, version, move="issue", collector="Sasha", code=code)[0] == 303
    text = manager.text(f"/orders/{order.id}")
    assert "<bdi>Sasha</bdi>" in text
    assert "with the code" in text


def test_on_my_way_is_seen_at_the_desk(
    manager: Visitor, database: Database, order: Order, dima: Person, avi: Person
) -> None:
    move(database, order.id, Move.READY, avi)
    with database.write() as session:
        pickup.announce_pickup(session, acts(dima), order.id, pickup.PickupPlan.COMING)
    text = manager.text(f"/orders/{order.id}")
    assert "on the way since" in text
    assert "<bdi>Dima</bdi> is on the way" in text


def test_a_new_order_offers_no_line_states_and_a_closed_one_no_questions(
    manager: Visitor, database: Database, dima: Person, order: Order, avi: Person
) -> None:
    new = place(database, dima)
    assert "of-line-" not in manager.text(f"/orders/{new.id}")
    move(database, order.id, Move.CANCEL, avi, reason="x")
    text = manager.text(f"/orders/{order.id}")
    assert "ask-question" not in text
    assert "Write to" in text
    assert [line.state for line in state_lines(database, order)] == [LineState.REQUESTED] * 2


def state_lines(database: Database, order: Order) -> list[OrderLine]:
    with database.read() as session:
        return list(session.get_one(Order, order.id).lines)


def test_an_order_is_claimed_given_away_and_freed_on_its_page(
    manager: Visitor, database: Database, order: Order, rina: Person
) -> None:
    path = f"/orders/{order.id}/owner"
    assert post(manager, path, owner=str(rina.id))[0] == 303
    text = manager.text(f"/orders/{order.id}")
    assert "<bdi>Rina</bdi> is on this" in text
    assert "<bdi>Avi</bdi> gave it to <bdi>Rina</bdi>" in text
    assert post(manager, path, 2, owner="")[0] == 409
    assert post(manager, path, 3, owner="")[0] == 303
    assert "is on this</span>" not in manager.text(f"/orders/{order.id}")


def test_two_browsers_race_for_one_line_and_the_second_loses_no_word(
    manager: Visitor, storekeeper: Visitor, database: Database, order: Order
) -> None:
    path = f"/orders/{order.id}/lines/{first_line(database, order)}"
    assert post(manager, path, state="ordered", supplier="Haifa")[0] == 303
    status, text = post(storekeeper, f"{path}/substitute", substitute="Bosch 0986424")
    assert status == 409
    assert "<bdi>Avi</bdi>" in text[text.index('role="alert"') :][:900]
    assert 'value="Bosch 0986424"' in text
    assert state_lines(database, order)[0].state is LineState.ORDERED


@pytest.mark.parametrize(
    ("form", "typed"),
    [
        ("moves", {"move": "wait", "reason": "from <Haifa>", "day_unknown": "1"}),
        ("moves", {"move": "issue", "collector": "from <Haifa>"}),
        ("lines/1", {"state": "ordered", "supplier": "from <Haifa>"}),
        ("lines/1", {"state": "returned", "reason": "from <Haifa>"}),
        ("lines/1/substitute", {"substitute": "from <Haifa>"}),
        ("questions", {"kind": "free", "question": "from <Haifa>"}),
    ],
    ids=str,
)
def test_no_form_loses_a_word_even_if_the_order_has_that_form_no_more(
    manager: Visitor, database: Database, order: Order, rina: Person, form: str, typed: dict[str, str]
) -> None:
    move(database, order.id, Move.CANCEL, rina, reason="x")
    status, text = post(manager, f"/orders/{order.id}/{form}", 2, **typed)
    assert status == 409
    assert "<bdi>Rina</bdi> cancelled it" in text
    assert "from &lt;Haifa&gt;" in text
