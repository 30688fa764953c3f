"""A browser's everyday name, from its User-Agent: enough for readers to recognise their own."""

from __future__ import annotations

from common.i18n import gettext as _

# The first match counts: the earlier browsers also claim to be each of the later ones.
BROWSERS = (
    ("Edg", "Edge"),
    ("OPR/", "Opera"),
    ("SamsungBrowser/", "Samsung Internet"),
    ("Firefox/", "Firefox"),
    ("FxiOS/", "Firefox"),
    ("CriOS/", "Chrome"),
    ("Chrome/", "Chrome"),
    ("Safari/", "Safari"),
)
SYSTEMS = (
    ("iPhone", "iPhone"),
    ("iPad", "iPad"),
    ("Android", "Android"),
    ("Windows", "Windows"),
    ("Mac OS X", "macOS"),
    ("CrOS", "ChromeOS"),
    ("Linux", "Linux"),
)


def browser_name(agent: str) -> str:
    """`Chrome, Linux`; an unknown User-Agent is shortened and shown as it is."""
    return known_name(agent) or agent[:40] or _("unknown")


def known_name(agent: str) -> str:
    """`Chrome, Linux`; empty for an unknown User-Agent, which may hold any text."""
    browser = next((name for mark, name in BROWSERS if mark in agent), "")
    system = next((name for mark, name in SYSTEMS if mark in agent), "")
    return ", ".join(filter(None, (browser, system)))
