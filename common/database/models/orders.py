"""Orders, their lines, their cars, and the timeline of their events."""

from __future__ import annotations

import enum
from datetime import date, datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from common.database.models.base import Base, Identifier, Json, code_type
from common.database.models.catalogue import Part, Unit
from common.database.models.people import Person


class OrderState(enum.StrEnum):
    NEW = "new"  # not taken yet
    IN_WORK = "in_work"  # a member of staff serves it
    WAITING = "waiting"  # waits for something outside; it has a reason, and a date if one is known
    READY = "ready"  # can be collected
    ISSUED = "issued"  # handed out at the counter
    CANCELLED = "cancelled"  # it will not be served


CLOSED = frozenset({OrderState.ISSUED, OrderState.CANCELLED})  # only reopening and returns can follow


class LineState(enum.StrEnum):
    REQUESTED = "requested"  # as it was ordered
    ORDERED = "ordered"  # at a supplier; the expected day is on the line
    HERE = "here"  # on the shelf, not handed out yet
    ISSUED = "issued"  # handed out
    SUBSTITUTE_PROPOSED = "substitute_proposed"  # another part was proposed in its place
    UNAVAILABLE = "unavailable"  # it cannot be had
    RETURNED = "returned"  # brought back


class Grade(enum.StrEnum):
    ANY = "any"
    ORIGINAL = "original"
    AFTERMARKET = "aftermarket"


class Additives(enum.StrEnum):
    """Whether the car gets the station's additives with this order. If so, they are lines like any other."""

    UNSAID = ""
    WITH = "with"
    WITHOUT = "without"  # expressly none


class Vehicle(Base):
    """A car, identified by its key: the plate in Latin letters and digits without separators, or the VIN."""

    __tablename__ = "vehicle"
    __table_args__ = (Index(None, "vin"), {"sqlite_autoincrement": True})

    id: Mapped[int] = mapped_column(Identifier, primary_key=True)
    key: Mapped[str] = mapped_column(String(32), unique=True)
    raw: Mapped[str] = mapped_column(String(40))
    display: Mapped[str] = mapped_column(String(40))
    country: Mapped[str] = mapped_column(String(8))  # il, ru, other
    vin: Mapped[str | None] = mapped_column(String(32))
    created_at: Mapped[datetime]


class Order(Base):
    """One confirmed order of one mechanic. `key` is its draft's, so confirming twice makes one order."""

    __tablename__ = "orders"
    __table_args__ = (
        Index(None, "state", "state_since"),
        Index(None, "person_id", "id"),
        Index(None, "vehicle_id", "id"),
        # Every list of orders walks along one of these indexes from the newest on: see common/finding/order_search.py.
        Index(None, "state", "id"),
        Index(None, "owner_id", "id"),
        Index(None, "created_at", "id"),
        Index(
            "ix_orders_with_words",
            "state",
            "state_since",
            sqlite_where=text("forgotten_at IS NULL"),
            postgresql_where=text("forgotten_at IS NULL"),
        ),
        Index(None, "updated_at", "id"),  # orders changed since a time, for programs that keep a copy
        {"sqlite_autoincrement": True},
    )

    id: Mapped[int] = mapped_column(Identifier, primary_key=True)  # also the number that people use
    key: Mapped[str] = mapped_column(String(64), unique=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    vehicle_id: Mapped[int | None] = mapped_column(ForeignKey("vehicle.id"))
    owner_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    state: Mapped[OrderState] = mapped_column(code_type(OrderState))
    state_since: Mapped[datetime]
    reason: Mapped[str] = mapped_column(String(300), default="")  # why it waits, was cancelled or was reopened
    expected_on: Mapped[date | None]
    comment: Mapped[str] = mapped_column(String(1000), default="")
    additives: Mapped[Additives] = mapped_column(
        code_type(Additives), default=Additives.UNSAID, server_default=text("''")
    )
    # Three digits with which another person can collect it; and that person's name.
    pickup_code: Mapped[str] = mapped_column(String(3), default="", server_default=text("''"))
    issued_to: Mapped[str] = mapped_column(String(80), default="", server_default=text("''"))
    version: Mapped[int] = mapped_column(default=1)
    created_at: Mapped[datetime]
    updated_at: Mapped[datetime]
    forgotten_at: Mapped[datetime | None]  # since when it has no words of people, and no files

    person: Mapped[Person] = relationship(foreign_keys=[person_id])
    owner: Mapped[Person | None] = relationship(foreign_keys=[owner_id])
    vehicle: Mapped[Vehicle | None] = relationship()
    lines: Mapped[list[OrderLine]] = relationship(back_populates="order", order_by="OrderLine.position")
    events: Mapped[list[Event]] = relationship(back_populates="order", order_by="Event.id")

    @property
    def is_open(self) -> bool:
        return self.state not in CLOSED

    @property
    def is_waiting(self) -> bool:
        return self.state is OrderState.WAITING


class OrderLine(Base):
    """A wanted part, in its words at the time, in all languages. A free-text line has no part and one wording."""

    __tablename__ = "order_line"
    __table_args__ = (
        UniqueConstraint("order_id", "position"),
        CheckConstraint("quantity BETWEEN 1 AND 9999", name="quantity"),
        Index(
            "ix_order_line_expected",
            "expected_on",
            sqlite_where=text("state = 'ordered'"),
            postgresql_where=text("state = 'ordered'"),
        ),
        {"sqlite_autoincrement": True},
    )

    id: Mapped[int] = mapped_column(Identifier, primary_key=True)
    order_id: Mapped[int] = mapped_column(ForeignKey("orders.id"))
    position: Mapped[int]
    part_id: Mapped[int | None] = mapped_column(ForeignKey("part.id"))
    words: Mapped[dict[str, Any]] = mapped_column(Json)  # language -> words; free text: {"": words}
    quantity: Mapped[int]  # in its unit
    unit: Mapped[Unit] = mapped_column(code_type(Unit, length=8), default=Unit.PIECE, server_default=text("'pcs'"))
    # What was said of the part, in the words of whoever ordered it: a side, a viscosity, a size, a brand.
    remark: Mapped[str] = mapped_column(String(300), default="", server_default=text("''"))
    grade: Mapped[Grade] = mapped_column(code_type(Grade))
    state: Mapped[LineState] = mapped_column(code_type(LineState))
    expected_on: Mapped[date | None]
    # The supplier, which only the desk sees; and the reason of a return.
    supplier: Mapped[str] = mapped_column(String(120), default="", server_default=text("''"))
    reason: Mapped[str] = mapped_column(String(300), default="", server_default=text("''"))
    # The proposed substitute, in the desk's words.
    substitute: Mapped[str] = mapped_column(String(200), default="", server_default=text("''"))

    order: Mapped[Order] = relationship(back_populates="lines")
    part: Mapped[Part | None] = relationship()

    @property
    def is_any_grade(self) -> bool:
        return self.grade is Grade.ANY

    @property
    def is_untouched(self) -> bool:
        return self.state is LineState.REQUESTED

    @property
    def is_proposed(self) -> bool:
        """Whether the substitute still waits for the mechanic's answer."""
        return self.state is LineState.SUBSTITUTE_PROPOSED

    @property
    def is_unavailable(self) -> bool:
        return self.state is LineState.UNAVAILABLE


class Via(enum.StrEnum):
    BOT = "bot"
    DESK = "desk"
    API = "api"
    COMMAND = "command"


class Event(Base):
    """An event of an order: who, what, before and after, through which channel. Append-only."""

    __tablename__ = "event"
    __table_args__ = (Index(None, "order_id", "id"), {"sqlite_autoincrement": True})

    id: Mapped[int] = mapped_column(Identifier, primary_key=True)
    order_id: Mapped[int] = mapped_column(ForeignKey("orders.id"))
    kind: Mapped[str] = mapped_column(String(40))
    at: Mapped[datetime]
    actor_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    via: Mapped[Via] = mapped_column(code_type(Via))
    version: Mapped[int]  # the order's version after this event
    arguments: Mapped[dict[str, Any]] = mapped_column(Json)

    order: Mapped[Order] = relationship(back_populates="events")
    actor: Mapped[Person | None] = relationship()


class LastMove(Base):
    """The last move of an order at the desk, for as long as its maker may undo it."""

    __tablename__ = "last_move"
    __table_args__ = (Index(None, "person_id", "until"),)

    order_id: Mapped[int] = mapped_column(ForeignKey("orders.id"), primary_key=True, autoincrement=False)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    event_id: Mapped[int] = mapped_column(ForeignKey("event.id"))
    move: Mapped[str] = mapped_column(String(24))
    version: Mapped[int]  # the order's version after the move: any later change ends the offer
    until: Mapped[datetime]
    was: Mapped[dict[str, Any]] = mapped_column(Json)  # the order before the move


class PageVisit(Base):
    """A person's visit to an order's page: the time of the last look, and until when the page counts as open."""

    __tablename__ = "look"
    __table_args__ = (Index(None, "seen_at"),)

    order_id: Mapped[int] = mapped_column(ForeignKey("orders.id"), primary_key=True, autoincrement=False)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), primary_key=True, autoincrement=False)
    seen_at: Mapped[datetime]
    open_until: Mapped[datetime]

    person: Mapped[Person] = relationship()


class Draft(Base):
    """The order that a person is writing, one per person. Its key becomes the order's; a new draft gets a new key."""

    __tablename__ = "draft"

    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), primary_key=True, autoincrement=False)
    key: Mapped[str] = mapped_column(String(24), unique=True)
    content: Mapped[dict[str, Any]] = mapped_column(Json)
    updated_at: Mapped[datetime]
