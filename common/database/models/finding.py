"""Finding orders: the words of orders, the numbers of their cars, and the saved lists."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from common.database.models.base import Base, Identifier, Json
from common.database.models.people import Person

# Sorted by bytes: words with the same beginning are then adjacent in an index, on both databases.
Bytewise = String(40).with_variant(String(40, collation="C"), "postgresql")


class OrderWord(Base):
    """A folded word that finds an order; `category:3` files the order under a category. Written with the order."""

    __tablename__ = "order_word"
    __table_args__ = (Index(None, "word", "order_id"), {"sqlite_with_rowid": False})

    order_id: Mapped[int] = mapped_column(ForeignKey("orders.id"), primary_key=True, autoincrement=False)
    word: Mapped[str] = mapped_column(Bytewise, primary_key=True)


class CarWord(Base):
    """The endings of a car's plate or VIN, from each of its characters on, so that any part of it is a beginning."""

    __tablename__ = "car_word"
    __table_args__ = (Index(None, "word", "vehicle_id"), {"sqlite_with_rowid": False})

    vehicle_id: Mapped[int] = mapped_column(ForeignKey("vehicle.id"), primary_key=True, autoincrement=False)
    word: Mapped[str] = mapped_column(Bytewise, primary_key=True)


class OrderIndex(Base):
    """One row: how far the index is written, and with which version of the folding."""

    __tablename__ = "order_index"

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    version: Mapped[int]
    last_order: Mapped[int] = mapped_column(Identifier)  # the highest filed number
    last_car: Mapped[int] = mapped_column(Identifier)
    finished: Mapped[bool]


class SavedView(Base):
    """A named list of orders: its filters, not its results. Private, or for the whole desk."""

    __tablename__ = "saved_view"
    __table_args__ = (Index(None, "owner_id", "id"), {"sqlite_autoincrement": True})

    id: Mapped[int] = mapped_column(Identifier, primary_key=True)
    name: Mapped[str] = mapped_column(String(60))
    owner_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    shared: Mapped[bool]
    wanted: Mapped[dict[str, Any]] = mapped_column(Json)  # the fields of the list's address
    version: Mapped[int] = mapped_column(default=1)
    created_at: Mapped[datetime]
    updated_at: Mapped[datetime]
    archived_at: Mapped[datetime | None]

    owner: Mapped[Person] = relationship()
