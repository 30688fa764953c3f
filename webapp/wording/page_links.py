"""The pages that keys and the palette open."""

from __future__ import annotations

from dataclasses import dataclass

from common.i18n import N_
from webapp.web.context import maybe_reader


@dataclass(frozen=True)
class PageLink:
    """A page to go to; `action` is the permission it needs, `key` the key after G."""

    href: str
    name: str
    icon: str
    action: str = "desk.see"
    key: str = ""


PAGES = (
    PageLink("/", N_("Board"), "board", key="B"),
    PageLink("/orders", N_("Orders"), "orders", key="O"),
    PageLink("/catalogue", N_("Catalogue"), "catalogue", "catalogue.see", "C"),
    PageLink("/people", N_("People"), "people", "people.see", "P"),
    PageLink("/system", N_("System"), "system", "system.see", "S"),
    PageLink("/audit", N_("Audit"), "orders", "audit.see"),
    PageLink("/account", N_("Your account"), "user"),
)


def visible_pages() -> list[PageLink]:
    """The pages that the reader may see; none if no reader is signed in."""
    reader = maybe_reader()
    return [page for page in PAGES if reader is not None and reader.may(page.action)]
