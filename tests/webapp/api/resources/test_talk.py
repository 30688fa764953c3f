"""What is said about an order, through the API: messages, substitutes, wishes, notes, quick replies."""

from __future__ import annotations

import time

from common.database.engine import Database
from common.database.models import ChangeRequest, OutboxRow, OutboxState, Person
from common.orders.moves import Move
from common.talk import change_requests
from common.talk.change_requests import Wish
from tests.support.cast import acts
from tests.webapp.api.client import Client, ids, problem
from tests.webapp.desks import line, move, place


def test_what_is_said_is_read_with_its_receipts(till: Client, database: Database, dima: Person) -> None:
    place(database, dima)
    till.post("/orders/1/moves", {"move": "take", "version": 1})
    written = till.post("/orders/1/messages", {"text": "It is here."}, 201)
    asked = till.post("/orders/1/questions", {"kind": "yes_no", "question": "Both?", "version": 2}, 201)
    talk = till.get("/orders/1/talk")
    assert (talk["messages"], talk["questions"]) == ([written], [asked])
    receipts = {item["id"]: item for item in till.get("/orders/1/receipts")["items"]}
    assert receipts[written["receipt_id"]]["receipt"] == "queued"


def test_a_message_that_did_not_arrive_is_sent_again(till: Client, database: Database, dima: Person) -> None:
    place(database, dima)
    row = till.post("/orders/1/messages", {"text": "It is here."}, 201)["receipt_id"]
    assert till.post(f"/receipts/{row}/resend", status=409)["type"] == problem("not-now")
    with database.write() as session:
        session.get_one(OutboxRow, row).state = OutboxState.HELD
    assert till.post(f"/receipts/{row}/resend")["receipt"] == "queued"
    with database.write() as session:
        session.get_one(OutboxRow, row).state = OutboxState.HELD
    assert till.post(f"/receipts/{row}/arrived")["receipt"] == "sent"
    till.post("/receipts/999/arrived", status=404)


def test_a_substitute_is_proposed(till: Client, database: Database, dima: Person) -> None:
    place(database, dima)
    till.post("/orders/1/moves", {"move": "take", "version": 1})
    order = till.post("/orders/1/lines/1/substitute", {"substitute": "Bosch", "version": 2})
    assert (order["lines"][0]["state"], order["lines"][0]["substitute"]) == ("substitute_proposed", "Bosch")


def test_what_the_mechanic_wants_changed_is_decided(
    till: Client, database: Database, dima: Person, rina: Person
) -> None:
    place(database, dima)
    move(database, 1, Move.TAKE, rina)
    with database.write() as session:
        wish = change_requests.ask(session, acts(dima), 1, Wish.QUANTITY, {"line": 1, "quantity": 5})
        assert isinstance(wish, ChangeRequest)
    (open_,) = till.get("/orders/1")["requests"]
    assert (open_["kind"], open_["quantity"], open_["line_id"]) == ("quantity", 5, 1)
    body = {"decision": "accept", "version": 2}
    till.post(f"/orders/2/requests/{open_['id']}/decision", body, 404)
    order = till.post(f"/orders/1/requests/{open_['id']}/decision", body)
    assert (order["lines"][0]["quantity"], order["requests"]) == (5, [])


def test_notes_stay_with_the_desk_and_only_their_writer_strikes_them(
    till: Client, office: Client, database: Database, dima: Person
) -> None:
    place(database, dima)
    note = till.post("/orders/1/notes", {"text": "cash"}, 201)
    refused = office.post(f"/orders/1/notes/{note['id']}/strike", status=409)
    assert (refused["type"], refused["detail"]) == (problem("not-now"), "Only its writer strikes a note out.")
    assert till.post(f"/orders/1/notes/{note['id']}/strike")["struck_at"]
    assert [item["text"] for item in till.get("/orders/1/notes")["items"]] == ["cash"]


def test_a_quick_reply_is_written_filled_changed_and_put_away(
    till: Client, office: Client, database: Database, dima: Person
) -> None:
    place(database, dima, line("oil filter"))
    reply = office.post("/replies", {"shortcut": "/eta", "texts": {"ru": "{part}: {date}"}}, 201)
    assert reply["shortcut"] == "eta"
    filled = till.get(f"/orders/1/replies/{reply['id']}")
    assert filled == {"text": "oil filter: {date}", "language": "ru", "missing": ["date"]}
    assert till.post("/orders/1/messages", {"text": filled["text"]}, 422)["code"] == "unfilled"
    change = {"shortcut": "eta", "texts": {"ru": "{part}"}, "version": 1}
    office.patch(f"/replies/{reply['id']}", change)
    assert office.patch(f"/replies/{reply['id']}", change, 409)["version"] == 2
    office.post(f"/replies/{reply['id']}/archive")
    assert till.get("/replies")["items"] == []
    office.post(f"/replies/{reply['id']}/restore")
    assert ids(till.get("/replies")) == [reply["id"]]


def test_a_message_full_of_spaces_behind_a_brace_is_answered_at_once(
    till: Client, database: Database, dima: Person
) -> None:
    place(database, dima)
    began = time.monotonic()
    till.post("/orders/1/messages", {"text": "{" + " " * 3490 + "x"}, 201)
    assert time.monotonic() - began < 2.5
