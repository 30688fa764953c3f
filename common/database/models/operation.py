"""The shared state of the processes: the lease, the heartbeats, the bot, the revision that the pages follow."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import BigInteger, String, text
from sqlalchemy.orm import Mapped, mapped_column

from common.database.models.base import Base, Json


class Lease(Base):
    """The leading daemon's lease. Each new holder raises the epoch, which fences off writes of an old holder."""

    __tablename__ = "lease"

    name: Mapped[str] = mapped_column(String(32), primary_key=True)
    holder: Mapped[str] = mapped_column(String(64))
    epoch: Mapped[int]
    expires_at: Mapped[datetime]
    machine: Mapped[str] = mapped_column(String(120))  # boot and process namespace; a pid is valid only there
    pid: Mapped[int]
    started: Mapped[str] = mapped_column(String(32))  # the process's start time, because a pid can be reused
    doorbell_url: Mapped[str] = mapped_column(String(200), default="")


class Process(Base):
    """A running process and its heartbeat. The operator's page shows the details."""

    __tablename__ = "process"

    name: Mapped[str] = mapped_column(String(64), primary_key=True)
    kind: Mapped[str] = mapped_column(String(16))  # daemon, web
    version: Mapped[str] = mapped_column(String(24))
    started_at: Mapped[datetime]
    heartbeat_at: Mapped[datetime]
    details: Mapped[dict[str, Any]] = mapped_column(Json)


class Bot(Base):
    """The bot as Telegram describes it; written by the daemon, read by the desk, which holds no token."""

    __tablename__ = "bot"

    bot_id: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)
    username: Mapped[str] = mapped_column(String(64))
    name: Mapped[str] = mapped_column(String(80))
    link_base: Mapped[str] = mapped_column(String(200))  # https://t.me, or the emulator's page
    desk_url: Mapped[str] = mapped_column(String(200), default="", server_default=text("''"))  # PUBLIC_URL, if set
    active_at: Mapped[datetime]
    paused_until: Mapped[datetime | None]  # the end of a 429 for the whole bot
    webhook: Mapped[dict[str, Any]] = mapped_column(Json)  # getWebhookInfo as last seen, without secrets


class Revision(Base):
    """One row, raised as the last statement of every transaction that changes the content of a page."""

    __tablename__ = "revision"

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    value: Mapped[int]


class SchemaFloor(Base):
    """One row: the oldest code that may still run on this schema."""

    __tablename__ = "schema_floor"

    oldest: Mapped[str] = mapped_column(String(32), primary_key=True)
