"""One connection of a client, and what it is doing at the moment."""

from __future__ import annotations

import ipaddress
import socket
from dataclasses import dataclass, field
from enum import Enum, auto

from webapp.server.incoming import Address, IncomingRequest
from webapp.server.outgoing import OutgoingAnswer


class Doing(Enum):
    """What a connection is doing."""

    IDLE = auto()  # between two requests
    RECEIVING = auto()  # a head or a body; also silent since it was opened
    RUNNING = auto()  # a thread has its request
    SENDING = auto()  # the thread is done; the client still takes the answer
    LINGERING = auto()  # the answer is sent, the request was not read to its end


@dataclass(eq=False)
class ClientConnection:
    """A client's connection. Only the loop changes it."""

    client: socket.socket
    address: Address
    server: Address
    network: str | None  # None: not limited
    out: OutgoingAnswer
    incoming: IncomingRequest
    deadline: float
    buffer: bytearray = field(default_factory=bytearray)
    doing: Doing = Doing.RECEIVING
    events: int = 0  # that the loop waits for
    keeps_alive: bool = False  # after the present answer

    @property
    def is_unfinished(self) -> bool:
        """Whether it is up to the client to send or take the rest."""
        return self.doing in (Doing.RECEIVING, Doing.SENDING, Doing.LINGERING)

    def is_late(self, now: float) -> bool:
        """Whether the client took longer than it may."""
        deadline = self.out.deadline if self.doing in (Doing.RUNNING, Doing.SENDING) else self.deadline
        return deadline is not None and deadline < now


def network_of(address: Address, behind_proxies: bool = False) -> str | None:
    """The network whose connections are counted together: an IPv4 address, or an IPv6 /64.

    None: not to be limited, since it is a proxy, through which everybody comes: this machine, and `behind_proxies` each
    address that the internet does not know, such as that of a host's router or of another container.
    """
    if isinstance(address, str):
        return None
    found = ipaddress.ip_address(address[0].partition("%")[0])
    if isinstance(found, ipaddress.IPv6Address):
        found = found.ipv4_mapped or found
    if found.is_loopback or (behind_proxies and not found.is_global):
        return None
    bits = 32 if found.version == 4 else 64
    return str(ipaddress.ip_network((found, bits), strict=False))
