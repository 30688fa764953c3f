"""What is known of the bot: who it is, how its updates come, until when it must be silent.

The daemon writes it, because the desk holds no token.
"""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from common import clock
from common.database.models import Bot


def active_bot(session: Session) -> Bot | None:
    """The bot whose daemon ran last: whose updates the web app records."""
    return session.scalar(select(Bot).order_by(Bot.active_at.desc()).limit(1))


def bot_link(session: Session, code: str) -> str:
    """What opens the bot with an invitation's code; empty before any daemon has run."""
    bot = active_bot(session)
    return f"{bot.link_base}/{bot.username}?start={code}" if bot is not None else ""


def publish(
    session: Session,
    bot_id: int,
    *,
    username: str,
    name: str,
    link_base: str,
    webhook: dict[str, Any],
    desk_url: str | None = None,
) -> None:
    """Say who the bot is and how its updates come; and the bot's cards, where the desk is."""
    bot = session.get(Bot, bot_id) or Bot(bot_id=bot_id)
    bot.username, bot.name, bot.link_base = username, name[:80], link_base
    bot.active_at, bot.webhook, bot.desk_url = clock.utcnow(), webhook, (desk_url or "")[:200]
    session.add(bot)


def published_webhook(session: Session, bot_id: int) -> dict[str, Any]:
    """How its updates come, as it was published last; empty before."""
    bot = session.get(Bot, bot_id)
    return dict(bot.webhook) if bot else {}


def pause(session: Session, bot_id: int, seconds: float) -> None:
    """A 429 that concerns the whole bot: kept, so that a restart obeys it too."""
    bot = session.get(Bot, bot_id)
    until = clock.utcnow() + timedelta(seconds=seconds)
    if bot is not None and (bot.paused_until is None or bot.paused_until < until):
        bot.paused_until = until


def pause_seconds(session: Session, bot_id: int) -> float:
    """Seconds for which the whole bot must still be silent."""
    bot = session.get(Bot, bot_id)
    if bot is None or bot.paused_until is None:
        return 0.0
    return max((bot.paused_until - clock.utcnow()).total_seconds(), 0.0)
