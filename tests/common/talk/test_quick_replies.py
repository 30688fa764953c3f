"""Quick replies: kept in three languages, filled from an order, and never sent with an empty place."""

from __future__ import annotations

from datetime import date

import pytest

from common import audit
from common.database.engine import Database
from common.database.models import LineState, Order, Person, QuickReply
from common.errors import Forbidden, InvalidInput, NotFound, StaleVersion
from common.talk import chat, quick_replies
from tests.support.cast import acts
from tests.webapp.desks import line, place

ETA = {"ru": "{part}: ждём {date}", "en": "{part}: expected {date}"}


def create(database: Database, by: Person, shortcut: str = "eta", texts: dict[str, str] | None = None) -> QuickReply:
    with database.write() as session:
        return quick_replies.create(session, acts(by), shortcut, ETA if texts is None else texts)


def test_a_reply_is_kept_as_it_is_called(database: Database, avi: Person) -> None:
    create(database, avi, " /ETA ", {**ETA, "he": "  "})
    with database.read() as session:
        reply = quick_replies.by_shortcut(session, "/eta")
        assert reply is not None
        assert (reply.shortcut, reply.texts) == ("eta", ETA)
        assert quick_replies.by_shortcut(session, "et") is None


@pytest.mark.parametrize(
    ("shortcut", "texts", "code"),
    [
        ("", ETA, "shortcut"),
        ("e ta", ETA, "shortcut"),
        ("-eta", ETA, "shortcut"),
        ("x" * 25, ETA, "shortcut"),
        ("x", {"en": " "}, "reply_needed"),
        ("x", {"xx": "x"}, "reply_needed"),
        ("x", {"en": "x" * 1001}, "reply_long"),
        ("x", {"en": "costs {price}"}, "reply_variable"),
        ("x", {"en": "{}"}, "reply_variable"),
        ("x", {"en": "{part"}, "reply_braces"),
        ("x", {"en": "part}"}, "reply_braces"),
    ],
)
def test_what_could_not_be_filled_is_refused_when_it_is_saved(
    database: Database, avi: Person, shortcut: str, texts: dict[str, str], code: str
) -> None:
    with pytest.raises(InvalidInput) as refused:
        create(database, avi, shortcut, texts)
    assert refused.value.code == code


def test_the_audit_says_who_wrote_what(database: Database, avi: Person) -> None:
    reply = create(database, avi)
    with database.write() as session:
        quick_replies.edit(session, acts(avi), reply.id, "eta", {"ru": "Ждём"}, expected_version=1)
        quick_replies.edit(session, acts(avi), reply.id, "eta", {"ru": "Ждём"}, expected_version=2)  # as it is: no fact
        for archived in (True, True, False):
            quick_replies.set_archived(session, acts(avi), reply.id, archived)
    with database.read() as session:
        facts = audit.of(session, "reply", reply.id)
        assert [fact.kind.partition(".")[2] for fact in facts] == ["restored", "archived", "changed", "added"]
        assert {(fact.actor_id, fact.name) for fact in facts} == {(avi.id, "/eta")}
        assert facts[2].arguments["changes"] == {"texts": [ETA, {"ru": "Ждём"}]}


def test_two_of_one_name_there_are_not(database: Database, avi: Person) -> None:
    create(database, avi)
    with pytest.raises(InvalidInput, match="shortcut_taken"):
        create(database, avi, "/Eta")
    other = create(database, avi, "other")
    with pytest.raises(InvalidInput, match="shortcut_taken"), database.write() as session:
        quick_replies.edit(session, acts(avi), other.id, "eta", ETA, expected_version=1)


def test_of_two_who_save_the_second_is_told(database: Database, avi: Person) -> None:
    reply = create(database, avi)
    with database.write() as session:
        quick_replies.edit(session, acts(avi), reply.id, "eta", {"en": "soon"}, expected_version=1)
    with pytest.raises(StaleVersion), database.write() as session:
        quick_replies.edit(session, acts(avi), reply.id, "eta", ETA, expected_version=1)
    with pytest.raises(NotFound), database.write() as session:
        quick_replies.edit(session, acts(avi), 99, "eta", ETA, expected_version=1)


def test_an_archived_reply_is_offered_no_more(database: Database, avi: Person, rina: Person) -> None:
    reply = create(database, avi)
    with database.write() as session:
        quick_replies.set_archived(session, acts(avi), reply.id, True)
        assert quick_replies.active_replies(session) == []
        assert quick_replies.by_shortcut(session, "eta") is None
        quick_replies.set_archived(session, acts(avi), reply.id, False)
        assert [one.shortcut for one in quick_replies.active_replies(session)] == ["eta"]
        with pytest.raises(Forbidden):
            quick_replies.set_archived(session, acts(rina), reply.id, True)


@pytest.mark.parametrize(
    ("language", "text", "of"),
    [
        ("ru", "колодки · SKF: ждём 1 декабря", "ru"),
        ("en", "pads · SKF: expected December 1", "en"),
        ("he", "רפידות · SKF: expected 1 בדצמבר", "en"),
    ],
)
def test_an_order_fills_it_in_its_readers_language(
    database: Database, avi: Person, dima: Person, language: str, text: str, of: str
) -> None:
    reply, order = create(database, avi), place(database, dima, line(), line())
    with database.write() as session:
        order = session.get_one(Order, order.id)
        wanted = order.lines[1]
        wanted.words, wanted.state = {"ru": "колодки", "he": "רפידות", "en": "pads"}, LineState.ORDERED
        wanted.expected_on, wanted.remark = date(2026, 12, 1), "SKF"
        filled = quick_replies.fill(reply, language, quick_replies.place_values(order, None, "Avi", language))
    assert (filled.text, filled.missing, filled.language) == (text, (), of)


def test_what_is_not_known_stays_to_be_seen(database: Database, avi: Person, dima: Person) -> None:
    reply, order = create(database, avi), place(database, dima, line("a"), line("b"))
    with database.read() as session:
        order = session.get_one(Order, order.id)
        filled = quick_replies.fill(reply, "en", quick_replies.place_values(order, order.lines[1], "Avi", "en"))
    assert (filled.text, filled.missing) == ("b: expected {date}", ("date",))


def test_spaces_within_the_braces_do_not_count(database: Database, avi: Person) -> None:
    reply = create(database, avi, texts={"en": "{ part }: expected {\u00a0date\n}"})
    filled = quick_replies.fill(reply, "en", {"part": "pads"})
    assert (filled.text, filled.missing) == ("pads: expected {\u00a0date\n}", ("date",))


def test_a_message_with_an_empty_place_is_not_sent(database: Database, avi: Person, dima: Person) -> None:
    order = place(database, dima)
    with pytest.raises(InvalidInput) as refused, database.write() as session:
        chat.write(session, acts(avi), order.id, "{part}: expected { date }", key="k")
    assert (refused.value.code, refused.value.arguments["places"]) == ("unfilled", "{part}, {date}")
    with database.write() as session:
        chat.write(session, acts(avi), order.id, "{M8} is a bolt", key="k")


def test_what_a_station_begins_with_can_be_filled_and_comes_once(database: Database) -> None:
    with database.write() as session:
        assert quick_replies.add_first_replies(session) == len(quick_replies.FIRST_REPLIES)
        assert quick_replies.add_first_replies(session) == 0
    for shortcut, texts in quick_replies.FIRST_REPLIES.items():
        assert quick_replies.check(shortcut, texts) == (shortcut, texts)
        assert set(texts) == {"ru", "he", "en"}
