"""The keys of the desk, declared once: the dialog shows them, the scripts obey them, a test holds the docs to them."""

from __future__ import annotations

from dataclasses import dataclass

from common.i18n import N_
from common.orders.moves import Move
from webapp.wording.page_links import PageLink, visible_pages


@dataclass(frozen=True)
class Key:
    """One key, or one after another.

    `code`: its place on the keyboard (`KeyboardEvent.code`), with a modifier (`Shift+Slash`) or the key pressed before
    (`KeyG KeyB`). `action`: a name of `static/scripts/keys.js`, and its argument. `caps`: the print on the keys;
    empty for a key that the meaning mentions in words.
    """

    code: str
    action: str
    caps: tuple[str, ...] = ()


@dataclass(frozen=True)
class Shortcut:
    """Keys and their meaning."""

    meaning: str
    keys: tuple[Key, ...]

    @property
    def caps(self) -> list[str]:
        return [cap for key in self.keys for cap in key.caps]


def _letter(cap: str, action: str) -> Key:
    return Key(f"Key{cap}", action, (cap,))


# The moves that have a key; the others are in the palette and on the order's page.
MOVES = {
    Move.TAKE: ("C", N_("take it")),
    Move.READY: ("R", N_("mark it ready")),
    Move.ISSUE: ("I", N_("issue it")),
    Move.WAIT: ("W", N_("set it waiting, with a reason")),
}
ON_THE_BOARD = (
    Shortcut(
        N_("the next card, the one before"),
        (_letter("J", "next"), _letter("K", "previous"), Key("ArrowDown", "next"), Key("ArrowUp", "previous")),
    ),
    Shortcut(
        N_("the column on the left, on the right; arrows do it too"),
        (_letter("H", "left"), _letter("L", "right"), Key("ArrowLeft", "left"), Key("ArrowRight", "right")),
    ),
    Shortcut(N_("open the order"), (Key("Enter", "open", ("Enter",)),)),
    *(Shortcut(meaning, (_letter(cap, f"move {move.value}"),)) for move, (cap, meaning) in MOVES.items()),
    Shortcut(N_("undo the last move"), (_letter("U", "undo"),)),
    Shortcut(N_("print the order's slip"), (_letter("P", "press slip"),)),
    Shortcut(N_("search"), (Key("Slash", "find", ("/",)),)),
)
EVERYWHERE = (
    Shortcut(N_("all commands (Cmd on a Mac)"), (Key("Control+KeyK", "palette", ("Ctrl", "K")),)),
    Shortcut(N_("these keys"), (Key("Shift+Slash", "keys", ("?",)),)),
)


def shortcuts() -> list[Shortcut]:
    """The keys of the reader, in the order of the dialog, with only the pages that the reader may see."""
    pages = (_shortcut_to(page) for page in visible_pages() if page.key)
    return [*ON_THE_BOARD, *pages, *EVERYWHERE]


def actions() -> dict[str, str]:
    """What each key does, for the scripts."""
    return {key.code: key.action for shortcut in shortcuts() for key in shortcut.keys}


def cap_of(action: str) -> str:
    """The print on the key of this action; empty if the action has no key."""
    keys = (key for shortcut in (*ON_THE_BOARD, *EVERYWHERE) for key in shortcut.keys)
    return next((" ".join(key.caps) for key in keys if key.action == action), "")


def _shortcut_to(page: PageLink) -> Shortcut:
    return Shortcut(page.name, (Key(f"KeyG Key{page.key}", f"go {page.href}", ("G", page.key)),))
