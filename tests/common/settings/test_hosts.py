"""The names to which the desk answers."""

from __future__ import annotations

import socket

import pytest

from common.settings.config import StationSettings
from common.settings.hosts import name_of

PUBLIC = "https://felix.example.org"


def is_ours(host: str, public_url: str = "", trusted: str = "") -> bool:
    env = {"DATABASE_URL": "sqlite:///felix.sqlite3", "PUBLIC_URL": public_url, "TRUSTED_HOSTS": trusted}
    name = name_of(host)
    return name is not None and StationSettings.from_env(env).own_hosts.hold(name)


@pytest.mark.parametrize(
    "host",
    [
        "localhost",
        "localhost:8080",
        "LOCALHOST",
        "127.0.0.1:18080",
        "127.8.9.1",
        "[::1]:8080",
        "0.0.0.0:8080",
        "felix.localhost",
    ],
)
@pytest.mark.parametrize("public_url", ["", PUBLIC, "http://127.0.0.1:8080"])
def test_this_machine_is_always_ours(host: str, public_url: str) -> None:
    assert is_ours(host, public_url)


@pytest.mark.parametrize(
    "host", ["felix.example.org", "felix.example.org:443", "Felix.Example.ORG", "felix.example.org."]
)
def test_the_public_address_is_ours_however_it_is_written(host: str) -> None:
    assert is_ours(host, PUBLIC)


def test_a_name_that_is_not_ascii_is_compared_as_browsers_send_it() -> None:
    assert is_ours("xn--e1aggc6an.example", "https://ФЕЛИКС.example:8443", "")
    assert is_ours("xn--e1aggc6an.lan", PUBLIC, "феликс.lan")


@pytest.mark.parametrize(
    "host",
    [
        "evil.example",
        "felix.example.org.evil.example",
        "evil-felix.example.org",
        "a.felix.example.org",
        "example.org",
        "localhost.evil.example",
        "evillocalhost",
        "127.0.0.1.nip.io",
        "2130706433",
        "0x7f.1",
        "192.168.1.5",
        "[2001:db8::1]",
        "10.0.0.1:8080",
    ],
)
def test_nothing_else_is_ours_beside_a_public_address(host: str) -> None:
    assert not is_ours(host, PUBLIC)


@pytest.mark.parametrize("host", ["192.168.1.5:8080", "10.0.0.1", "[fd00::7]:8080", "93.184.216.34"])
def test_without_a_public_address_every_literal_one_is_ours(host: str) -> None:
    assert is_ours(host)


def test_without_a_public_address_this_machines_own_names_are_ours(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(socket, "gethostname", lambda: "Garage-PC.fritz.box")
    for name in ("garage-pc", "garage-pc.fritz.box:8080", "GARAGE-PC.local"):
        assert is_ours(name)
        assert not is_ours(name, PUBLIC)
    for name in ("other.local", "fritz.box", "garage-pc.evil.example", "garage"):
        assert not is_ours(name)


@pytest.mark.parametrize(
    ("trusted", "ours", "strange"),
    [
        ("desk.lan", ["desk.lan", "desk.lan:8080"], ["a.desk.lan", "lan"]),
        (" desk.lan , web ,", ["desk.lan", "web:8080"], ["desk", "web.lan"]),
        (".example.net", ["example.net", "a.example.net", "a.b.example.net"], ["evilexample.net", "net"]),
        ("192.168.1.5, [fd00::7]", ["192.168.1.5:80", "[fd00::7]:8080"], ["192.168.1.6", "[fd00::8]"]),
    ],
)
def test_the_setting_adds_names(trusted: str, ours: list[str], strange: list[str]) -> None:
    assert all(is_ours(host, PUBLIC, trusted) for host in ours)
    assert not any(is_ours(host, PUBLIC, trusted) for host in strange)
    assert is_ours("felix.example.org", PUBLIC, trusted)


@pytest.mark.parametrize(
    "host",
    [
        *("", ".", "a..b", "a b", "ü", "[", "[::1", "a]b", "[::g]", "[1.2.3]", "<script>", "u@localhost"),
        *("localhost:80:80", "localhost:port", "localhost:123456", "localhost,evil.example", "localhost/", "a\r\nb"),
        "x" * 256,
    ],
)
def test_what_is_no_host_is_nobodys(host: str) -> None:
    assert name_of(host) is None
