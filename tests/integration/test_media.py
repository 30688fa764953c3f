"""Photos and voice notes from the phone to the desk, through real processes: kept once, whatever happens on the way."""

from __future__ import annotations

import io
import os
from pathlib import Path

import pytest
from PIL import Image
from sqlalchemy import func, select

from common.database.models import Media, MediaContent, Order
from tests.acceptance.desk import Desk
from tests.acceptance.fixtures import OpenStation
from tests.acceptance.mechanic import Mechanic
from tests.integration import dump
from tests.integration.hostile.test_secrets import PRIVATE, assert_clean, pages
from tests.stations.station import Station, request
from tests.support.cast import AVI, DIMA, PASSWORD, hire
from tests.support.pictures import picture, voice
from tests.support.waiting import eventually

KILLS = [("media.fetched", "database"), ("media.before_commit", "directory"), ("media.after_commit", "directory")]
TOO_LARGE = 25 * 1024 * 1024
VOICE = voice(20_000)
WITHIN = 40.0
ARCHIVE = b"PK\x03\x04" + bytes(3000)


def opened(open_station: OpenStation, url: str, store: str = "database", **more: str) -> Station:
    here = open_station(url, time_scale=0.1)
    here.extra |= {"MEDIA_STORE": store, "MEDIA_DIR": str(here.directory / "media"), "LOG_LEVEL": "debug", **more}
    return here


def writing(here: Station) -> Mechanic:
    """Dima, known here, with a line in his draft."""
    hire(here.database, DIMA)
    hire(here.database, AVI, password=PASSWORD)
    dima = Mechanic(here.sandbox, DIMA)
    dima.appear()
    dima.write("gizmo")
    dima.reads("gizmo")
    return dima


def ordered(here: Station, dima: Mechanic) -> None:
    """The draft is sent, and is order 1."""
    dima.write("12345678")
    dima.press_data(":send")
    eventually(lambda: _orders(here), WITHIN, "the order")


def signed_in(here: Station) -> Desk:
    desk = Desk(here.web_port)
    desk.sign_in(AVI)
    return desk


def states(here: Station) -> list[tuple[str, str, str]]:
    with here.database.read() as session:
        rows = session.execute(select(Media.kind, Media.state, Media.reason_code).order_by(Media.message_id))
        return [(kind, state.value, reason or "") for kind, state, reason in rows]


def settled(here: Station, count: int) -> list[tuple[str, str, str]]:
    """What became of so many, once none is wanted any more."""

    def all_over() -> bool:
        seen = states(here)
        return len(seen) == count and all(state != "wanted" for _, state, _ in seen)

    eventually(all_over, WITHIN, f"{count} are settled")
    return states(here)


def kept(here: Station) -> dict[str, bytes]:
    """Every kept content by its type, wherever it lies."""
    with here.database.read() as session:
        contents = list(session.scalars(select(MediaContent)))
    place = here.directory / "media"
    return {
        c.digest: c.body if c.body is not None else (place / c.digest[:2] / c.digest).read_bytes() for c in contents
    }


def fetch(desk: Desk, path: str, **headers: str) -> tuple[int, bytes]:
    return request("GET", desk.port, path, headers={**desk._headers(), **headers})


def test_what_a_phone_sends_is_at_the_desk_and_the_token_is_nowhere(
    open_station: OpenStation, any_database_url: str
) -> None:
    """The store of PostgreSQL is the database, that of SQLite a directory."""
    here = opened(open_station, any_database_url, "directory" if "sqlite" in any_database_url else "database")
    here.open()
    dima = writing(here)
    album = [picture(size=(320 + n, 240)) for n in range(10)]
    box = here.sandbox
    for body in album:
        box.send_file(dima.id, "photo", body, "p.jpg", "image/jpeg", album="77")
    box.send_file(dima.id, "voice", VOICE, "v.oga", "audio/ogg", duration=7)
    box.send_file(dima.id, "document", bytes(TOO_LARGE), "big.jpg", "image/jpeg")
    box.send_file(dima.id, "document", ARCHIVE, "photo.jpg", "image/jpeg")
    box.send_file(dima.id, "document", album[0][: len(album[0]) // 2], "half.jpg", "image/jpeg")
    box.faults.add("file", action="truncated", times=2)
    box.faults.add("file", action="502html", times=1)

    assert settled(here, 13) == [
        *[("photo", "kept", "")] * 10,
        ("voice", "kept", ""),
        ("document", "refused", "wrong_type"),
        ("document", "refused", "damaged"),
    ]
    assert sorted(kept(here).values()) == sorted([*album, VOICE])
    for words in ("20 МБ", "могу хранить фото", "повреждена"):
        dima.reads(words)
    ordered(here, dima)
    assert_shown(here, album)
    assert_no_token(here)


def assert_shown(here: Station, album: list[bytes]) -> None:
    """The order's page has them all, each opens, and the voice note plays from anywhere."""
    desk = signed_in(here)
    text = desk.get("/orders/1").text
    assert text.count("/thumbnail") == 10
    assert text.count("<audio") == 1
    assert text.count('data-show="lost"') == 2
    with here.database.read() as session:
        shown = [row.id for row in session.scalars(select(Media).where(Media.state == "kept").order_by(Media.id))]
    assert [fetch(desk, f"/media/{number}") for number in shown] == [(200, body) for body in [*album, VOICE]]
    status, small = fetch(desk, f"/media/{shown[0]}/thumbnail")
    assert (status, Image.open(io.BytesIO(small)).format) == (200, "JPEG")
    assert fetch(desk, f"/media/{shown[-1]}", Range="bytes=1000-1999") == (206, VOICE[1000:2000])
    assert request("GET", here.web_port, f"/media/{shown[0]}")[0] == 303, "who is not signed in sees nothing"


def _orders(here: Station) -> int:
    with here.database.read() as session:
        return session.scalar(select(func.count()).select_from(Order)) or 0


def assert_no_token(here: Station) -> None:
    """In no row, log, page or metric, and in no file of the station's directory."""
    for table, rows in dump.everything(here.database).items():
        assert_clean(f"table {table}", "\n".join(rows))
    for where, text in pages(here):
        assert_clean(where, text)
    files = [Path(place) / name for place, _, names in os.walk(here.directory) for name in names]
    assert any(path.suffix == ".log" for path in files)
    for path in files:
        body = path.read_bytes()
        assert not [name for name, secret in PRIVATE.items() if secret.encode() in body], path


def test_a_photo_of_the_desk_is_in_the_chat_and_the_answer_to_it_in_the_order(
    open_station: OpenStation, any_database_url: str
) -> None:
    here = opened(open_station, any_database_url, "directory" if "sqlite" in any_database_url else "database")
    here.open()
    dima = writing(here)
    ordered(here, dima)
    desk = signed_in(here)
    here.sandbox.faults.add("sendPhoto", action="429", times=1, retry_after=1)
    form = desk.get("/orders/1").form(text="", photo="")
    for _ in range(2):
        assert desk.attach(form, "photo", picture(size=(4000, 3000)), text="Такой?").status == 303
    photo = dima.shown(lambda message: "media" in message, "a photo")
    assert "Такой?" in photo["text"]
    here.sandbox.send_text(dima.id, "Да, такой", reply_to=photo["message_id"])

    eventually(lambda: "Да, такой" in desk.get("/orders/1").text, WITHIN, "the answer")
    sent = [entry for entry in here.sandbox.journal(method="sendPhoto") if entry["effect"]]
    assert len(sent) == 1
    assert "sent" in "".join(desk.get("/orders/1").within("p", **{"class": "receipt"}))
    assert desk.get("/orders/1").text.count("/thumbnail") == 1
    assert_no_token(here)


def test_telegram_goes_away_in_the_middle_of_a_file(open_station: OpenStation, database_url: str) -> None:
    here = opened(open_station, database_url)
    here.open()
    dima = writing(here)
    here.sandbox.faults.add("file", action="hang", times=1, seconds=60)
    here.sandbox.send_file(dima.id, "voice", VOICE, "v.oga", "audio/ogg", duration=7)
    eventually(lambda: here.sandbox.journal(kind="file"), WITHIN, "the download has begun")
    here.sandbox.network(up=False)
    here.sandbox.faults.clear()
    eventually(lambda: "not this time" in here.logs(), WITHIN, "it did not come")
    here.sandbox.network(up=True)

    assert settled(here, 1) == [("voice", "kept", "")]
    assert list(kept(here).values()) == [VOICE]


def test_what_was_sent_while_telegram_was_away_for_us_is_fetched_when_it_is_back(
    open_station: OpenStation, database_url: str
) -> None:
    here = opened(open_station, database_url)
    here.open()
    dima = writing(here)
    here.sandbox.faults.add("getFile", action="429", times=1, retry_after=1)
    here.sandbox.faults.add("getFile", action="reset_before", times=2)
    here.sandbox.faults.add("getFile", action="500", times=1)
    for number in range(3):
        here.sandbox.send_file(dima.id, "photo", picture(size=(99, 90 + number)), "p.jpg", "image/jpeg", album="5")

    assert settled(here, 3) == [("photo", "kept", "")] * 3
    assert here.sandbox.faults.list() == []


@pytest.mark.parametrize(("point", "store"), KILLS)
def test_a_kill_between_the_file_and_its_row_keeps_it_once(
    open_station: OpenStation, database_url: str, point: str, store: str
) -> None:
    here = opened(open_station, database_url, store)
    here.start_web()
    daemon = here.start_daemon(CRASH_AT=point)
    eventually(lambda: here.sandbox.webhook_info()["url"], WITHIN, "the webhook is set")
    dima = writing(here)
    here.sandbox.send_file(dima.id, "photo", picture(), "p.jpg", "image/jpeg")
    eventually(lambda: not daemon.running, WITHIN, f"the daemon dies at {point}")
    assert daemon.exit_code() == -9
    assert [state for _, state, _ in states(here)] == ["kept" if point == "media.after_commit" else "wanted"]

    here.start_daemon()
    assert settled(here, 1) == [("photo", "kept", "")]
    assert list(kept(here).values()) == [picture()]
    on_disk = [path for path in (here.directory / "media").rglob("*") if path.is_file()]
    assert len(on_disk) == (1 if store == "directory" else 0)


def test_an_orderly_stop_leaves_a_file_wanted_and_the_next_start_fetches_it(
    open_station: OpenStation, database_url: str
) -> None:
    here = opened(open_station, database_url)
    _web, daemon = here.open()
    dima = writing(here)
    here.sandbox.faults.add("file", action="hang", times=1, seconds=60)
    here.sandbox.send_file(dima.id, "voice", VOICE, "v.oga", "audio/ogg", duration=7)
    eventually(lambda: here.sandbox.journal(kind="file"), WITHIN, "the download has begun")
    daemon.terminate()
    assert daemon.exit_code() == 0
    assert states(here) == [("voice", "wanted", "")]
    here.sandbox.faults.clear()
    here.start_daemon()

    assert settled(here, 1) == [("voice", "kept", "")]
