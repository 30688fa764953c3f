"""What a change of access ends, in words: pages say it before the button."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from common.i18n import ngettext
from common.people.access.revocation import Credential

_PARTS: dict[Credential, Callable[[int], str]] = {
    Credential.BROWSERS: lambda n: ngettext("%(num)s browser", "%(num)s browsers", n),
    Credential.LINK_BROWSERS: lambda n: ngettext("%(num)s browser", "%(num)s browsers", n),
    Credential.LOGIN_LINKS: lambda n: ngettext("%(num)s link to sign in", "%(num)s links to sign in", n),
    Credential.LINKS_FOR: lambda n: ngettext("%(num)s link to come in", "%(num)s links to come in", n),
    Credential.LINKS_BY: lambda n: ngettext("%(num)s invitation made", "%(num)s invitations made", n),
    Credential.LINKS_BEYOND: lambda n: ngettext("%(num)s invitation made", "%(num)s invitations made", n),
    Credential.TOKENS: lambda n: ngettext("%(num)s API token", "%(num)s API tokens", n),
}


def ended(counts: Mapping[Credential, int]) -> str:
    """`2 browsers, 1 API token`; empty if nothing ends that a reader would miss."""
    return ", ".join(part(counts[one]) % {"num": counts[one]} for one, part in _PARTS.items() if one in counts)
