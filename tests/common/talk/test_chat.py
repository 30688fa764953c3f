"""Messages in an order: both ways, once, never lost, never moving its version."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from common.database.engine import Database
from common.database.models import ChatMessage, Media, MediaState
from common.errors import Forbidden, InvalidInput, NotFound
from common.media import attachments, desk_photos, media_store
from common.media.media_store import FileContent
from common.talk import chat
from tests.support.cast import DIMA, NOA, RINA, hire
from tests.support.counter import Station


@pytest.fixture
def station(any_database: Database) -> Station:
    return Station(any_database, hire(any_database, DIMA), hire(any_database, RINA))


def write(station: Station, order_id: int, text: str = "Есть только левая", key: str = "k1") -> ChatMessage:
    with station.database.write() as session:
        return chat.write(session, station.desk, order_id, text, key=key)


def photo(n: int = 1) -> FileContent:
    return FileContent(f"{n:064x}", "image/jpeg", 3, b"jpg", b"small")


def send_photo(station: Station, order_id: int, text: str = "", key: str = "k1") -> ChatMessage:
    with station.database.write() as session:
        return chat.write(session, station.desk, order_id, text, key=key, photo=photo())


def take(station: Station, order_id: int | None, text: str = "беру", message_id: int = 7) -> ChatMessage:
    with station.database.write() as session:
        return chat.receive(session, station.dima, text, chat_id=1001, message_id=message_id, order_id=order_id)


def said(station: Station, order_id: int) -> list[tuple[str, str]]:
    with station.database.read() as session:
        return [(message.author.name, message.text) for message in chat.of_order(session, order_id)]


def test_both_sides_stand_in_the_order_as_they_were_said(station: Station) -> None:
    order_id = station.place()
    version = station.version(order_id)
    write(station, order_id)
    take(station, order_id)
    assert said(station, order_id) == [("Rina", "Есть только левая"), ("Dima", "беру")]
    assert station.version(order_id) == version
    (row,) = station.queued("chat")
    assert (row.order_id, row.chat_id, row.arguments["author"]) == (order_id, 1001, "Rina")
    assert row.stream == f"order:{order_id}:1001"


def test_a_form_sent_twice_is_one_message(station: Station) -> None:
    order_id = station.place()
    assert write(station, order_id).id == write(station, order_id, "again").id
    assert len(station.queued("chat")) == len(said(station, order_id)) == 1


def test_a_photo_needs_no_words_and_is_sent_and_shown_once(station: Station) -> None:
    order_id = station.place()
    message = send_photo(station, order_id)
    send_photo(station, order_id)
    send_photo(station, order_id, "another", key="k2")
    with station.database.read() as session:
        kept = list(session.scalars(select(Media).where(Media.chat_message_id.is_not(None))))
        assert media_store.stored_body(session, photo().digest) == b"jpg"
    assert [(one.order_id, one.state, one.digest, one.chat_id) for one in kept] == [
        (order_id, MediaState.KEPT, photo().digest, None)
    ] * 2
    assert kept[0].chat_message_id == message.id
    assert [row.arguments["photo"] for row in station.queued("chat")] == [photo().digest] * 2


def test_photos_of_the_desk_have_an_end_and_take_no_room_of_the_mechanics(station: Station) -> None:
    order_id = station.place()
    for number in range(desk_photos.MAX_PHOTOS):
        send_photo(station, order_id, key=f"k{number}")
    assert len(said(station, order_id)) == desk_photos.MAX_PHOTOS
    send_photo(station, order_id, key="k0")  # the same once more is none more
    with pytest.raises(InvalidInput, match="photos_many"):
        send_photo(station, order_id, key="beyond")
    assert len(station.queued("chat")) == len(said(station, order_id)) == desk_photos.MAX_PHOTOS
    with station.database.write() as session:
        theirs = attachments.queue_fetch(
            session,
            chat_id=1001,
            message_id=7,
            group_id="",
            file_id="f",
            file_unique_id="u",
            kind="photo",
            caption="",
            seconds=None,
            person_id=station.dima.id,
            order_id=order_id,
        )
    assert theirs is not None


def test_with_a_photo_less_can_be_said(station: Station) -> None:
    with pytest.raises(InvalidInput, match="message_long"):
        send_photo(station, station.place(), "x" * (desk_photos.MAX_CAPTION + 1))


def test_an_update_that_runs_twice_leaves_one_message(station: Station) -> None:
    order_id = station.place()
    assert take(station, order_id).id == take(station, order_id).id
    assert len(said(station, order_id)) == 1


def test_a_message_without_an_order_waits_until_its_writer_says_which(station: Station) -> None:
    order_id, other = station.place(), station.place()
    message = take(station, None)
    with station.database.write() as session:
        attachments.queue_fetch(
            session,
            chat_id=1001,
            message_id=7,
            group_id="",
            file_id="f",
            file_unique_id="u",
            kind="photo",
            caption="",
            seconds=None,
            person_id=station.dima.id,
            chat_message_id=message.id,
        )
    assert said(station, order_id) == []
    for chosen in (order_id, order_id, other):
        with station.database.write() as session:
            kept = session.get_one(ChatMessage, message.id)
            chat.assign_order(session, kept, chosen, station.dima)
    assert said(station, order_id) == []
    assert said(station, other) == [("Dima", "беру")]
    with station.database.read() as session:
        photo = session.get_one(Media, 1)
        assert (photo.order_id, photo.chat_message_id) == (other, message.id)


def test_a_corrected_message_bears_the_mark(station: Station) -> None:
    order_id = station.place()
    take(station, order_id)
    for _ in range(2):
        with station.database.write() as session:
            edited = chat.edit(session, 1001, 7, "не беру")
            assert edited is not None
            assert edited.edited_at is not None
    assert said(station, order_id) == [("Dima", "не беру")]
    with station.database.write() as session:
        assert chat.edit(session, 1001, 8, "x") is None


@pytest.mark.parametrize(
    ("text", "code"), [("", "message_needed"), (" \n", "message_needed"), ("🧨" * 1751, "message_long")]
)
def test_what_is_no_message_is_refused_by_name(station: Station, text: str, code: str) -> None:
    with pytest.raises(InvalidInput, match=code):
        write(station, station.place(), text)


def test_a_mechanic_writes_into_no_order_of_somebody_else(station: Station) -> None:
    order_id, noa = station.place(), hire(station.database, NOA)
    with pytest.raises(NotFound), station.database.write() as session:
        chat.receive(session, noa, "x", chat_id=1002, message_id=1, order_id=order_id)
    with pytest.raises(Forbidden), station.database.write() as session:
        chat.write(session, station.mechanic, order_id, "x", key="k")


def test_nul_and_halves_of_pairs_do_not_stop_a_message(station: Station) -> None:
    order_id = station.place()
    take(station, order_id, "a\0b\ud83d")
    assert said(station, order_id) == [("Dima", "ab?")]
