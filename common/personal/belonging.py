"""Which rows of each table belong to a person."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from sqlalchemy import ColumnElement, Select, and_, false, or_, select, union
from sqlalchemy.orm import InstrumentedAttribute, Session

from common.database.models import (
    ApiRequest,
    ApiToken,
    AuditEntry,
    Base,
    Card,
    CatalogueImport,
    ChangeRequest,
    Chat,
    ChatMessage,
    Delivery,
    DeskNote,
    Draft,
    Event,
    Favourite,
    InboxRow,
    Invitation,
    JoinRequest,
    KnownBrowser,
    LastMove,
    Login,
    LoginAttempt,
    LoginLink,
    Media,
    MediaContent,
    Order,
    OrderLine,
    OutboxRow,
    PageVisit,
    Person,
    Question,
    SavedView,
    Screen,
    SignIn,
    StaffSession,
    ThrottleCount,
)
from common.signing import digest
from common.throttling import limits
from common.throttling.limits import Kind


@dataclass(frozen=True)
class Subject:
    """The person, and what their rows are found by."""

    person_id: int
    name: str
    telegram_id: int | None
    username: str | None

    @classmethod
    def of(cls, session: Session, person: Person) -> Subject:
        login = session.get(Login, person.id)
        return cls(person.id, person.name, person.telegram_id, login.username if login else None)

    @property
    def lane(self) -> str:
        return f"u:{self.telegram_id}"

    def orders(self) -> Select[int]:
        return select(Order.id).where(Order.person_id == self.person_id)

    def in_chat(self, column: ColumnElement[int] | ColumnElement[int | None]) -> ColumnElement[bool]:
        return false() if self.telegram_id is None else column == self.telegram_id


Which = Callable[[Subject], ColumnElement[bool]]


def messages(who: Subject) -> ColumnElement[bool]:
    """Messages to the person, and all messages about their orders."""
    of_orders = OutboxRow.order_id.in_(who.orders())
    return _any_of(
        OutboxRow.id, OutboxRow.person_id == who.person_id, of_orders, who.in_chat(OutboxRow.__table__.c.chat_id)
    )


def files(who: Subject) -> ColumnElement[bool]:
    """Files that the person sent, and all files of their orders."""
    of_orders = Media.order_id.in_(who.orders())
    return _any_of(Media.id, Media.person_id == who.person_id, of_orders, who.in_chat(Media.__table__.c.chat_id))


def _attempts(who: Subject) -> ColumnElement[bool]:
    """As the program before this one counted them."""
    return LoginAttempt.subject == digest(f"name:{who.username}")


def _counts(who: Subject) -> ColumnElement[bool]:
    """Those of a name and a network together cannot be found by the name; they go within a day."""
    return ThrottleCount.key == limits.CountKey(Kind.PASSWORD_NAME, who.username or "").key


def _audited(who: Subject) -> ColumnElement[bool]:
    links = select(Invitation.id).where(_invitations(who))
    return or_(
        and_(AuditEntry.subject == "person", AuditEntry.subject_id == who.person_id),
        and_(AuditEntry.subject == "invitation", AuditEntry.subject_id.in_(links)),
    )


def _invitations(who: Subject) -> ColumnElement[bool]:
    return or_(Invitation.person_id == who.person_id, Invitation.used_by == who.person_id)


def _talk(who: Subject) -> ColumnElement[bool]:
    """What the person wrote, and all that was written about their orders."""
    return _any_of(ChatMessage.id, ChatMessage.author_id == who.person_id, ChatMessage.order_id.in_(who.orders()))


def _any_of(key: InstrumentedAttribute[int], *conditions: ColumnElement[bool]) -> ColumnElement[bool]:
    """Rows that fulfil a condition, each found along its own index: PostgreSQL reads all of a table for an OR."""
    return key.in_(union(*(select(key).where(condition) for condition in conditions)))


ROWS: dict[type[Base], Which] = {
    Person: lambda who: Person.id == who.person_id,
    Login: lambda who: Login.person_id == who.person_id,
    StaffSession: lambda who: StaffSession.person_id == who.person_id,
    KnownBrowser: lambda who: KnownBrowser.person_id == who.person_id,
    SignIn: lambda who: SignIn.person_id == who.person_id,
    LoginAttempt: _attempts,
    ThrottleCount: _counts,
    LoginLink: lambda who: LoginLink.person_id == who.person_id,
    Invitation: _invitations,
    JoinRequest: lambda who: who.in_chat(JoinRequest.__table__.c.telegram_id),
    ApiToken: lambda who: ApiToken.person_id == who.person_id,
    ApiRequest: lambda who: ApiRequest.token_id.in_(select(ApiToken.id).where(ApiToken.person_id == who.person_id)),
    AuditEntry: _audited,
    Favourite: lambda who: Favourite.person_id == who.person_id,
    SavedView: lambda who: and_(SavedView.owner_id == who.person_id, SavedView.shared.is_(False)),
    CatalogueImport: lambda who: CatalogueImport.person_id == who.person_id,
    PageVisit: lambda who: PageVisit.person_id == who.person_id,
    LastMove: lambda who: LastMove.person_id == who.person_id,
    Draft: lambda who: Draft.person_id == who.person_id,
    Order: lambda who: Order.person_id == who.person_id,
    OrderLine: lambda who: OrderLine.order_id.in_(who.orders()),
    Event: lambda who: Event.order_id.in_(who.orders()),
    Question: lambda who: Question.order_id.in_(who.orders()),
    ChangeRequest: lambda who: ChangeRequest.order_id.in_(who.orders()),
    ChatMessage: _talk,
    DeskNote: lambda who: DeskNote.order_id.in_(who.orders()),
    Media: files,
    MediaContent: lambda who: MediaContent.digest.in_(select(Media.digest).where(files(who))),
    OutboxRow: messages,
    Delivery: lambda who: Delivery.outbox_id.in_(select(OutboxRow.id).where(messages(who))),
    InboxRow: lambda who: InboxRow.lane == who.lane,
    Chat: lambda who: who.in_chat(Chat.__table__.c.chat_id),
    Screen: lambda who: who.in_chat(Screen.__table__.c.chat_id),
    Card: lambda who: who.in_chat(Card.__table__.c.chat_id),
}
