"""The tables, one module a subject."""

from common.models.base import Base, UtcDateTime
from common.models.catalogue import Category, Part
from common.models.messages import Card, Chat, Delivery, InboxRow, InboxState, OutboxRow, OutboxState, Screen
from common.models.operation import Bot, Lease, Process, Revision, SchemaFloor
from common.models.orders import (
    Draft,
    Event,
    Grade,
    LineState,
    Media,
    MediaState,
    Order,
    OrderLine,
    OrderState,
    Vehicle,
    Via,
)
from common.models.people import Invitation, Login, LoginAttempt, Person, Role, StaffSession

__all__ = [
    "Base",
    "Bot",
    "Card",
    "Category",
    "Chat",
    "Delivery",
    "Draft",
    "Event",
    "Grade",
    "InboxRow",
    "InboxState",
    "Invitation",
    "Lease",
    "LineState",
    "Login",
    "LoginAttempt",
    "Media",
    "MediaState",
    "Order",
    "OrderLine",
    "OrderState",
    "OutboxRow",
    "OutboxState",
    "Part",
    "Person",
    "Process",
    "Revision",
    "Role",
    "SchemaFloor",
    "Screen",
    "StaffSession",
    "UtcDateTime",
    "Vehicle",
    "Via",
]
