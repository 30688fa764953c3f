"""What is known of the bot: which one is active, and until when it must be silent."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import func, select

from common import clock
from common.database.engine import Database
from common.database.models import Bot
from common.messaging import bots


def test_the_active_bot_is_the_one_whose_daemon_ran_last(any_database: Database) -> None:
    with any_database.write() as session:
        assert bots.active_bot(session) is None
        for number, age in ((1, 5), (2, 1), (3, 9)):
            active = clock.utcnow() - timedelta(hours=age)
            session.add(Bot(bot_id=number, username="b", name="b", link_base="", active_at=active, webhook={}))
    with any_database.read() as session:
        bot = bots.active_bot(session)
        assert bot is not None
        assert bot.bot_id == 2
        assert session.scalar(select(func.count()).select_from(Bot)) == 3


def test_a_pause_of_the_whole_bot_is_kept_and_never_shortened(any_database: Database) -> None:
    with any_database.write() as session:
        session.add(Bot(bot_id=7, username="b", name="b", link_base="", active_at=clock.utcnow(), webhook={}))
        bots.pause(session, 7, 30)
        bots.pause(session, 7, 5)
    with any_database.read() as session:
        assert bots.pause_seconds(session, 7) == pytest.approx(30, abs=2)
        assert bots.pause_seconds(session, 8) == 0.0
