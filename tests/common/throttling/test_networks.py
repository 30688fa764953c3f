"""Whoever has one address of a network has them all; how a proxy writes an address makes no other network."""

from __future__ import annotations

import pytest

from common.throttling.networks import UNKNOWN, network_of


@pytest.mark.parametrize(
    ("written", "network"),
    [
        ("192.0.2.7", "192.0.2.7"),
        (" 192.0.2.7 ", "192.0.2.7"),
        ("192.0.2.7:50123", "192.0.2.7"),
        ("::ffff:192.0.2.7", "192.0.2.7"),
        ("::FFFF:c000:0207", "192.0.2.7"),
        ("[::ffff:192.0.2.7]:443", "192.0.2.7"),
        ("2001:db8:1:2::1", "2001:db8:1:2::/64"),
        ("2001:DB8:1:2:ffff:ffff:ffff:ffff", "2001:db8:1:2::/64"),
        ("[2001:db8:1:2::1]", "2001:db8:1:2::/64"),
        ("[2001:db8:1:2::1]:4711", "2001:db8:1:2::/64"),
        ('"[2001:db8:1:2::1]:4711"', "2001:db8:1:2::/64"),
        ("fe80::1%eth0", "fe80::/64"),
        ("[fe80::1%25eth0]:80", "fe80::/64"),
        ("::1", "::/64"),
        ("", UNKNOWN),
        ("unknown", UNKNOWN),
        ("_hidden", UNKNOWN),
        ("192.0.2.7.8", UNKNOWN),
        ("192.0.2.07", UNKNOWN),
        ("[192.0.2", UNKNOWN),
        ("я" * 100, UNKNOWN),
        ("9" * 5000, UNKNOWN),
    ],
)
def test_an_address_counts_as_its_network(written: str, network: str) -> None:
    assert network_of(written) == network
