"""The views a screen can show."""

from __future__ import annotations

import enum


class ScreenView(enum.StrEnum):
    LANGUAGES = "languages"
    HOME = "home"  # arguments: sent, the number of the order just sent
    HELP = "help"
    ORDERS = "orders"  # show (open, ready, all, car), vehicle, page
    CARS = "cars"
    NOTICES = "notices"
    CHANGE = "change"  # order, page
    CHANGE_LINE = "change_line"  # order, line
    ADD_LINE = "add_line"  # order
    CANCEL = "cancel"  # order: asks before it is cancelled
    WRITE = "write"  # order
    WHICH = "which"  # message: the one whose order the person is asked for
    DESK = "desk"  # which (new, mine), page: for staff
    WHY = "why"  # order, version, move: the reasons to choose from, for staff
    CATEGORIES = "categories"  # favourites and recents first
    FAVOURITES = "favourites"  # page
    PARTS = "parts"  # category, page
    LINE = "line"  # line
    MATCHES = "matches"  # line: which part of the catalogue its words mean
    HOW_MANY = "how_many"  # line: how many of it
    PLATE = "plate"
    HISTORY = "history"  # earlier orders for this car
    SUMMARY = "summary"  # page
    COMMENT = "comment"
    DROP = "drop"


VIEWS_BY_NAME: dict[str, ScreenView] = {view.value: view for view in ScreenView}
OF_A_LINE = frozenset({ScreenView.LINE, ScreenView.MATCHES, ScreenView.HOW_MANY})
OF_THE_DRAFT = frozenset(
    {
        ScreenView.CATEGORIES,
        ScreenView.FAVOURITES,
        ScreenView.PARTS,
        ScreenView.LINE,
        ScreenView.MATCHES,
        ScreenView.HOW_MANY,
        ScreenView.PLATE,
        ScreenView.HISTORY,
        ScreenView.SUMMARY,
        ScreenView.COMMENT,
    }
)
