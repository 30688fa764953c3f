"""What orders are found by: their words, their cars' numbers; and the lists that somebody gave a name."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from common.database.models.base import Base, Identifier, Json
from common.database.models.people import Person

# In the order of bytes: what begins alike then lies together in an index, on both databases.
Bytewise = String(40).with_variant(String(40, collation="C"), "postgresql")


class OrderWord(Base):
    """A folded word an order is found by; `category:3` files it under a category. Written with the order."""

    __tablename__ = "order_word"
    __table_args__ = (Index(None, "word", "order_id"), {"sqlite_with_rowid": False})

    order_id: Mapped[int] = mapped_column(ForeignKey("orders.id"), primary_key=True, autoincrement=False)
    word: Mapped[str] = mapped_column(Bytewise, primary_key=True)


class CarWord(Base):
    """What a car's plate or VIN ends in, from each of its characters on: so any part of it is a beginning."""

    __tablename__ = "car_word"
    __table_args__ = (Index(None, "word", "vehicle_id"), {"sqlite_with_rowid": False})

    vehicle_id: Mapped[int] = mapped_column(ForeignKey("vehicle.id"), primary_key=True, autoincrement=False)
    word: Mapped[str] = mapped_column(Bytewise, primary_key=True)


class OrderIndex(Base):
    """One row: how far the words above are written, and which version of the folding wrote them."""

    __tablename__ = "order_index"

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    version: Mapped[int]
    last_order: Mapped[int] = mapped_column(Identifier)  # the highest number that is filed
    last_car: Mapped[int] = mapped_column(Identifier)
    finished: Mapped[bool]


class SavedView(Base):
    """A list of orders with a name: what was asked for, not what was found. Private, or the whole desk's."""

    __tablename__ = "saved_view"
    __table_args__ = (Index(None, "owner_id", "id"), {"sqlite_autoincrement": True})

    id: Mapped[int] = mapped_column(Identifier, primary_key=True)
    name: Mapped[str] = mapped_column(String(60))
    owner_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    shared: Mapped[bool]
    wanted: Mapped[dict[str, Any]] = mapped_column(Json)  # as in the address of the list
    version: Mapped[int] = mapped_column(default=1)
    created_at: Mapped[datetime]
    updated_at: Mapped[datetime]
    archived_at: Mapped[datetime | None]

    owner: Mapped[Person] = relationship()
