"""The pages that the menu, the keys and the palette open."""

from __future__ import annotations

from dataclasses import dataclass

from flask import request

from common.i18n import N_
from common.permissions import Action
from webapp.web.context import maybe_reader, reader


@dataclass(frozen=True)
class PageLink:
    """A page to go to; `action` is the permission it needs, `key` the key after G.

    `in_bar`: whether it stands in the top bar.
    """

    href: str
    name: str
    icon: str
    action: Action = Action.DESK_SEE
    key: str = ""
    in_bar: bool = False

    @property
    def is_current(self) -> bool:
        """Whether the request is for this page or for one below it."""
        return request.path == "/" if self.href == "/" else request.path.startswith(self.href)


@dataclass(frozen=True)
class Menu:
    """The reader's menu: the pages of the top bar, and what the menu behind the name offers."""

    bar: list[PageLink]
    offers_new_order: bool
    offers_quick_replies: bool
    offers_audit: bool


PAGES = (
    PageLink("/", N_("Board"), "board", key="B", in_bar=True),
    PageLink("/orders", N_("Orders"), "orders", key="O", in_bar=True),
    PageLink("/catalogue", N_("Catalogue"), "catalogue", Action.CATALOGUE_SEE, "C", in_bar=True),
    PageLink("/people", N_("People"), "people", Action.PEOPLE_SEE, "P", in_bar=True),
    PageLink("/system", N_("System"), "system", Action.SYSTEM_SEE, "S", in_bar=True),
    PageLink("/audit", N_("Audit"), "orders", Action.AUDIT_SEE),
    PageLink("/account", N_("Your account"), "user"),
)


def visible_pages() -> list[PageLink]:
    """The pages that the reader may see; none if no reader is signed in."""
    who = maybe_reader()
    return [page for page in PAGES if who is not None and who.may(page.action)]


def menu() -> Menu:
    """The menu of the signed-in reader."""
    who = reader()
    return Menu(
        bar=[page for page in visible_pages() if page.in_bar],
        offers_new_order=who.may(Action.ORDER_PLACE_FOR),
        offers_quick_replies=who.may(Action.REPLY_EDIT),
        offers_audit=who.may(Action.AUDIT_SEE),
    )
