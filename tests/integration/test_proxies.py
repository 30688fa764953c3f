"""The documented proxies before a real station: what the desk and the daemon take, comes through; what not, is told."""

from __future__ import annotations

import http.client
import json
import shutil
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import func, select

from benchmarks.setting.slow_crowd import kinds, slow_clients
from common import i18n
from common.database.engine import bump_revision
from common.database.models import InboxRow, Media, Person, ThrottleCount
from common.media import desk_photos
from common.messaging import inbox
from common.people import tokens
from common.people.scopes import Scope
from common.throttling.limits import FORGIVES_EVERY, CountKey, Kind
from sandbox.testing import running
from tests.acceptance.desk import Desk
from tests.acceptance.fixtures import ENGINE, KNOWN
from tests.integration.crowd import hire_many, orders_in_work
from tests.stations.proxies import Proxy, proxy
from tests.stations.station import WEBHOOK_SECRET, Station, request, station
from tests.support.cast import PASSWORD, RINA, acts, hire
from tests.support.pictures import picture
from webapp.web import form_limits
from webapp.wording.error_pages import PAGES

FORM = "application/x-www-form-urlencoded"
AUTHENTIC = {"X-Telegram-Bot-Api-Secret-Token": WEBHOOK_SECRET}
LARGE = 16 * 1024 * 1024  # more than lies in the buffers of two sockets
AT_ONCE = 10.0  # seconds, on a busy machine; a proxy that collects what comes would hold it back for minutes
NOBODY = "nobody"
PUBLIC = "https://felix.example.org"


@pytest.fixture(scope="module")
def here(sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Station]:
    """A station in work, with an order, as behind TLS."""
    place = tmp_path_factory.mktemp("station")
    url = f"sqlite:///{shutil.copyfile(sqlite_template, place / 'felix.sqlite3')}"
    with running(time_scale=ENGINE, args=KNOWN, own_api_port=True) as box:
        extra = {"TELEGRAM_API_URL": box.api_url, "PUBLIC_URL": PUBLIC}
        with station(place, url, box, extra=extra) as opened:
            opened.open()
            hire(opened.database, RINA, password=PASSWORD)
            orders_in_work(opened, hire_many(opened, 1))
            yield opened


@pytest.fixture(scope="module", params=[NOBODY, "nginx", "caddy"])
def before(request: pytest.FixtureRequest, here: Station, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Proxy]:
    """Who stands before that station: nobody, and each proxy of the docs."""
    if request.param == NOBODY:
        yield Proxy(NOBODY, here.web_port, here)
        return
    with proxy(request.param, here, tmp_path_factory.mktemp(request.param)) as opened:
        yield opened


@pytest.fixture
def rina(before: Proxy) -> Desk:
    """Her browser."""
    desk = Desk(before.port)
    desk.sign_in(RINA)
    return desk


def padded(size: int) -> bytes:
    """A photo of so many bytes: a decoder stops where the picture ends."""
    return picture().ljust(size, b"\0")


def test_the_largest_photo_the_desk_takes_comes_through(before: Proxy, rina: Desk) -> None:
    count = media(before.here)
    form = rina.get("/orders/1").form(text="", photo="")
    assert rina.attach(form, "photo", padded(desk_photos.MAX_UPLOAD), text="this one?").status == 303
    assert media(before.here) == count + 1


def media(here: Station) -> int:
    with here.database.read() as session:
        return session.scalar(select(func.count()).select_from(Media)) or 0


@pytest.mark.parametrize(
    "size", [desk_photos.MAX_UPLOAD + form_limits.MAX_FORM, form_limits.MOST_TAKEN - form_limits.MAX_FORM]
)
def test_what_is_larger_is_refused_by_our_page_in_the_readers_language(rina: Desk, size: int) -> None:
    form = rina.get("/orders/1").form(text="", photo="")
    answer = rina.attach(form, "photo", bytes(size))
    with i18n.use_language(RINA.language):
        assert (answer.status, i18n.gettext(PAGES[413][0]) in answer.text) == (413, True)


def test_a_program_that_sends_too_much_is_told_what_the_problem_is(before: Proxy) -> None:
    headers = {"Authorization": f"Bearer {token(before.here)}", "Content-Type": "application/json"}
    status, body = request("POST", before.port, "/api/v1/orders", bytes(LARGE), headers)
    assert (status, json.loads(body or b"{}").get("type")) == (413, "urn:felix-hub:problem:too-large")


def token(here: Station) -> str:
    """Of Rina, for orders."""
    with here.database.write() as session:
        rina = session.scalars(select(Person).where(Person.name == RINA.name)).one()
        return tokens.create(session, acts(rina), person=rina, name="till", scopes=[Scope.ORDERS_WRITE])[1]


def test_an_update_comes_through_and_what_is_too_large_to_be_one_is_refused(before: Proxy) -> None:
    number = len(updates(before.here)) + 1
    update = json.dumps({"update_id": number}).encode()
    assert hook(before, update.ljust(inbox.MAX_BODY)) == 200
    assert hook(before, update.ljust(inbox.MAX_BODY + 1)) == 413
    assert number in updates(before.here)


def hook(before: Proxy, body: bytes) -> int:
    return request("POST", before.port, "/telegram/webhook", body, AUTHENTIC)[0]


def updates(here: Station) -> list[int | None]:
    with here.database.read() as session:
        return list(session.scalars(select(InboxRow.update_id)))


@pytest.mark.parametrize("name", ["heads", "bodies", "chunks"])
def test_300_slow_clients_hold_up_nobody_behind_a_proxy_either(before: Proxy, rina: Desk, name: str) -> None:
    with slow_clients(before.port, kinds("", "/login")[name], 300):
        assert rina.get("/orders/1").status == 200


def test_the_live_stream_is_passed_on_as_it_comes(before: Proxy, rina: Desk) -> None:
    connection = http.client.HTTPConnection("127.0.0.1", before.port, timeout=AT_ONCE)
    connection.request("GET", "/events", headers=rina._headers())
    answer = connection.getresponse()
    assert answer.readline().startswith(b"retry:")
    first = told(answer)
    with before.here.database.write() as session:
        bump_revision(session)
    assert told(answer) > first
    connection.close()


def told(answer: http.client.HTTPResponse) -> int:
    """The next revision of the stream."""
    began = time.monotonic()
    while not (line := answer.readline()).startswith(b"data:"):
        assert time.monotonic() < began + AT_ONCE
    return int(line.partition(b":")[2])


@pytest.mark.parametrize(
    ("before", "claimed"), [("nginx", "203.0.113.1"), ("caddy", "203.0.113.2")], indirect=["before"]
)
def test_a_failed_login_counts_for_the_address_that_the_proxy_sees(before: Proxy, claimed: str) -> None:
    count = attempts(before.here, "127.0.0.1")
    headers = {"Sec-Fetch-Site": "same-origin", "X-Forwarded-For": claimed, "Content-Type": FORM}
    assert request("POST", before.port, "/login", b"username=nobody&password=wrong", headers)[0] == 401
    assert attempts(before.here, claimed) == 0
    assert attempts(before.here, "127.0.0.1") > count


def attempts(here: Station, address: str) -> float:
    """Which the throttle counts for a network; each is forgotten slowly."""
    key = CountKey(Kind.PASSWORD_NETWORK, address).key
    with here.database.read() as session:
        row = session.scalar(select(ThrottleCount).where(ThrottleCount.key == key))
        return (row.empty_at - row.at) / FORGIVES_EVERY if row else 0
