"""Which message a row writes to: cards, screens and sent notices are edited, or sent anew."""

from __future__ import annotations

from sqlalchemy import select

from bot_daemon.bot_api.client import Ambiguous
from bot_daemon.bot_api.verdicts import MessageGone, Sent
from bot_daemon.chat import screens
from bot_daemon.chat.screens import ScreenView
from bot_daemon.outbound import stamping
from common.database.engine import Database
from common.database.models import Card, Order, OutboxRow, Person, Screen
from common.events import cards
from common.messaging.kinds import MessageKind
from common.orders import reading
from common.orders.moves import Move
from tests.bot_daemon import rows
from tests.bot_daemon.outbound.sends import S, move, on_its_way, only_pending, place, record
from tests.bot_daemon.rows import row

# Cards ----------------------------------------------------------------------------------------------------------------


def test_a_card_is_sent_once_and_edited_afterwards(any_database: Database) -> None:
    order = place(any_database, rows.mechanic(any_database))
    first = on_its_way(any_database, rows.CARD)
    record(any_database, first, Sent(50))
    move(any_database, order.id, Move.TAKE)
    second = on_its_way(any_database, rows.CARD)

    assert first.method == "sendMessage"
    assert (second.method, second.parameters["message_id"]) == ("editMessageText", 50)


def test_a_card_that_was_deleted_is_sent_anew(any_database: Database) -> None:
    order = place(any_database, rows.mechanic(any_database))
    record(any_database, on_its_way(any_database, rows.CARD), Sent(50))
    move(any_database, order.id, Move.TAKE)
    record(any_database, on_its_way(any_database, rows.CARD), MessageGone())
    anew = on_its_way(any_database, rows.CARD)
    record(any_database, anew, Sent(60))

    assert anew.method == "sendMessage"
    with any_database.read() as session:
        card = session.get(Card, (order.id, 1001))
        assert card is not None
        assert card.message_id == 60


def test_an_ambiguous_edit_of_a_card_is_no_duplicate(any_database: Database) -> None:
    order = place(any_database, rows.mechanic(any_database))
    record(any_database, on_its_way(any_database, rows.CARD), Sent(50))
    move(any_database, order.id, Move.TAKE)
    edit = on_its_way(any_database, rows.CARD)
    record(any_database, edit, Ambiguous("HTTP 504"))

    assert row(any_database, edit.row_id).state is S.PENDING
    assert row(any_database, edit.row_id).ambiguous == 0


def test_ten_changes_while_telegram_was_slow_are_one_edit_with_the_latest_state(any_database: Database) -> None:
    person = rows.mechanic(any_database)
    order = place(any_database, person)
    record(any_database, on_its_way(any_database, rows.CARD), Sent(50))
    for number in range(9):
        with any_database.write() as session:
            present = reading.get_order(session, order.id)
            cards.update_card(session, present, session.get_one(Person, person.id), cause=f"c{number}")
    move(any_database, order.id, Move.TAKE)
    edits = rows.stamp(any_database, rows.claim(any_database))

    assert len(edits) == 1
    assert "In work" in edits[0].parameters["text"]
    assert list(rows.states(any_database).values()).count("superseded") == 9


def test_what_was_ambiguous_of_a_superseded_row_stays_marked_on_its_heir(any_database: Database) -> None:
    order = place(any_database, rows.mechanic(any_database))
    record(any_database, on_its_way(any_database, rows.CARD), Ambiguous("HTTP 504"))
    move(any_database, order.id, Move.TAKE)
    heir = on_its_way(any_database, rows.CARD)
    record(any_database, heir, Sent(50))

    assert row(any_database, heir.row_id).ambiguous == 1


# Screens --------------------------------------------------------------------------------------------------------------


def told_ready(of: Database, message_id: int | None) -> Order:
    """An order that is ready, and its notice on the wire; with a number, it has arrived."""
    order = place(of, rows.mechanic(of))
    move(of, order.id, Move.TAKE)
    move(of, order.id, Move.READY)
    record(of, on_its_way(of, rows.CARD), Sent(50))
    outgoing = on_its_way(of, MessageKind.NOTICE_READY)
    if message_id is not None:
        record(of, outgoing, Sent(message_id))
    return order


def test_a_notice_whose_buttons_are_out_of_date_is_edited_and_makes_no_sound(any_database: Database) -> None:
    order = told_ready(any_database, 60)
    move(any_database, order.id, Move.ISSUE)
    record(any_database, on_its_way(any_database, rows.CARD), Sent(50))
    edit = on_its_way(any_database, MessageKind.NOTICE_AMENDED)

    assert (edit.method, edit.parameters["message_id"]) == ("editMessageText", 60)
    assert edit.parameters["reply_markup"] == {"inline_keyboard": []}
    record(any_database, edit, Sent(60))
    assert row(any_database, edit.row_id).state is S.SENT


def test_an_edit_of_a_notice_that_somebody_deleted_is_over(any_database: Database) -> None:
    order = told_ready(any_database, 60)
    move(any_database, order.id, Move.ISSUE)
    record(any_database, on_its_way(any_database, rows.CARD), Sent(50))
    edit = on_its_way(any_database, MessageKind.NOTICE_AMENDED)
    record(any_database, edit, MessageGone())

    assert row(any_database, edit.row_id).state is S.SUPERSEDED


def test_a_notice_on_the_wire_is_edited_after_it_arrived_and_one_that_did_not_is_left(any_database: Database) -> None:
    order = told_ready(any_database, None)
    move(any_database, order.id, Move.ISSUE)
    edit = only_pending(any_database, MessageKind.NOTICE_AMENDED)
    with any_database.write() as session:
        notice = session.scalars(select(OutboxRow).where(OutboxRow.kind == MessageKind.NOTICE_READY)).one()
        notice.state = S.HELD

    assert edit.stream == notice.stream
    with any_database.write() as session:
        session.get_one(OutboxRow, edit.id).state = S.LEASED
        session.get_one(OutboxRow, edit.id).lease_epoch = 1
        session.flush()
        assert stamping.stamp(session, [edit.id], 1, 20, "en") == []
    assert row(any_database, edit.id).state is S.SUPERSEDED


def show(of: Database, cause: str, *, fresh: bool = False) -> None:
    with of.write() as session:
        screens.show(session, 1001, ScreenView.HOME, cause=cause, fresh=fresh)


def screen(of: Database) -> Screen:
    with of.read() as session:
        return session.get_one(Screen, 1001)


def test_a_screen_is_edited_in_place_until_a_fresh_one_is_wanted(any_database: Database) -> None:
    rows.mechanic(any_database)
    methods = []
    for cause, fresh, message_id in (("u1", False, 10), ("u2", False, 10), ("u3", True, 11)):
        show(any_database, cause, fresh=fresh)
        outgoing = on_its_way(any_database, rows.SCREEN)
        methods.append(outgoing.method)
        record(any_database, outgoing, Sent(message_id))

    assert methods == ["sendMessage", "editMessageText", "sendMessage"]
    assert (screen(any_database).message_id, screen(any_database).fresh) == (11, False)


def test_a_replaced_screen_is_taken_away(any_database: Database) -> None:
    rows.mechanic(any_database)
    for cause, message_id in (("u1", 10), ("u2", 11)):
        show(any_database, cause, fresh=True)
        record(any_database, on_its_way(any_database, rows.SCREEN), Sent(message_id))
    tidy = on_its_way(any_database, rows.TIDY)

    assert (tidy.method, tidy.parameters) == ("deleteMessage", {"chat_id": 1001, "message_id": 10})


def test_a_fresh_screen_asked_for_while_one_is_on_its_way_still_comes_below(any_database: Database) -> None:
    rows.mechanic(any_database)
    show(any_database, "u1", fresh=True)
    first = on_its_way(any_database, rows.SCREEN)
    show(any_database, "u2", fresh=True)
    record(any_database, first, Sent(10))

    assert on_its_way(any_database, rows.SCREEN).method == "sendMessage"


def test_a_screen_that_was_deleted_is_sent_anew(any_database: Database) -> None:
    rows.mechanic(any_database)
    show(any_database, "u1")
    record(any_database, on_its_way(any_database, rows.SCREEN), Sent(10))
    show(any_database, "u2")
    record(any_database, on_its_way(any_database, rows.SCREEN), MessageGone())

    assert on_its_way(any_database, rows.SCREEN).method == "sendMessage"
