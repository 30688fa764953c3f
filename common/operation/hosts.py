"""The doctor's check of the names to which the desk answers, and of the address to which its links lead."""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.orm import Session

from common import clock
from common.database.models import KnownBrowser
from common.i18n import N_
from common.operation.findings import Finding, Level
from common.operation.proxies import LATELY
from common.settings.addresses import on_loopback
from common.settings.config import StationSettings
from common.throttling.networks import read_address

# Names that no stranger can register: of a LAN (RFC 6762, RFC 8375), of containers, of routers.
INNER = (".local", ".lan", ".internal", ".localhost", ".home.arpa", ".home", ".box")


def check_hosts(session: Session, settings: StationSettings) -> list[Finding]:
    """Reports a PUBLIC_URL or TRUSTED_HOSTS that does not fit; else the names to which the desk answers."""
    found = [*_check_public_url(session, settings), *_check_domains(settings.trusted_hosts)]
    own = settings.own_hosts
    names = ", ".join(sorted((*own.names, *own.domains, "localhost")))
    return found or [Finding(Level.OK, "hosts", N_("The desk answers to these names: %(names)s."), {"names": names})]


def _check_public_url(session: Session, settings: StationSettings) -> list[Finding]:
    url = settings.public_url
    if url is None:
        misses = settings.trusted_proxies or settings.trusted_hosts
        return [Finding(Level.WARN, "hosts", _MISSING)] if misses else []
    if on_loopback(url):
        return [Finding(Level.WARN, "hosts", _LOOPBACK, {"url": url})] if _come_from_elsewhere(session) else []
    if url.startswith("http://") and not _is_inner(settings.public_name or ""):
        return [Finding(Level.WARN, "hosts", _READABLE, {"url": url})]
    return []


def _check_domains(trusted: tuple[str, ...]) -> list[Finding]:
    wide = [name for name in trusted if name.startswith(".") and name.count(".") == 1 and name not in INNER]
    return [Finding(Level.WARN, "hosts", _WIDE, {"name": name}) for name in wide]


def _come_from_elsewhere(session: Session) -> bool:
    """Whether somebody signed in from another machine within the last days."""
    recent = select(KnownBrowser.network).where(KnownBrowser.seen_at > clock.utcnow() - LATELY)
    seen = (read_address(network.partition("/")[0]) for network in session.scalars(recent.distinct()))
    return any(address is not None and not address.is_loopback for address in seen)


def _is_inner(name: str) -> bool:
    address = read_address(name)
    return address.is_private if address is not None else "." not in name or name.endswith(INNER)


_MISSING = N_(
    "PUBLIC_URL is empty, though TRUSTED_PROXIES or TRUSTED_HOSTS is set: no link leads to the desk, and a name that a"
    " proxy passes on is refused unless TRUSTED_HOSTS holds it. Set PUBLIC_URL to the address that people type."
)
_LOOPBACK = N_(
    "PUBLIC_URL is %(url)s, which only this machine reaches, and people sign in from elsewhere: links lead nowhere. Set"
    " it to the address that they type."
)
_READABLE = N_(
    "PUBLIC_URL is %(url)s: over plain http, passwords and cookies cross the internet readable. Put a proxy with TLS"
    " before the desk, and set its https address."
)
_WIDE = N_("TRUSTED_HOSTS holds %(name)s: whoever has a name below it can pose as the desk. Name the hosts in full.")
