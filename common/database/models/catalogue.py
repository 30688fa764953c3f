"""Categories and parts, named in three languages. Archived, never deleted: old orders keep their own words."""

from __future__ import annotations

import enum
import secrets
from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, String, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from common.database.models.base import NEXT_VERSION, Base, Identifier, Json


def _stamp() -> int:
    """A random number, almost certainly unique to this state of a row: caches of the catalogue compare the stamps.

    It comes from the machine's randomness: code that seeds `random`, as test tools do, would repeat the same numbers.
    """
    return secrets.randbits(31)


class Unit(enum.StrEnum):
    """In what a part is counted; quantities are whole numbers of it."""

    PIECE = "pcs"  # one piece, or one package of it
    SET = "set"  # what belongs together, such as pads of an axle
    PAIR = "pair"  # two that are sold as one
    LITRE = "l"
    MILLILITRE = "ml"  # a broken number of litres
    METRE = "m"
    CENTIMETRE = "cm"  # a broken number of metres
    KILOGRAM = "kg"
    GRAM = "g"  # a broken number of kilograms


class Category(Base):
    __tablename__ = "category"
    __table_args__ = ({"sqlite_autoincrement": True},)

    id: Mapped[int] = mapped_column(Identifier, primary_key=True)
    code: Mapped[str] = mapped_column(String(64), unique=True)
    icon: Mapped[str] = mapped_column(String(16))
    names: Mapped[dict[str, Any]] = mapped_column(Json)  # language -> name
    position: Mapped[int]
    archived_at: Mapped[datetime | None]
    # Another at every change: what is kept of the catalogue elsewhere is known to be old.
    stamp: Mapped[int] = mapped_column(default=_stamp, onupdate=_stamp, server_default=text("0"))
    version: Mapped[int] = mapped_column(default=1, onupdate=NEXT_VERSION, server_default=text("1"))


class Part(Base):
    __tablename__ = "part"
    __table_args__ = (Index(None, "category_id", "position"), {"sqlite_autoincrement": True})

    id: Mapped[int] = mapped_column(Identifier, primary_key=True)
    category_id: Mapped[int] = mapped_column(ForeignKey("category.id"))
    code: Mapped[str] = mapped_column(String(64), unique=True)
    names: Mapped[dict[str, Any]] = mapped_column(Json)
    synonyms: Mapped[list[str]] = mapped_column(Json)
    flags: Mapped[list[str]] = mapped_column(Json)
    unit: Mapped[str] = mapped_column(String(8), default="pcs", server_default=text("'pcs'"))
    positions: Mapped[list[str]] = mapped_column(Json, default=list, server_default=text("'[]'"))
    attributes: Mapped[list[str]] = mapped_column(Json, default=list, server_default=text("'[]'"))
    # language -> short name for a button; where none is given, the name fits
    button_names: Mapped[dict[str, Any]] = mapped_column(Json, default=dict, server_default=text("'{}'"))
    position: Mapped[int]
    archived_at: Mapped[datetime | None]
    merged_into_id: Mapped[int | None] = mapped_column(ForeignKey("part.id"))  # archived by a merge into this part
    # Another at every change: what is kept of the catalogue elsewhere is known to be old.
    stamp: Mapped[int] = mapped_column(default=_stamp, onupdate=_stamp, server_default=text("0"))
    version: Mapped[int] = mapped_column(default=1, onupdate=NEXT_VERSION, server_default=text("1"))

    category: Mapped[Category] = relationship()


class Favourite(Base):
    """A part that a person starred: it is offered first when they order."""

    __tablename__ = "favourite"

    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), primary_key=True, autoincrement=False)
    part_id: Mapped[int] = mapped_column(ForeignKey("part.id"), primary_key=True, autoincrement=False)
    created_at: Mapped[datetime]


class CatalogueImport(Base):
    """A previewed file: its rows wait here to be loaded, so that exactly the previewed rows are loaded."""

    __tablename__ = "catalogue_import"
    __table_args__ = ({"sqlite_autoincrement": True},)

    id: Mapped[int] = mapped_column(Identifier, primary_key=True)
    person_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    filename: Mapped[str] = mapped_column(String(120))
    rows: Mapped[list[Any]] = mapped_column(Json)  # [line of the file, {column: cell}]
    created_at: Mapped[datetime]
    expires_at: Mapped[datetime]
    loaded_at: Mapped[datetime | None]
    result: Mapped[dict[str, Any]] = mapped_column(Json, default=dict, server_default=text("'{}'"))
