"""Ready: the notice says what is still missing, so that nobody walks for half of an order unawares."""

from __future__ import annotations

from datetime import date

from bot_daemon.chat import buttons
from common.database.models import LineState
from common.orders.moves import Move
from tests.bot_daemon.chat.driver import Chat
from tests.bot_daemon.chat.steps.orders.serving import Desk, order_four


def test_ready_names_what_is_not_here_yet(desk: Desk, dimas: Chat) -> None:
    order_four(dimas)
    desk.moves(2, Move.TAKE)
    desk.sets(2, LineState.ORDERED, date(2026, 11, 27), line=1)
    desk.moves(2, Move.READY)
    assert dimas.last.find(buttons.COMING, order=2)
    assert "Ещё не пришло:" in dimas.last.text
    assert "🚚 <b>1 ×</b> шайба · пт, 27 нояб." in dimas.last.text
    assert "гайка" not in dimas.last.text


def test_ready_with_all_parts_here_says_no_more(desk: Desk, dimas: Chat) -> None:
    desk.moves(1, Move.READY)
    assert dimas.last.find(buttons.COMING, order=1)
    assert "Ещё не пришло" not in dimas.last.text
