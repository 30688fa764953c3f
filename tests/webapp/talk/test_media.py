"""Photos and voice notes at the desk: for signed-in staff, as what they are, whole or in part, and nothing else."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable
from pathlib import Path

import pytest
from flask import Flask
from werkzeug.test import TestResponse

from common import clock
from common.database.engine import Database
from common.database.models import ChatMessage, MediaState, Order, OrderLine, Person
from common.media.media_store import Directory
from tests.webapp.attachments import PHOTO, SMALL, VOICE, kept, waiting
from tests.webapp.desks import line, place, signed_in
from tests.webapp.visitor import Visitor


@pytest.fixture
def order(database: Database, dima: Person) -> Order:
    return place(database, dima, line("oil filter"), line("belt"))


# One file -------------------------------------------------------------------------------------------------------------


def test_a_photo_comes_as_it_was_sent(manager: Visitor, database: Database, order: Order) -> None:
    answer = manager.get(f"/media/{kept(database, order)}")

    assert (answer.status_code, answer.content_type, answer.data) == (200, "image/jpeg", PHOTO)


def test_it_can_do_no_harm_in_a_browser(manager: Visitor, database: Database, order: Order) -> None:
    number = kept(database, order)
    for path in (f"/media/{number}", f"/media/{number}/thumbnail"):
        headers = manager.get(path).headers
        assert headers["X-Content-Type-Options"] == "nosniff"
        assert headers["Content-Security-Policy"] == "default-src 'none'; sandbox"
        assert headers["Cross-Origin-Resource-Policy"] == "same-origin"
        assert headers["Content-Disposition"].startswith("inline; filename=")
        assert "filename*" not in headers["Content-Disposition"]


def test_a_browser_keeps_it_for_itself_and_asks_by_its_tag(manager: Visitor, database: Database, order: Order) -> None:
    number = kept(database, order)
    for path in (f"/media/{number}", f"/media/{number}/thumbnail"):
        first = manager.get(path)
        again = manager.get(path, headers={"If-None-Match": first.headers["ETag"]})

        assert first.headers["Cache-Control"] == "private, max-age=2592000"
        assert (again.status_code, again.data, again.headers["ETag"]) == (304, b"", first.headers["ETag"])
    assert manager.get(f"/media/{number}", headers={"If-None-Match": '"other"'}).status_code == 200


def test_a_photo_and_its_thumbnail_have_tags_of_their_own(manager: Visitor, database: Database, order: Order) -> None:
    number = kept(database, order)
    large, small = manager.get(f"/media/{number}"), manager.get(f"/media/{number}/thumbnail")

    assert large.headers["ETag"] != small.headers["ETag"]
    assert (small.content_type, small.data) == ("image/jpeg", SMALL)


@pytest.mark.parametrize(
    ("asked", "status", "part"),
    [
        ("bytes=0-9", 206, slice(0, 10)),
        ("bytes=100-", 206, slice(100, None)),
        ("bytes=-10", 206, slice(-10, None)),
        ("bytes=999999-", 416, slice(0, 0)),
    ],
)
@pytest.mark.parametrize("where", ["database", "directory"])
def test_a_voice_note_is_played_from_its_middle(
    make_app: Callable[..., Flask],
    database: Database,
    order: Order,
    avi: Person,
    tmp_path: Path,
    asked: str,
    status: int,
    part: slice,
    where: str,
) -> None:
    browser = signed_in(make_app(MEDIA_DIR=str(tmp_path)), database, avi)
    digest = hashlib.sha256(VOICE).hexdigest()
    Directory(tmp_path).put(digest, VOICE)
    body = VOICE if where == "database" else None
    number = kept(database, order, body, "audio/ogg", digest=digest, kind="voice")
    answer = browser.get(f"/media/{number}", headers={"Range": asked})

    assert answer.status_code == status
    if status == 206:
        assert (answer.data, answer.content_type) == (VOICE[part], "audio/ogg")
        assert answer.headers["Content-Range"].endswith(f"/{len(VOICE)}")
    answer.close()


def test_its_size_can_be_asked_for_alone(manager: Visitor, database: Database, order: Order) -> None:
    answer = manager.client.head(f"/media/{kept(database, order, VOICE, 'audio/ogg')}")

    assert (answer.status_code, answer.data) == (200, b"")
    assert answer.headers["Content-Length"] == str(len(VOICE))
    assert answer.headers["Accept-Ranges"] == "bytes"


def test_a_file_that_is_not_in_the_directory_is_not_there(
    make_app: Callable[..., Flask], database: Database, order: Order, avi: Person, tmp_path: Path
) -> None:
    browser = signed_in(make_app(MEDIA_STORE="directory", MEDIA_DIR=str(tmp_path)), database, avi)

    assert browser.get(f"/media/{kept(database, order, None)}").status_code == 404


def test_a_digest_that_is_none_leads_to_no_file(
    make_app: Callable[..., Flask], database: Database, order: Order, avi: Person, tmp_path: Path
) -> None:
    """Nobody can write one; if somebody could, it would still be no path."""
    (tmp_path / "secret").write_text("secret")
    browser = signed_in(make_app(MEDIA_DIR=str(tmp_path / "media")), database, avi)
    answer = browser.get(f"/media/{kept(database, order, None, digest='../secret')}")

    assert answer.status_code == 500
    assert b"secret" not in answer.data


def test_what_is_no_type_of_ours_is_not_served(manager: Visitor, database: Database, order: Order) -> None:
    number = kept(database, order, b"<script>", "text/html")

    assert manager.get(f"/media/{number}").status_code == 404
    assert manager.get(f"/media/{number}/thumbnail").status_code == 404


def test_a_sound_has_no_thumbnail(manager: Visitor, database: Database, order: Order) -> None:
    assert manager.get(f"/media/{kept(database, order, VOICE, 'audio/ogg')}/thumbnail").status_code == 404


@pytest.mark.parametrize("state", [MediaState.WANTED, MediaState.REFUSED, MediaState.GONE])
def test_what_is_not_kept_is_not_there(manager: Visitor, database: Database, order: Order, state: MediaState) -> None:
    assert manager.get(f"/media/{waiting(database, order, state)}").status_code == 404


def test_what_was_sent_for_no_order_yet_is_the_mechanics_own(
    manager: Visitor, database: Database, dima: Person
) -> None:
    with database.write() as session:
        message = ChatMessage(author_id=dima.id, at=clock.utcnow())
        session.add(message)
        session.flush()
        message_id = message.id
    number = kept(database, None, chat_message_id=message_id)
    assert manager.get(f"/media/{number}").status_code == 404
    assert manager.get(f"/media/{number}/thumbnail").status_code == 404


def test_what_is_in_a_draft_is_the_mechanics_own(manager: Visitor, database: Database) -> None:
    assert manager.get(f"/media/{kept(database, None, draft_key='K')}").status_code == 404


@pytest.mark.parametrize(
    "path",
    [
        "/media/0",
        "/media/999",
        "/media/-1",
        f"/media/{2**64}",
        "/media/x",
        "/media/../order",
        "/media/1/body",
        "/media/",
    ],
)
def test_nothing_else_is_there(manager: Visitor, database: Database, order: Order, path: str) -> None:
    kept(database, order)
    assert manager.get(path).status_code == 404


def refused(answer: TestResponse) -> bool:
    return answer.status_code == 303 and answer.location.startswith("/login")


def test_nobody_sees_it_who_is_not_signed_in_staff(
    stranger: Visitor, app: Flask, database: Database, order: Order, dima: Person
) -> None:
    number = kept(database, order)
    mechanic = signed_in(app, database, dima)
    for path in (f"/media/{number}", f"/media/{number}/thumbnail"):
        tag = hashlib.sha256(PHOTO).hexdigest()
        assert refused(stranger.get(path))
        assert refused(stranger.get(path, headers={"If-None-Match": f'"{tag}"'}))
        assert refused(mechanic.get(path))


# On the order's page --------------------------------------------------------------------------------------------------


def test_an_order_shows_its_photos_and_voice_notes(manager: Visitor, database: Database, order: Order) -> None:
    photo = kept(database, order, caption="like <b>this</b>")
    sound = kept(database, order, VOICE, "audio/ogg", kind="voice", seconds=62)
    text = manager.text(f"/orders/{order.id}")

    assert f'<a href="/media/{photo}"' in text
    assert f'<img src="/media/{photo}/thumbnail" alt="like &lt;b&gt;this&lt;/b&gt;"' in text
    assert f'<audio controls preload="none" src="/media/{sound}" aria-label="Voice note 1:02">' in text
    assert "<b>this" not in text


def test_what_belongs_to_a_line_stands_with_the_line(manager: Visitor, database: Database, order: Order) -> None:
    with database.read() as session:
        second = session.query(OrderLine).filter_by(order_id=order.id, position=2).one().id
    of_line, of_order = kept(database, order, line_id=second), kept(database, order, VOICE, "audio/ogg")
    text = manager.text(f"/orders/{order.id}")
    place_of = {
        what: text.index(f'id="{what}"') for what in (f"line-{second}", f"media-{of_line}", f"media-{of_order}")
    }

    assert sorted(place_of, key=lambda what: place_of[what]) == list(place_of)
    assert text.index("</ol>", place_of[f"line-{second}"]) > place_of[f"media-{of_line}"]
    assert text.index("</ol>", place_of[f"line-{second}"]) < place_of[f"media-{of_order}"]


def test_what_is_not_there_is_said_in_words(manager: Visitor, database: Database, order: Order) -> None:
    waiting(database, order)
    waiting(database, order, kind="voice", attempts=3, reason="http_status")
    waiting(database, order, MediaState.REFUSED, kind="document", reason="too_large")
    waiting(database, order, MediaState.GONE, reason="from the future")
    text = manager.text(f"/orders/{order.id}")

    assert "Photo: on its way from Telegram." in text
    assert "Voice note: on its way from Telegram. It did not work yet and is tried again." in text
    assert "<strong>Not kept: file</strong>: too large: Telegram hands bots 20 MB at most" in text
    assert "<strong>Not kept: photo</strong></span>" in text
    assert "http_status" not in text
    assert "/media/" not in text


def test_what_was_said_in_the_chat_of_the_order_stands_with_its_message(
    manager: Visitor, database: Database, order: Order, dima: Person
) -> None:
    from webapp.talk import attached

    with database.write() as session:
        message = ChatMessage(order_id=order.id, author_id=dima.id, text="", at=clock.utcnow())
        session.add(message)
        session.flush()
        message_id = message.id
    number = kept(database, order, chat_message_id=message_id)

    before, talk = manager.text(f"/orders/{order.id}").split('id="talk"')
    assert f"/media/{number}" not in before
    assert f"/media/{number}" in talk[talk.index(f'id="said-{message_id}"') :]
    with database.read() as session:
        (shown,) = attached.of_chat(session, order.id)
    assert (shown.id, shown.message_id, shown.show) == (number, message_id, "picture")


@pytest.mark.parametrize("reason", ["too_large", "wrong_type", "damaged", "gone", "unavailable", "local_path"])
def test_each_reason_has_words_in_hebrew(storekeeper: Visitor, database: Database, order: Order, reason: str) -> None:
    waiting(database, order, MediaState.REFUSED, reason=reason)
    text = storekeeper.text(f"/orders/{order.id}")

    assert "לא נשמר" in text
    assert reason not in re.sub("<[^>]*>", "", text)
