"""The limits in the documented proxies are those of the program. tests/integration/test_proxies.py runs them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

import pytest

from common.media import desk_photos
from common.messaging import inbox
from common.settings.config import VARIABLES, WebSettings
from docs.tables.settings import GIVEN
from tests.docs.pages import DOCS, blocks, pages, text
from tests.stations.proxies import PAGE, printed
from webapp import gunicorn_conf
from webapp.app import create_app
from webapp.server.limits import MAX_CONNECTIONS, MAX_HEAD, Limits
from webapp.web import form_limits, live

WEBHOOK = "= /telegram/webhook"
SIZES = {"k": 1 << 10, "m": 1 << 20, "g": 1 << 30}
SECONDS = {"s": 1, "m": 60, "h": 3600}
HEADERS = {"Connection": '""', "Host": "$http_host", "X-Forwarded-For": "$proxy_add_x_forwarded_for"}
TOKEN = re.compile(r'"[^"]*"|[;{}]|[^\s;{}]+')


@dataclass
class Block:
    """A block of nginx's configuration: its own directives, and the blocks in it by their names."""

    own: dict[str, list[list[str]]] = field(default_factory=dict)
    inner: dict[str, Block] = field(default_factory=dict)

    def inherits(self, outer: Block) -> Block:
        """With what it takes over: a directive as a whole, if it has none of that name itself."""
        return Block({**outer.own, **self.own}, self.inner)

    def value(self, name: str) -> str:
        (words,) = self.own[name]
        return " ".join(words)


def read(tokens: Iterator[str]) -> Block:
    block, words = Block(), list[str]()
    for token in tokens:
        if token == "}":
            break
        if token == "{":
            block.inner[" ".join(words)] = read(tokens)
        elif token == ";":
            block.own.setdefault(words[0], []).append(words[1:])
        else:
            words.append(token)
            continue
        words = []
    return block


def locations() -> dict[str, Block]:
    """Each with everything that holds in it."""
    configuration = re.sub(r"#.*", "", printed("nginx"))
    server = read(iter(TOKEN.findall(configuration))).inner["server"]
    return {name.removeprefix("location "): block.inherits(server) for name, block in server.inner.items()}


def amount(value: str, units: dict[str, int]) -> int:
    return int(value[:-1]) * units[value[-1]]


def test_every_configuration_of_a_proxy_in_the_docs_is_one_that_is_tested() -> None:
    found = [page for page in pages() for kind in ("nginx", "caddyfile") for _ in blocks(page, kind)]
    assert found == [PAGE, PAGE]
    assert set(locations()) == {WEBHOOK, "= /events", "/"}


@pytest.mark.parametrize("where", locations())
def test_a_body_comes_through_if_the_program_takes_it_or_tells_why_not(where: str) -> None:
    limit = amount(locations()[where].value("client_max_body_size"), SIZES)
    assert limit == (inbox.MAX_BODY if where == WEBHOOK else form_limits.MOST_TAKEN)


def test_what_we_read_of_a_refused_request_is_more_than_any_route_takes() -> None:
    desk = create_app(WebSettings.from_env(GIVEN))
    assert desk_photos.MAX_UPLOAD < form_limits.largest(desk) < form_limits.MOST_TAKEN


@pytest.mark.parametrize("where", locations())
def test_whoever_asks_and_what_for_is_passed_on(where: str) -> None:
    location = locations()[where]
    assert dict(location.own["proxy_set_header"]) == HEADERS
    assert location.value("proxy_http_version") == "1.1"
    port = VARIABLES["DAEMON_PORT" if where == WEBHOOK else "PORT"].default
    assert location.value("proxy_pass") == f"http://127.0.0.1:{port}"


def test_the_live_stream_is_neither_collected_nor_cut() -> None:
    stream = locations()["= /events"]
    assert stream.value("proxy_buffering") == "off"
    assert amount(stream.value("proxy_read_timeout"), SECONDS) >= live.PING_EVERY * 3


def test_caddy_has_no_limit_of_its_own_but_for_slow_clients() -> None:
    found = set(re.findall(r"^\s*([a-z_]+)", printed("caddy"), re.MULTILINE))
    assert found == {"felix", "handle", "reverse_proxy", "servers", "timeouts", "read_header", "read_body"}


def test_a_proxy_waits_no_longer_for_a_head_than_the_desk() -> None:
    server = locations()["/"]
    assert amount(server.value("client_header_timeout"), SECONDS) == Limits.head
    assert f"read_header {Limits.head:g}s" in printed("caddy")


def test_the_limits_told_of_slow_clients_are_those_of_the_code() -> None:
    told = text(DOCS / "explanation" / "security.md")
    table = told.partition("## Slow clients")[2].partition("## The bot")[0]
    numbers = (
        f"{Limits.head:g} s, {MAX_HEAD >> 10} kB",
        f"{Limits.pace / 1024:g} kB a second on average, after a grace of {Limits.grace:g} s",
        f"{gunicorn_conf.keepalive} s",
        f"{MAX_CONNECTIONS:,}",
        f"| {Limits.unfinished};",
        f"{Limits.waiting >> 20} MB",
        f"{live.MAX_OF_SESSION} of one session, {live.MAX_STREAMS} in all",
    )
    assert [number for number in numbers if number not in table] == []


@pytest.mark.parametrize("page", ["one-small-server.md", "procfile-host.md"])
def test_the_numbers_told_are_those_of_the_code(page: str) -> None:
    told = text(DOCS / "how-to" / page)
    assert f"{form_limits.MOST_TAKEN >> 20} MB" in told
    assert f"{desk_photos.MAX_UPLOAD >> 20} MB" in told
    assert f"something every {live.PING_EVERY:g} s" in told


def test_the_page_on_security_tells_how_much_is_read_of_a_refused_request() -> None:
    assert f"up to {form_limits.MOST_TAKEN >> 20} MB" in text(DOCS / "explanation" / "security.md")
