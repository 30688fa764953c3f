"""The settings about the desk's address, and about what stands between the desk and its readers."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from urllib.parse import urlsplit

from common.errors import SettingsError
from common.settings import values
from common.settings.hosts import OwnHosts, own_hosts, read_hosts
from common.settings.values import LOOPBACK
from common.settings.variables import setting


@dataclass(frozen=True)
class AddressSettings:
    """Read by both processes and by the `felix-hub` command."""

    public_url: str | None = setting(
        "PUBLIC_URL",
        values.site,
        "the desk's address as people type it, without a path",
        "Only forms of this origin are accepted, https makes cookies Secure, and staff's cards in the chat link to it."
        " The desk answers to no other name but its machine's loopback and TRUSTED_HOSTS.",
        None,
    )
    further_hosts: tuple[str, ...] | None = setting(
        "TRUSTED_HOSTS",
        read_hosts,
        "names of hosts, separated by commas; .example.org stands for every name below it, too",
        "Further names to which the desk answers, besides PUBLIC_URL's; a request with another one is refused.",
        None,
    )
    proxies: int | None = setting(
        "TRUSTED_PROXIES",
        values.count(10),
        "how many proxies stand before the desk, from 0 to 10",
        "So many addresses of X-Forwarded-For are believed, counted from the last. Empty: 1 if PUBLIC_URL is https,"
        " else 0. A CDN before the proxy makes 2.",
        None,
    )

    @property
    def trusted_proxies(self) -> int:
        """How many proxies are believed."""
        if self.proxies is not None:
            return self.proxies
        return 1 if (self.public_url or "").startswith("https://") else 0

    @property
    def trusted_hosts(self) -> tuple[str, ...]:
        """The names of TRUSTED_HOSTS."""
        return self.further_hosts or ()

    @cached_property
    def own_hosts(self) -> OwnHosts:
        """The names to which the desk answers."""
        return own_hosts(self.public_name, self.trusted_hosts)

    @property
    def public_name(self) -> str | None:
        """PUBLIC_URL's host."""
        return urlsplit(self.public_url or "").hostname

    def check_demo(self) -> None:
        """The demo shows its passwords. Raises: SettingsError when others may reach it."""
        if self.public_url and not on_loopback(self.public_url):
            raise SettingsError(
                "FELIX_DEMO is 1 and PUBLIC_URL is not an address of this machine: the demo shows its passwords on the"
                " login page, so take one of the two out."
            )


def on_loopback(url: str) -> bool:
    return urlsplit(url).hostname in LOOPBACK
