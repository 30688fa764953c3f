"""The data of a view, its paging, and the buttons that several views share."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy.orm import Session

from bot_daemon.chat import buttons
from bot_daemon.chat.content import Button
from bot_daemon.chat.conversation.drafts import Draft, DraftLine
from bot_daemon.chat.conversation.state import AttachedFile
from common import i18n
from common.database.models import Person, Unit
from common.i18n import gettext as _
from common.orders.content.quantities import SMALLER, quantity_text

QUANTITIES = (1, 2, 3, 4)
SMALL_UNITS = frozenset(small for small, _many in SMALLER.values())


@dataclass(frozen=True)
class Stage:
    """The data that a view is made from."""

    session: Session
    person: Person
    key: str
    draft: Draft
    arguments: Mapping[str, Any]
    attached: tuple[AttachedFile, ...] = ()

    def number(self, name: str) -> int:
        value = self.arguments.get(name, 0)
        return value if isinstance(value, int) else 0

    def button(self, press: buttons.Press, text: str, **values: object) -> Button:
        """A button of this draft."""
        return press.button(text, key=self.key, **values)

    def marks(self) -> dict[int, str]:
        """The marks behind each line: an open question, attachments."""
        return {line.id: self.mark(line) for line in self.draft.lines}

    def mark(self, line: DraftLine) -> str:
        files = sum(one.line == line.id for one in self.attached)
        return " ".join(sign for sign in ("❔" if line.is_open else "", f"📎{files}" if files else "") if sign)


def present_page(stage: Stage, total: int, size: int) -> tuple[int, int]:
    """The shown page and the number of pages; a page beyond the end becomes the last."""
    pages = max(-(-total // size), 1)
    return min(max(stage.number("page"), 0), pages - 1), pages


def page_suffix(page: int, pages: int) -> str:
    return f" · {page + 1}/{pages}" if pages > 1 else ""


def page_turns(page: int, pages: int) -> list[tuple[str, int]]:
    """The arrows to the neighbouring pages; in a right-to-left language the next page lies to the left."""
    left, right = (page - 1, page + 1) if i18n.direction() == "ltr" else (page + 1, page - 1)
    return [(sign, to) for sign, to in (("◀️", left), ("▶️", right)) if 0 <= to < pages]


def home_button() -> Button:
    return buttons.HOME.button("🏠 " + _("Home"))


def quantities(stage: Stage, line: DraftLine, numbers: Sequence[int] = QUANTITIES) -> list[Button]:
    """Buttons for the usual quantities, in the unit of the line; none for parts of a litre or a metre."""
    if line.unit in SMALL_UNITS:
        return []
    return [
        stage.button(buttons.QUANTITY, f"• {text} •" if n == line.quantity else text, line=line.id, quantity=n)
        for n in numbers
        for text in (str(n) if line.unit is Unit.PIECE else quantity_text(n, line.unit),)
    ]
