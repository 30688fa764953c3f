"""Buttons that several views have for a line."""

from __future__ import annotations

from bot_daemon.chat import buttons
from bot_daemon.chat.content import Button
from bot_daemon.chat.conversation.drafts import DraftLine
from bot_daemon.chat.rendering.screens.stage import Stage
from common.i18n import gettext as _

QUANTITIES = (1, 2, 3, 4)


def quantities(stage: Stage, line: DraftLine) -> list[Button]:
    return [
        stage.button(buttons.QUANTITY, f"• {n} •" if n == line.quantity else str(n), line=line.id, quantity=n)
        for n in QUANTITIES
    ]


def remove_or_more(stage: Stage, line: DraftLine) -> list[Button]:
    return [
        stage.button(buttons.QUANTITY, "🗑 " + _("Remove"), line=line.id, quantity=0),
        stage.button(buttons.CATEGORIES, "➕ " + _("More parts")),
    ]
