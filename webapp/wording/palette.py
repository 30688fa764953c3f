"""The command palette's words: each command is shown in the reader's language and found in all of them."""

from __future__ import annotations

from dataclasses import dataclass

from common.i18n import N_, gettext, translations
from common.languages import LANGUAGES
from common.words import MOVES
from webapp.wording import shortcuts
from webapp.wording.page_links import visible_pages


@dataclass(frozen=True)
class Command:
    """`value`: an address, a move or a dialog; `words`: the name in every language; `key`: the key for it, too."""

    value: str
    name: str
    words: str
    key: str = ""
    icon: str = ""


def page_commands() -> list[Command]:
    return [_command(page.href, page.name, icon=page.icon) for page in visible_pages()]


def move_commands() -> list[Command]:
    return [_command(move.value, name, key=shortcuts.cap_of(f"move {move.value}")) for move, name in MOVES.items()]


def undo_command() -> Command:
    return _command("undo", N_("Undo"), key=shortcuts.cap_of("undo"))


def keys_command() -> Command:
    return _command("keys", N_("Keys"), key=shortcuts.cap_of("keys"))


def _command(value: str, name: str, *, key: str = "", icon: str = "") -> Command:
    return Command(value, gettext(name), " ".join(translations(code).gettext(name) for code in LANGUAGES), key, icon)
