"""The command palette's words: each command in the reader's language, and found in all of them."""

from __future__ import annotations

from dataclasses import dataclass

from common.i18n import N_, gettext, translations
from common.orders.moves import Move
from common.settings.variables import LANGUAGES
from common.words import MOVES
from webapp.web.context import maybe_reader


@dataclass(frozen=True)
class PageLink:
    """A page to go to; `action` is the permission it wants."""

    href: str
    name: str
    icon: str
    action: str = "desk.see"


PAGES = (
    PageLink("/", N_("Board"), "board"),
    PageLink("/orders", N_("Orders"), "orders"),
    PageLink("/catalogue", N_("Catalogue"), "catalogue", "catalogue.see"),
    PageLink("/people", N_("People"), "people", "people.see"),
    PageLink("/system", N_("System"), "system", "system.see"),
    PageLink("/audit", N_("Audit"), "orders", "audit.see"),
    PageLink("/account", N_("Your account"), "user"),
)
# Which move a key makes; the others are in the palette and on the order's page.
KEYS: dict[Move, str] = {Move.TAKE: "C", Move.READY: "R", Move.ISSUE: "I", Move.WAIT: "W"}


@dataclass(frozen=True)
class Command:
    """`value`: an address or a move; `words`: the name in every language."""

    value: str
    name: str
    words: str
    key: str = ""
    icon: str = ""


def page_commands() -> list[Command]:
    reader = maybe_reader()
    return [
        _command(page.href, page.name, icon=page.icon)
        for page in PAGES
        if reader is not None and reader.may(page.action)
    ]


def move_commands() -> list[Command]:
    return [_command(move.value, name, key=KEYS.get(move, "")) for move, name in MOVES.items()]


def _command(value: str, name: str, *, key: str = "", icon: str = "") -> Command:
    return Command(value, gettext(name), " ".join(translations(code).gettext(name) for code in LANGUAGES), key, icon)
