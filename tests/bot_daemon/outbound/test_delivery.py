"""What each verdict leaves behind: on the row, on the chat, on the card or screen, on the receipt."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import select, text
from sqlalchemy.exc import OperationalError

from bot_daemon.bot_api.client import Ambiguous, NotSent
from bot_daemon.bot_api.verdicts import (
    ChatMoved,
    GiveUp,
    MessageGone,
    SendVerdict,
    Sent,
    Snooze,
    TokenRefused,
    Unreachable,
    Unsent,
)
from bot_daemon.chat import screens
from bot_daemon.chat.screens import ScreenView
from bot_daemon.outbound import results, stamping
from bot_daemon.outbound.results import SendResult
from bot_daemon.outbound.stamping import Outgoing
from common import clock
from common.database import engine
from common.database.engine import Database
from common.database.models import Card, Order, OutboxRow, OutboxState, Person, ReasonCode, Role, Screen, Via
from common.events import cards
from common.facts.messages import ChatWritten
from common.messaging import outbox
from common.messaging.kinds import MessageKind
from common.orders import locking, moves, placing
from common.orders.moves import Move
from common.orders.placing import WantedLine
from common.permissions import Actor
from tests.bot_daemon import rows
from tests.bot_daemon.rows import queued, row, sending

S = OutboxState


def record(of: Database, outgoing: Outgoing, verdict: SendVerdict, epoch: int = 1) -> bool:
    with of.write() as session:
        return results.record(session, [SendResult(outgoing, verdict, 12)], epoch)[0]


def came_to(of: Database, verdict: SendVerdict, kind: str = rows.HELP) -> OutboxRow:
    """A row on the wire and its one verdict."""
    (row_id,) = queued(of, "a", kind=kind)
    assert record(of, sending(of, row_id), verdict)
    return row(of, row_id)


def place(of: Database, person: Person) -> Order:
    with of.write() as session:
        actor = Actor.of(person, Via.BOT)
        return placing.place_order(
            session, key="k", person=person, lines=[WantedLine({"": "Brake pads"})], actor=actor
        )[0]


def move(of: Database, order_id: int, to: Move, reason: str = "") -> None:
    with of.write() as session:
        storekeeper = Actor(person_id=None, role=Role.STOREKEEPER, via=Via.DESK)
        version = locking.get_order(session, order_id).version
        moves.move_order(session, storekeeper, order_id, to, expected_version=version, reason=reason, day_unknown=True)


def only_pending(of: Database, kind: str) -> OutboxRow:
    with of.read() as session:
        return session.scalars(select(OutboxRow).where(OutboxRow.kind == kind, OutboxRow.state == S.PENDING)).one()


def on_its_way(of: Database, kind: str) -> Outgoing:
    return sending(of, only_pending(of, kind).id)


# The table ------------------------------------------------------------------------------------------------------------


def test_sent_is_final_and_knows_its_message(any_database: Database) -> None:
    sent = came_to(any_database, Sent(55))

    assert (sent.state, sent.message_id, sent.attempts, sent.reason_code) == (S.SENT, 55, 1, None)
    assert sent.sent_at is not None
    (attempt,) = rows.deliveries(any_database, sent.id)
    assert (attempt.outcome, attempt.milliseconds, attempt.method) == ("sent", 12, "sendMessage")


@pytest.mark.parametrize("verdict", [Unsent(), TokenRefused(), Snooze(7)])
def test_what_is_not_the_messages_fault_costs_no_attempt(any_database: Database, verdict: SendVerdict) -> None:
    back = came_to(any_database, verdict)

    assert (back.state, back.attempts, back.ambiguous) == (S.PENDING, 0, 0)
    assert (back.lease_epoch, back.lease_until) == (None, None)


def test_a_flood_pauses_the_chat_for_as_long_as_telegram_asked(any_database: Database) -> None:
    came_to(any_database, Snooze(7))
    paused = rows.chat(any_database, 1001)

    assert paused is not None
    assert paused.ready_at is not None
    assert (paused.ready_at - clock.utcnow()).total_seconds() == pytest.approx(7, abs=2)
    assert rows.claim(any_database) == []
    with clock.travel(timedelta(seconds=8)):
        assert len(rows.claim(any_database)) == 1


def test_what_was_surely_not_sent_is_tried_again_without_a_mark(any_database: Database) -> None:
    back = came_to(any_database, NotSent("ClientConnectorError"))

    assert (back.state, back.attempts, back.ambiguous) == (S.PENDING, 1, 0)
    assert (back.reason_code, back.reason_detail) == (ReasonCode.NETWORK, "ClientConnectorError")
    assert rows.claim(any_database) == [back.id], "the first repeat comes at once"


def test_the_pauses_between_failures_climb(any_database: Database) -> None:
    (row_id,) = queued(any_database, "a")
    waits = []
    for _ in range(4):
        later = max(row(any_database, row_id).due_at - clock.utcnow(), timedelta(0)) + timedelta(seconds=0.01)
        with clock.travel(later):
            record(any_database, sending(any_database, row_id), NotSent("refused"))
            waits.append((row(any_database, row_id).due_at - clock.utcnow()).total_seconds())

    assert waits[0] <= 0
    assert 3.5 < waits[1] < 6.1
    assert 11.5 < waits[2] < 18.1
    assert 47 < waits[3] < 72.1


def test_an_ambiguous_attempt_is_marked_and_repeated(any_database: Database) -> None:
    back = came_to(any_database, Ambiguous("HTTP 502"))

    assert (back.state, back.attempts, back.ambiguous) == (S.PENDING, 1, 1)


def test_an_ambiguous_message_of_staff_is_held_for_a_person(any_database: Database) -> None:
    rows.mechanic(any_database)
    held = came_to(any_database, Ambiguous("HTTP 502"), kind=rows.CHAT)

    assert (held.state, held.ambiguous, held.reason_code, held.reason_detail) == (
        S.HELD,
        1,
        ReasonCode.NETWORK,
        "HTTP 502",
    )
    assert outbox.RECEIPTS[held.state] == "unknown"


def test_a_duplicate_that_may_be_stays_marked_when_the_repetition_is_sent(any_database: Database) -> None:
    back = came_to(any_database, Ambiguous("HTTP 502"))
    record(any_database, sending(any_database, back.id), Sent(9))

    assert row(any_database, back.id).state is S.SENT
    assert row(any_database, back.id).ambiguous == 1


def test_a_chat_that_moved_is_followed(any_database: Database) -> None:
    moved = came_to(any_database, ChatMoved(-100777))

    assert moved.state is S.PENDING
    again = sending(any_database, moved.id)
    assert again.chat_id == -100777
    assert again.parameters["chat_id"] == -100777


def test_a_chat_that_cannot_be_reached_is_remembered(any_database: Database) -> None:
    ended = came_to(any_database, Unreachable(ReasonCode.BLOCKED))
    (next_one,) = queued(any_database, "b")

    assert (ended.state, ended.reason_code) == (S.UNREACHABLE, ReasonCode.BLOCKED)
    assert rows.claim(any_database) == []
    assert row(any_database, next_one).state is S.UNREACHABLE


def test_a_refusal_for_good_is_shown_in_telegrams_words(any_database: Database) -> None:
    failed = came_to(any_database, GiveUp("Bad Request: message is too long"))

    assert (failed.state, failed.reason_code) == (S.FAILED, ReasonCode.REFUSED)
    assert failed.reason_detail == "Bad Request: message is too long"


EVERY: list[SendVerdict] = [
    Sent(1), Unsent(), Snooze(1), NotSent("x"), Ambiguous("x"), ChatMoved(-1), MessageGone(),
    Unreachable(ReasonCode.BLOCKED), TokenRefused(), GiveUp("x"),
]  # fmt: skip


def test_no_verdict_of_an_old_epoch_changes_anything(any_database: Database) -> None:
    (row_id,) = queued(any_database, "a")
    outgoing = sending(any_database, row_id, epoch=5)

    assert not any(record(any_database, outgoing, verdict, epoch=4) for verdict in EVERY)
    same = row(any_database, row_id)
    assert (same.state, same.lease_epoch, same.attempts) == (S.SENDING, 5, 1)
    assert rows.deliveries(any_database, row_id)[0].outcome is None
    assert rows.chat(any_database, 1001) is None


def test_a_result_that_comes_twice_counts_once(any_database: Database) -> None:
    for chat_id, verdict in enumerate(EVERY, start=1001):
        (row_id,) = queued(any_database, f"{chat_id}", chat_id=chat_id)
        outgoing = sending(any_database, row_id)
        assert record(any_database, outgoing, verdict)
        once = row(any_database, row_id)
        assert record(any_database, outgoing, Sent(99)) is False
        twice = row(any_database, row_id)
        assert (twice.state, twice.message_id, twice.attempts) == (once.state, once.message_id, once.attempts)


def test_the_desk_hears_of_results_that_concern_an_order(any_database: Database) -> None:
    order = place(any_database, rows.mechanic(any_database))
    outgoing = on_its_way(any_database, rows.CARD)
    with any_database.read() as session:
        before = engine.revision(session)
    record(any_database, outgoing, Sent(5))

    with any_database.read() as session:
        assert engine.revision(session) > before
    assert row(any_database, outgoing.row_id).order_id == order.id


# Stamping -------------------------------------------------------------------------------------------------------------


def test_the_attempt_is_written_down_before_the_call(any_database: Database) -> None:
    (row_id,) = queued(any_database, "a")
    sending(any_database, row_id)
    stamped = row(any_database, row_id)
    (attempt,) = rows.deliveries(any_database, row_id)

    assert (stamped.state, stamped.attempts) == (S.SENDING, 1)
    assert (attempt.outcome, attempt.epoch) == (None, 1)


def test_the_text_is_made_at_delivery_in_the_readers_language(any_database: Database) -> None:
    rows.mechanic(any_database, language="he")
    (row_id,) = queued(any_database, "a", kind=rows.HELP)

    assert any("֐" <= letter <= "ת" for letter in sending(any_database, row_id).parameters["text"])


def test_the_text_that_left_is_kept_for_cards_notices_and_chat_messages_only(any_database: Database) -> None:
    rows.mechanic(any_database)
    (said,) = queued(
        any_database, "a", kind=rows.CHAT, arguments=ChatWritten(text="Come by", author="Rina"), stream="a"
    )
    (answered,) = queued(any_database, "b", kind=rows.HELP, stream="b")
    texts = {o.row_id: o.parameters["text"] for o in rows.stamp(any_database, rows.claim(any_database))}

    assert rows.deliveries(any_database, said)[0].text == texts[said]
    assert rows.deliveries(any_database, answered)[0].text is None


def test_a_row_that_cannot_be_rendered_is_dead_and_the_others_go(
    any_database: Database, caplog: pytest.LogCaptureFixture
) -> None:
    order = place(any_database, rows.mechanic(any_database))
    move(any_database, order.id, Move.TAKE)
    move(any_database, order.id, Move.WAIT, "supplier")
    with any_database.write() as session:
        bad = session.scalars(select(OutboxRow).where(OutboxRow.kind == MessageKind.NOTICE_WAITING)).one()
        bad.arguments, bad.stream = {**bad.arguments, "expected_on": "some day"}, "of its own"
    outgoing = rows.stamp(any_database, rows.claim(any_database))

    assert [o.kind for o in outgoing] == [rows.CARD]
    assert row(any_database, bad.id).state is S.DEAD
    dead = row(any_database, bad.id)
    assert (dead.reason_code, dead.reason_detail) == (ReasonCode.NOT_RENDERED, "ValidationError")
    assert "cannot be rendered" in caplog.text


def test_a_notice_that_time_has_overtaken_is_not_sent(any_database: Database) -> None:
    order = place(any_database, rows.mechanic(any_database))
    move(any_database, order.id, Move.TAKE)
    move(any_database, order.id, Move.READY)
    ready = only_pending(any_database, rows.READY)
    move(any_database, order.id, Move.CANCEL, "a mistake")
    with any_database.write() as session:
        session.get_one(OutboxRow, ready.id).stream = "of its own"
    outgoing = rows.stamp(any_database, rows.claim(any_database))

    assert ready.id not in [o.row_id for o in outgoing]
    assert row(any_database, ready.id).state is S.SUPERSEDED


@pytest.mark.postgres
def test_a_database_that_fails_while_rendering_is_nobodys_fault(postgresql_url: str) -> None:
    """The row must not be dead because somebody held a lock for a moment."""
    ours = Database(postgresql_url, lock_timeout=0.1)
    place(ours, rows.mechanic(ours))
    card = only_pending(ours, rows.CARD)
    rows.claim(ours)
    with ours.engine.begin() as other:
        other.execute(text("LOCK TABLE orders"))
        with pytest.raises(OperationalError):
            rows.stamp(ours, [card.id])

    assert row(ours, card.id).state is S.LEASED
    assert [o.row_id for o in rows.stamp(ours, [card.id])] == [card.id]
    ours.dispose()


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
            present = locking.get_order(session, order.id)
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
