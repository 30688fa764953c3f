"""The doctor's check of the proxies before the desk: how many are believed, and how many there are.

Each sign-in records how many addresses proxies had named, and from which network it came.
"""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from common import clock
from common.database.models import KnownBrowser
from common.i18n import N_
from common.operation.findings import Finding, Level
from common.settings.config import StationSettings
from common.throttling.networks import UNKNOWN, read_address

LATELY = timedelta(days=7)
ENOUGH = 3  # people who signed in, before something they have in common says anything


def check_proxies(session: Session, settings: StationSettings) -> list[Finding]:
    """Compares TRUSTED_PROXIES with what the sign-ins of the last days saw."""
    seen = list(session.scalars(select(KnownBrowser).where(KnownBrowser.seen_at > clock.utcnow() - LATELY)))
    if not seen:
        return []
    trusted, newest = settings.trusted_proxies, max(seen, key=lambda browser: browser.seen_at)
    values = {"trusted": trusted, "hops": newest.hops}
    if newest.hops and not trusted:
        return [Finding(Level.WARN, "proxies", _UNTRUSTED, values)]
    if newest.hops < trusted:
        return [Finding(Level.WARN, "proxies", _FEWER, values)]
    if newest.hops > trusted:
        return [Finding(Level.WARN, "proxies", _MORE, values)]
    if _share_an_inner_address(seen, settings):
        return [Finding(Level.WARN, "proxies", _SHARED, {"network": newest.network})]
    return [Finding(Level.OK, "proxies", N_("Proxies that are believed: %(trusted)d."), values)]


def _share_an_inner_address(seen: list[KnownBrowser], settings: StationSettings) -> bool:
    """Whether all come from one address of a private network although the desk is public: it is a proxy's."""
    networks = {browser.network for browser in seen}
    if len({browser.person_id for browser in seen}) < ENOUGH or len(networks) > 1 or not settings.public_url:
        return False
    (network,) = networks
    address = read_address(network.partition("/")[0])
    is_public = settings.public_url.startswith("https://")
    return is_public and (network == UNKNOWN or (address is not None and address.is_private))


_UNTRUSTED = N_(
    "A proxy names the clients' addresses, and none is believed: all clients count as one, and who guesses passwords"
    " slows down all. Set TRUSTED_PROXIES=%(hops)d if they are your own proxies."
)
_FEWER = N_(
    "The last sign-in came past %(hops)d proxies, and TRUSTED_PROXIES is %(trusted)d: somebody reaches the desk's port"
    " directly, or the proxy sends no X-Forwarded-For."
)
_MORE = N_(
    "The last sign-in came past %(hops)d proxies, and TRUSTED_PROXIES is %(trusted)d: if another proxy of yours stands"
    " in front, all its clients count as one. Set TRUSTED_PROXIES=%(hops)d then."
)
_SHARED = N_(
    "Everybody signs in from %(network)s: a proxy hides the clients' addresses. Let it send X-Forwarded-For, and set"
    " TRUSTED_PROXIES."
)
