"""Who has to go when there are too many connections, and whose connections are counted together."""

from __future__ import annotations

import socket
from dataclasses import replace
from typing import cast

import pytest
from gunicorn.config import Config

from webapp.server.connection import ClientConnection, Doing, network_of
from webapp.server.crowd import Crowd
from webapp.server.incoming import IncomingRequest
from webapp.server.limits import Budget, Limits
from webapp.server.outgoing import OutgoingAnswer

FEW = replace(Limits(), unfinished=2, connections=5)


def connection(host: str, doing: Doing = Doing.RECEIVING) -> ClientConnection:
    client, budget = cast(socket.socket, None), Budget(0)  # nothing is sent
    out, address = OutgoingAnswer(client, FEW, budget, lambda: None), (host, 1)
    incoming = IncomingRequest(Config(), address, 0, budget)
    return ClientConnection(client, address, address, network_of(address), out, incoming, 0.0, doing=doing)


def crowd(*members: ClientConnection) -> Crowd:
    gathered = Crowd(FEW)
    for one in members:
        gathered.add(one)
    return gathered


def test_of_one_network_the_oldest_unfinished_one_goes() -> None:
    first, second, third = (connection("203.0.113.1") for _ in range(3))
    assert crowd(first, connection("203.0.113.2"), second, third).surplus(third) == [first]


@pytest.mark.parametrize("doing", [Doing.IDLE, Doing.RUNNING])
def test_what_does_not_wait_for_its_client_does_not_count_for_a_network(doing: Doing) -> None:
    members = [connection("203.0.113.1", doing) for _ in range(4)]
    newest = connection("203.0.113.1")
    assert crowd(*members, newest).surplus(newest) == []


def test_who_makes_progress_goes_last_and_who_runs_does_not_go() -> None:
    runs, uploads, slow, *others = (connection(f"203.0.113.{number}") for number in range(6))
    gathered = crowd(runs, uploads, slow, *others)
    runs.doing = Doing.RUNNING
    gathered.renew(uploads)
    assert gathered.surplus(others[-1]) == [slow]


def test_nobody_goes_while_all_requests_run() -> None:
    members = [connection(f"203.0.113.{number}", Doing.RUNNING) for number in range(6)]
    assert crowd(*members).surplus(members[-1]) == []


@pytest.mark.parametrize(
    ("host", "network"),
    [
        ("203.0.113.7", "203.0.113.7/32"),
        ("2001:db8:1:2:3::4", "2001:db8:1:2::/64"),
        ("::ffff:203.0.113.7", "203.0.113.7/32"),
        ("fe80::1%eth0", "fe80::/64"),
        ("127.0.0.1", None),
        ("::1", None),
        ("::ffff:127.0.0.2", None),
    ],
)
def test_addresses_are_counted_as_a_network_would(host: str, network: str | None) -> None:
    assert network_of((host, 1)) == network


@pytest.mark.parametrize(
    ("host", "network"),
    [
        ("10.1.2.3", None),
        ("172.17.0.1", None),
        ("192.168.1.5", None),
        ("100.64.0.9", None),
        ("fd00::7", None),
        ("fe80::1%eth0", None),
        ("::ffff:10.1.2.3", None),
        ("93.184.216.34", "93.184.216.34/32"),
        ("2a00:1450:4001::5", "2a00:1450:4001::/64"),
    ],
)
def test_behind_proxies_a_private_address_is_a_proxys_and_has_no_limit(host: str, network: str | None) -> None:
    assert network_of((host, 1), behind_proxies=True) == network
    assert network_of((host, 1)) is not None


def test_a_unix_socket_has_no_network() -> None:
    assert network_of("") is None
