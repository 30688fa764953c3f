"""The tables, one module a subject."""

from common.models.audit import AuditEntry
from common.models.base import Base, UtcDateTime
from common.models.catalogue import CatalogueImport, Category, Favourite, Part
from common.models.finding import CarWord, OrderWord, SavedView
from common.models.media import Media, MediaContent, MediaState
from common.models.messages import Card, Chat, Delivery, InboxRow, InboxState, OutboxRow, OutboxState, Screen
from common.models.operation import Bot, Lease, Process, Revision, SchemaFloor
from common.models.orders import (
    Additives,
    Draft,
    Event,
    Grade,
    LineState,
    Order,
    OrderLine,
    OrderState,
    Vehicle,
    Via,
)
from common.models.people import (
    Invitation,
    JoinRequest,
    JoinRequestState,
    Login,
    LoginAttempt,
    LoginLink,
    Person,
    Role,
    StaffSession,
    Way,
)
from common.models.talk import ChangeRequest, ChatMessage, DeskNote, Question, RequestState

__all__ = [
    "Additives",
    "AuditEntry",
    "Base",
    "Bot",
    "CarWord",
    "Card",
    "CatalogueImport",
    "Category",
    "ChangeRequest",
    "Chat",
    "ChatMessage",
    "Delivery",
    "DeskNote",
    "Draft",
    "Event",
    "Favourite",
    "Grade",
    "InboxRow",
    "InboxState",
    "Invitation",
    "JoinRequest",
    "JoinRequestState",
    "Lease",
    "LineState",
    "Login",
    "LoginAttempt",
    "LoginLink",
    "Media",
    "MediaContent",
    "MediaState",
    "Order",
    "OrderLine",
    "OrderState",
    "OrderWord",
    "OutboxRow",
    "OutboxState",
    "Part",
    "Person",
    "Process",
    "Question",
    "RequestState",
    "Revision",
    "Role",
    "SavedView",
    "SchemaFloor",
    "Screen",
    "StaffSession",
    "UtcDateTime",
    "Vehicle",
    "Via",
    "Way",
]
