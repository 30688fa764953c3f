"""Addresses as a network counts them: whoever has one address of a network has them all."""

from __future__ import annotations

import ipaddress

UNKNOWN = "unknown"
SIZE_OF_A_HOME = 64  # bits of an IPv6 prefix; a subscriber is given at least that much (RFC 6177)

Address = ipaddress.IPv4Address | ipaddress.IPv6Address


def network_of(text: str) -> str:
    """The network of an address: an IPv4 address itself, the /64 of an IPv6 address. No address: `unknown`."""
    address = read_address(text)
    if address is None:
        return UNKNOWN
    if isinstance(address, ipaddress.IPv4Address):
        return str(address)
    return str(ipaddress.ip_network((address, SIZE_OF_A_HOME), strict=False))


def read_address(text: str) -> Address | None:
    """The address without its port and zone; one that maps an IPv4 address is that IPv4 address.

    Proxies write `192.0.2.1:4711`, `[2001:db8::1]:4711`, `"[2001:db8::1]"` (RFC 7239, 6).
    """
    plain = text.strip().strip('"')
    if plain.startswith("["):
        plain = plain[1:].partition("]")[0]
    elif plain.count(":") == 1:
        plain = plain.partition(":")[0]
    try:
        address = ipaddress.ip_address(plain.partition("%")[0])
    except ValueError:
        return None
    return getattr(address, "ipv4_mapped", None) or address
