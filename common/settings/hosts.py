"""The names to which the desk answers: those of the settings, loopback, and without PUBLIC_URL those of a LAN."""

from __future__ import annotations

import ipaddress
import re
import socket
from dataclasses import dataclass

from common.settings.values import ValueRefused, encoded

LONGEST = 255  # characters of a host (RFC 1035, 2.3.4)
ADDRESS = re.compile(r"\[([0-9a-f:.]{2,45})\](?::[0-9]{0,5})?")
NAME = re.compile(r"([a-z0-9_-]+(?:\.[a-z0-9_-]+)*)\.?(?::[0-9]{0,5})?")


def name_of(host: str) -> str | None:
    """The name in a `Host` header as names are compared, without its port; None: it is no host (RFC 9110, 7.2)."""
    if len(host) > LONGEST:
        return None
    found = ADDRESS.fullmatch(host.lower()) or NAME.fullmatch(host.lower())
    if found is None or (host.startswith("[") and _address(found[1]) is None):
        return None
    return found[1]


def read_hosts(raw: str) -> tuple[str, ...]:
    """Parse TRUSTED_HOSTS. A name that begins with a dot stands for itself and for every name below it."""
    return tuple(_read_host(part.strip()) for part in raw.split(",") if part.strip())


def _read_host(part: str) -> str:
    dot = "." if part.startswith(".") else ""
    name = encoded(part.removeprefix("."))
    if _address(name.strip("[]")) is not None and not dot:
        return name.strip("[]")
    if name_of(name) != name:
        raise ValueRefused(f"“{part}” is no name of a host: no scheme, no port, no *")
    return dot + name


@dataclass(frozen=True)
class OwnHosts:
    """The names to which the desk answers. `any_address`: every literal address is one, too."""

    names: frozenset[str]
    domains: tuple[str, ...]  # each begins with a dot
    any_address: bool

    def hold(self, name: str) -> bool:
        """Whether the name, as `name_of` returns it, is one of ours."""
        address = _address(name)
        if address is not None:
            return name in self.names or self.any_address or address.is_loopback or address.is_unspecified
        return name in self.names or f".{name}".endswith((*self.domains, ".localhost"))


def own_hosts(public_name: str | None, trusted: tuple[str, ...]) -> OwnHosts:
    """The names of this desk. Nobody else can have this machine's own name, or make an address lead elsewhere.

    A site of a stranger can make its own name point here and would be read by a browser of our network; it cannot make
    an address or this machine's name its own.
    """
    named = [name for name in trusted if not name.startswith(".")]
    domains = tuple(name for name in trusted if name.startswith("."))
    named += [public_name] if public_name else machine_names()
    return OwnHosts(frozenset(named), domains, any_address=not public_name)


def machine_names() -> list[str]:
    """The names under which a LAN knows this machine: its own, and the one that mDNS announces (RFC 6762)."""
    own = name_of(socket.gethostname()) or ""
    first = own.partition(".")[0]
    return sorted({own, first, f"{first}.local"}) if first else []


def _address(name: str) -> ipaddress.IPv4Address | ipaddress.IPv6Address | None:
    try:
        return ipaddress.ip_address(name)
    except ValueError:
        return None
