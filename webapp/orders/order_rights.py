"""The reader's permitted actions on orders, for the pages that offer them."""

from __future__ import annotations

from dataclasses import dataclass

from common.permissions import Action
from webapp.web.context import Reader


@dataclass(frozen=True)
class OrderRights:
    """The reader's permitted actions on orders."""

    move: bool
    assign: bool
    change_lines: bool
    change_catalogue: bool
    decide_requests: bool
    write_messages: bool
    repair_messages: bool
    write_notes: bool

    @classmethod
    def of(cls, who: Reader) -> OrderRights:
        return cls(
            move=who.may(Action.ORDER_MOVE),
            assign=who.may(Action.ORDER_ASSIGN),
            change_lines=who.may(Action.LINE_CHANGE),
            change_catalogue=who.may(Action.CATALOGUE_CHANGE),
            decide_requests=who.may(Action.REQUEST_DECIDE),
            write_messages=who.may(Action.MESSAGE_WRITE),
            repair_messages=who.may(Action.MESSAGE_REPAIR),
            write_notes=who.may(Action.NOTE_WRITE),
        )


@dataclass(frozen=True)
class ListRights:
    """The reader's permitted actions on the list."""

    place: bool
    move: bool
    assign: bool
    export: bool
    save_view: bool

    @classmethod
    def of(cls, who: Reader) -> ListRights:
        return cls(
            place=who.may(Action.ORDER_PLACE_FOR),
            move=who.may(Action.ORDER_MOVE),
            assign=who.may(Action.ORDER_ASSIGN),
            export=who.may(Action.ORDER_EXPORT),
            save_view=who.may(Action.VIEW_SAVE),
        )
