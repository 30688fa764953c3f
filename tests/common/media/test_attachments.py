"""Photos and voice notes: wanted once, a draft's, then the order's, never lost on the way."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from common import clock
from common.database.engine import WORK, Database, Work
from common.database.models import ChatMessage, Media, MediaState, Order, Person
from common.media import attachments
from common.orders import placing
from common.orders.placing import WantedLine
from tests.support.cast import DIMA, acts, hire


@pytest.fixture
def author(any_database: Database) -> Person:
    return hire(any_database, DIMA)


def photo(session: Session, message_id: int = 1, **more: Any) -> Media | None:
    return attachments.queue_fetch(
        session,
        **{
            "chat_id": 1001,
            "message_id": message_id,
            "group_id": "",
            "file_id": f"F{message_id}",
            "file_unique_id": f"U{message_id}",
            "kind": "photo",
            "caption": "",
            "seconds": None,
            "person_id": None,
            **more,
        },
    )


def of_order(session: Session, order: Order) -> list[Media]:
    return list(session.scalars(select(Media).where(Media.order_id == order.id).order_by(Media.id)))


def sent(session: Session, *message_ids: int, **more: Any) -> list[int]:
    rows = [photo(session, message_id, **{"draft_key": "K", **more}) for message_id in message_ids]
    return [row.id for row in rows if row is not None]


def placed(session: Session, person: Person, key: str = "K") -> Order:
    lines = [WantedLine({"": "wiper"}), WantedLine({"": "belt"})]
    return placing.place_order(session, key=key, person=session.merge(person), lines=lines, actor=acts(person))[0]


def test_the_same_message_again_is_the_row_that_is_there(any_database: Database) -> None:
    with any_database.write() as session:
        first = photo(session, caption="look")
        again = photo(session, caption="other", file_id="F9")

        assert first is again
        assert first is not None
        assert (first.state, first.caption, first.attempts) == (MediaState.WANTED, "look", 0)


def test_what_is_wanted_is_work_for_the_daemon(any_database: Database) -> None:
    with any_database.write() as session:
        photo(session)

        assert session.info[WORK] == {Work.MEDIA}


def test_a_draft_holds_so_many_and_no_more(any_database: Database) -> None:
    with any_database.write() as session:
        ids = sent(session, *range(attachments.MAX_FILES + 5))
        other = photo(session, 999, draft_key="OTHER")

        assert len(ids) == attachments.MAX_FILES
        assert len(attachments.of_draft(session, "K")) == attachments.MAX_FILES
        assert other is not None


def test_an_order_holds_so_many_and_no_more(any_database: Database, author: Person) -> None:
    with any_database.write() as session:
        order = placed(session, author)
        ids = sent(session, *range(attachments.MAX_FILES + 1), draft_key=None, order_id=order.id)

        assert len(ids) == attachments.MAX_FILES


def test_what_nobody_could_store_is_made_storable(any_database: Database) -> None:
    with any_database.write() as session:
        row = photo(session, caption="a\0b\ud800" + "x" * 2000, file_id="F" * 300, seconds=2**40)
        assert row is not None
        session.flush()
        session.refresh(row)

        assert row.caption == ("ab?" + "x" * 2000)[: attachments.MAX_CAPTION]
        assert (len(row.file_id), row.seconds) == (255, None)


def test_the_drafts_media_become_the_orders_line_by_line(any_database: Database, author: Person) -> None:
    with any_database.write() as session:
        on_a_line, on_a_lost_line = *sent(session, 1, draft_line=7), *sent(session, 2, draft_line=8)
        whole = sent(session, 3)[0]
        others = sent(session, 4, draft_key="OTHER")
        order = placed(session, author)

        assert attachments.move_to_order(session, "K", order, {7: order.lines[1].id}) == 3
        assert (
            attachments.move_to_order(session, "K", order, {7: order.lines[0].id}) == 0
        )  # a second time changes nothing
        lines = {row.id: row.line_id for row in of_order(session, order)}
        assert lines == {on_a_line: order.lines[1].id, on_a_lost_line: None, whole: None}
        assert attachments.of_draft(session, "K") == []
        assert [row.id for row in attachments.of_draft(session, "OTHER")] == others


def test_an_order_without_lines_of_the_draft_takes_all(any_database: Database, author: Person) -> None:
    with any_database.write() as session:
        sent(session, 1, draft_line=7)
        order = placed(session, author)

        assert attachments.move_to_order(session, "K", order, {}) == 1
        assert [row.line_id for row in of_order(session, order)] == [None]


def test_a_photo_can_be_put_to_a_line_and_back_to_the_whole_draft(any_database: Database) -> None:
    with any_database.write() as session:
        (one,) = sent(session, 1)

        assert attachments.attach(session, "K", one, 3)
        assert attachments.of_draft(session, "K")[0].draft_line == 3
        assert attachments.attach(session, "K", one, None)
        assert attachments.of_draft(session, "K")[0].draft_line is None


def test_nobody_moves_what_is_not_of_their_draft(any_database: Database, author: Person) -> None:
    """A forged or old button: the media of another's draft, or of an order that was sent."""
    with any_database.write() as session:
        (of_another,) = sent(session, 1, draft_key="OTHER")
        (of_the_order,) = sent(session, 2)
        attachments.move_to_order(session, "K", placed(session, author), {})

        assert not attachments.attach(session, "K", of_another, 1)
        assert not attachments.attach(session, "K", of_the_order, 1)
        assert len(list(session.scalars(select(Media)))) == 2


def test_what_a_message_of_the_chat_brought_follows_it_to_its_order(any_database: Database, author: Person) -> None:
    with any_database.write() as session:
        said, other = (ChatMessage(author_id=author.id, at=clock.utcnow()) for _ in range(2))
        session.add_all([said, other])
        session.flush()
        (brought,) = sent(session, 1, draft_key=None, chat_message_id=said.id)
        sent(session, 2, draft_key=None, chat_message_id=other.id)
        order = placed(session, author)

        assert attachments.move_with_message(session, said.id, order.id) == 1
        assert [row.id for row in of_order(session, order)] == [brought]


def test_how_many_wait_and_for_how_long(any_database: Database) -> None:
    with any_database.write() as session:
        assert attachments.depth(session) == (0, timedelta(0))
        sent(session, 1, 2)
        with clock.travel(timedelta(seconds=90)):
            count, waited = attachments.depth(session)

        assert count == 2
        assert timedelta(seconds=90) <= waited < timedelta(seconds=100)
